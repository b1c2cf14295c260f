//! What people read of a version: why it was made, and what an update to it does.

use compute_catalog::change::{Verdict, VersionUpdates};
use compute_catalog::product::VersionName;
use compute_catalog::release::{Ledger, Origin};
use std::collections::BTreeMap;

/// A ledger as people read it.
pub struct Described {
    /// The ledger, with what an update to each version of ours does.
    pub ledger: Ledger,
    /// By version, the parameters that no longer take values which products of versions before it have.
    pub narrowed: BTreeMap<VersionName, Vec<String>>,
}

/// The ledger as people read it: what an update to each version of ours does, said as it is known
/// today. The ledger itself keeps what was said when the version was made.
pub fn described(ledger: &Ledger, updates: &mut VersionUpdates<'_>) -> Described {
    let mut described = Described {
        ledger: ledger.clone(),
        narrowed: BTreeMap::new(),
    };
    for version in &mut described.ledger.versions {
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
            let narrowed = verdict.narrowed().into_iter().map(str::to_owned);
            described.narrowed.insert(version.name, narrowed.collect());
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
