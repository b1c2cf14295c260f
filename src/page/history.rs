//! The versions of a product, as those who run it read them.

use crate::release::{Ledger, Origin};
use serde::Serialize;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionLine {
    /// Its name.
    pub name: String,
    /// What Service Catalog shows of it.
    pub description: String,
    /// What an update to it does to running products, worst first.
    pub impact: Vec<String>,
    /// Whether it was published before this catalog.
    pub is_adopted: bool,
    /// Where an legacy version is published.
    pub environments: String,
}

/// The versions, newest first.
pub(super) fn history(ledger: &Ledger) -> Vec<VersionLine> {
    let mut versions: Vec<_> = ledger.versions.iter().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.name));
    versions
        .into_iter()
        .map(|version| {
            let (impact, is_adopted, environments) = match &version.origin {
                Origin::Released { impact, .. } => {
                    let told = ledger.barred(version.name).map_or_else(
                        || impact.clone(),
                        |reason| vec![format!("Nobody can launch it or update to it: {reason}")],
                    );
                    (told, false, Vec::new())
                }
                Origin::Legacy { environments, .. } => (Vec::new(), true, environments.clone()),
            };
            let environments: Vec<&str> = environments.iter().map(|key| key.as_str()).collect();
            VersionLine {
                name: version.name.to_string(),
                description: version.description.clone(),
                impact,
                is_adopted,
                environments: environments.join(", "),
            }
        })
        .collect()
}
