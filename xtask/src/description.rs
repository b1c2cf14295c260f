//! What people read of a version: why it was made, and what an update to it does.

use crate::running::RunningVersions;
use compute_catalog::change::{Accounts, Verdict};
use compute_catalog::release::{Ledger, Origin};

/// The ledger as people read it: what an update to each version of ours does, said as it is known
/// today. The ledger itself keeps what was said when the version was made.
pub fn described(ledger: &Ledger, versions: &RunningVersions, accounts: &Accounts) -> Ledger {
    let mut described = ledger.clone();
    let running = versions.running();
    for version in &mut described.versions {
        // Nobody is offered a barred one: what was said of it stays.
        let is_barred = ledger.barred(version.name).is_some();
        let Origin::Released { note, impact, .. } = &mut version.origin else {
            continue;
        };
        let template = versions.template(version.name);
        let Some(template) = template.filter(|_| !is_barred) else {
            continue;
        };
        let before: Vec<_> = running
            .iter()
            .filter(|one| one.name < version.name)
            .copied()
            .collect();
        let verdict = Verdict::of(&before, template, accounts);
        version.description = describe(note, &verdict);
        impact.clone_from(&verdict.reasons);
    }
    described
}

/// What Service Catalog shows of a version: why it was made, and what an update to it does.
pub(crate) fn describe(note: &str, verdict: &Verdict) -> String {
    let note = note.trim();
    let end = if note.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{note}{end} {}", verdict.sentence)
}
