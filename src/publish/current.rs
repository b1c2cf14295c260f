//! The version of a product that people get.

use super::{Availability, Desired, Observed, Ownership, availabilities, live_version, ownership};
use crate::product::{Key, VersionName};
use std::collections::BTreeSet;

/// The newest version that can be launched, as the account stands.
pub fn current(desired: &Desired, observed: &Observed, key: &Key) -> Option<VersionName> {
    let product = desired.find(key)?;
    let Ownership::Ours(live) = ownership(desired, product, observed) else {
        return None;
    };
    let names: BTreeSet<VersionName> = product
        .versions
        .iter()
        .filter(|version| version.barred.is_none())
        .filter(|version| live_version(product, live, version).is_some())
        .map(|version| version.name)
        .collect();
    let withdrawn = live.withdrawn().into_keys().collect();
    let availabilities =
        availabilities(names.iter().copied(), &names, &withdrawn, product.retention);
    availabilities
        .newest
        .filter(|name| availabilities.by_version.get(name) == Some(&Availability::Offered))
}
