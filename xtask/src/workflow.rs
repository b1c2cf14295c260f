//! The GitHub Actions workflow: check, the difference as a comment, and for each environment a
//! plan and its publication after approval, in the order of promotion.

use crate::generated::COMMAND;
use compute_catalog::environment::Environments;
use compute_catalog::product::Key;
use std::fmt::Write as _;

/// Where GitHub looks for it.
pub const PATH: &str = ".github/workflows/catalog.yaml";

/// What is the same whatever the environments.
const HEAD: &str = include_str!("workflow/head.yaml");

/// The jobs of one environment.
const ENVIRONMENT: &str = include_str!("workflow/environment.yaml");

/// The step that brings what another environment has proven.
const PROOF: &str = include_str!("workflow/proof.yaml");

/// The workflow of these environments; the local one has no jobs.
pub fn workflow(environments: &Environments) -> String {
    let mut text =
        format!("# Generated from portfolios/environments by `{COMMAND}`. Do not edit.\n");
    text.push_str(HEAD);
    for key in in_order(environments) {
        let Some(environment) = environments.by_key.get(key) else {
            continue;
        };
        let needs = match &environment.promotes_from {
            Some(from) => format!("check, publish-{}", from.value),
            None => "check, lint, browser".to_owned(),
        };
        // Each job has the credentials of one account: what another has proven comes as a file.
        let (proof, by_proof) = match &environment.promotes_from {
            Some(from) => (
                PROOF.replace("@FROM@", from.value.as_str()),
                " --proof target/proof/proof.json",
            ),
            None => (String::new(), ""),
        };
        let variable = key.as_str().replace('-', "_").to_uppercase();
        let jobs = ENVIRONMENT
            .replace("@PROOF@", &proof)
            .replace("@BY_PROOF@", by_proof)
            .replace("@ENVIRONMENT@", key.as_str())
            .replace("@NEEDS@", &needs)
            .replace("@REGION@", &environment.region)
            .replace("@VARIABLE@", &variable);
        let _ = write!(text, "{jobs}");
    }
    text
}

/// The environments in AWS, each after the one whose versions it takes.
fn in_order(environments: &Environments) -> Vec<&Key> {
    let mut waiting: Vec<&Key> = environments
        .by_key
        .iter()
        .filter(|(_, environment)| !environment.local)
        .map(|(key, _)| key)
        .collect();
    let mut ordered: Vec<&Key> = Vec::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|key| {
            let from = environments
                .by_key
                .get(*key)
                .and_then(|one| one.promotes_from.as_ref());
            from.is_none_or(|from| !waiting.contains(&&from.value))
        });
        // Environments that promote in a circle keep the order of their keys.
        ordered.push(waiting.remove(ready.unwrap_or(0)));
    }
    ordered
}
