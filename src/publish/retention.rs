//! Which versions may be launched, which are only for what runs on them, and which are hidden.
//!
//! Service Catalog knows two switches: guidance `DEPRECATED` stops new launches and lets running
//! products stay or update; an inactive version is hidden and no update can target it.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_UpdateProvisioningArtifact.html>

use crate::environment::VersionRetention;
use crate::product::VersionName;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a version of ours should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Availability {
    /// Active, guidance `DEFAULT`.
    Offered,
    /// Active, guidance `DEPRECATED`.
    Deprecated,
    /// Hidden as soon as nothing runs on it.
    Retired,
}

/// The availability of each version, with the newest offered one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Availabilities {
    /// By version.
    pub by_version: BTreeMap<VersionName, Availability>,
    /// The version that people should take: the newest that isn't withdrawn.
    pub newest: Option<VersionName>,
}

/// Ranks versions: the newest that aren't withdrawn are offered, then come the deprecated ones.
pub fn availabilities(
    versions: impl IntoIterator<Item = VersionName>,
    withdrawn: &BTreeSet<VersionName>,
    retention: VersionRetention,
) -> Availabilities {
    let all: BTreeSet<VersionName> = versions.into_iter().collect();
    let good: Vec<VersionName> = all
        .iter()
        .rev()
        .filter(|name| !withdrawn.contains(name))
        .copied()
        .collect();
    let offered: BTreeSet<VersionName> = good
        .iter()
        .take(retention.offered.max(1))
        .copied()
        .collect();
    let keep = retention
        .active
        .map_or(usize::MAX, |active| active.max(retention.offered));
    let by_version = all
        .iter()
        .rev()
        .enumerate()
        .map(|(rank, name)| {
            let availability = if offered.contains(name) {
                Availability::Offered
            } else if rank < keep {
                Availability::Deprecated
            } else {
                Availability::Retired
            };
            (*name, availability)
        })
        .collect();
    Availabilities {
        by_version,
        newest: good.first().copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> VersionName {
        text.parse().unwrap()
    }

    fn ranked(withdrawn: &[&str], retention: VersionRetention) -> Vec<(String, Availability)> {
        let withdrawn = withdrawn.iter().map(|text| name(text)).collect();
        let all = ["v2.0.0", "v2.9.0", "v2.10.0"].map(name);
        let availabilities = availabilities(all, &withdrawn, retention);
        availabilities
            .by_version
            .into_iter()
            .map(|(name, availability)| (name.to_string(), availability))
            .collect()
    }

    fn of(name: &str, availability: Availability) -> (String, Availability) {
        (name.to_owned(), availability)
    }

    #[test]
    fn the_newest_is_offered_and_the_rest_deprecated() {
        assert_eq!(
            ranked(&[], VersionRetention::default()),
            [
                of("v2.0.0", Availability::Deprecated),
                of("v2.9.0", Availability::Deprecated),
                of("v2.10.0", Availability::Offered)
            ]
        );
    }

    #[test]
    fn a_withdrawn_version_gives_its_place_to_the_one_before() {
        let retention = VersionRetention {
            offered: 1,
            active: Some(2),
        };
        assert_eq!(
            ranked(&["v2.10.0"], retention),
            [
                of("v2.0.0", Availability::Retired),
                of("v2.9.0", Availability::Offered),
                of("v2.10.0", Availability::Deprecated)
            ]
        );
    }
}
