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
    /// Nobody should get it any more: closed at once, and hidden as soon as nothing runs on it.
    Withdrawn,
}

/// The availability of each version, with the newest offered one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Availabilities {
    /// By version.
    pub by_version: BTreeMap<VersionName, Availability>,
    /// The version that people should take: the newest that isn't withdrawn.
    pub newest: Option<VersionName>,
}

/// Ranks versions. The newest are offered; for one of them that is withdrawn, the next that is live
/// takes its place: a version that the account never had is not opened for want of a better one.
pub fn availabilities(
    versions: impl IntoIterator<Item = VersionName>,
    live: &BTreeSet<VersionName>,
    withdrawn: &BTreeSet<VersionName>,
    retention: VersionRetention,
) -> Availabilities {
    let all: BTreeSet<VersionName> = versions.into_iter().collect();
    let newest_first: Vec<VersionName> = all.into_iter().rev().collect();
    let (first, rest) = newest_first.split_at(retention.offered.max(1).min(newest_first.len()));
    let is_good = |name: &&VersionName| !withdrawn.contains(name);
    let mut offered: BTreeSet<VersionName> = first.iter().filter(is_good).copied().collect();
    let freed = first.len() - offered.len();
    let is_live = |name: &&VersionName| live.contains(name);
    let instead = rest.iter().filter(is_good).filter(is_live).take(freed);
    offered.extend(instead);
    let keep = retention
        .active
        .map_or(usize::MAX, |active| active.max(retention.offered));
    let availability = |(rank, name): (usize, &VersionName)| {
        let availability = if withdrawn.contains(name) {
            Availability::Withdrawn
        } else if offered.contains(name) {
            Availability::Offered
        } else if rank < keep {
            Availability::Deprecated
        } else {
            Availability::Retired
        };
        (*name, availability)
    };
    let by_version = newest_first.iter().enumerate().map(availability).collect();
    Availabilities {
        by_version,
        newest: offered.last().copied(),
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
        let availabilities = availabilities(all, &all.into(), &withdrawn, retention);
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
                of("v2.10.0", Availability::Withdrawn)
            ]
        );
    }

    #[test]
    fn a_version_that_the_account_never_had_takes_no_withdrawn_ones_place() {
        let all = ["v2.0.0", "v2.1.0", "v3.0.0", "v3.0.1"].map(name);
        let live = ["v2.0.0", "v2.1.0", "v3.0.1"].map(name).into();
        let withdrawn = [name("v3.0.1")].into();
        let retention = VersionRetention::default();
        let after = availabilities(all, &live, &withdrawn, retention);
        assert_eq!(after.newest, Some(name("v2.1.0")));
        assert_eq!(after.by_version[&name("v3.0.0")], Availability::Deprecated);
        // A newer release needs no permission.
        let fixed = all.into_iter().chain([name("v3.0.2")]);
        let after = availabilities(fixed, &live, &withdrawn, retention);
        assert_eq!(after.newest, Some(name("v3.0.2")));
    }
}
