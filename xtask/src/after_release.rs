//! What a person does after a release, whatever the product is made of.

use compute_catalog::environment::Environments;
use compute_catalog::product::Key;

/// The next step: the account that comes first is the one that nothing is promoted to.
pub fn next_step(product: &Key, environments: &Environments) -> String {
    let mut all = environments.by_key.iter();
    let first =
        all.find(|(_, environment)| !environment.local && environment.promotes_from.is_none());
    let environment = first.map_or_else(String::new, |(key, _)| format!(" --env {key}"));
    format!(
        "next: commit products/{product}/history and generated/, have them reviewed, then `cargo xtask plan{environment}` and `cargo xtask publish{environment}`\n"
    )
}
