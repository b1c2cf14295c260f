//! What people read of a version: why it was made, and what an update to it does.

use compute_catalog::change::{Verdict, VersionUpdates};
use compute_catalog::release::{Ledger, Origin};

/// The ledger as people read it: what an update to each version of ours does, said as it is known
/// today. The ledger itself keeps what was said when the version was made.
pub fn described(ledger: &Ledger, updates: &mut VersionUpdates<'_>) -> Ledger {
    let mut described = ledger.clone();
    for version in &mut described.versions {
        // Nobody is offered a barred one: what was said of it stays.
        let is_barred = ledger.barred(version.name).is_some();
        let Origin::Released { note, impact, .. } = &mut version.origin else {
            continue;
        };
        let verdict = (!is_barred)
            .then(|| updates.verdict(version.name))
            .flatten();
        if let Some(verdict) = verdict {
            version.description = describe(note, &verdict);
            impact.clone_from(&verdict.reasons);
        }
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
