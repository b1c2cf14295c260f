//! The released versions that an environment may have, and those that it has.

use super::draft::Draft;
use super::plan_input::PlanInput;
use super::{
    Evidence, LiveProduct, LiveVersion, Options, Product, Version, VersionStatus, evidence,
};
use crate::product::VersionName;
use std::collections::{BTreeMap, BTreeSet};

/// The live version of each released version. `None` when they contradict each other.
pub(super) fn live_versions<'a>(
    product: &Product,
    live: Option<&'a LiveProduct>,
    draft: &mut Draft,
) -> Option<BTreeMap<VersionName, &'a LiveVersion>> {
    let mut found = BTreeMap::new();
    let mut is_clear = true;
    let Some(live) = live else {
        return Some(found);
    };
    for version in &product.versions {
        let named: Vec<&LiveVersion> = live
            .versions
            .iter()
            .filter(|one| one.name == version.name.to_string())
            .collect();
        let on = format!("version {} {}", product.key, version.name);
        match named.as_slice() {
            [] => {}
            [one] => match problem(version, one) {
                None => {
                    found.insert(version.name, *one);
                }
                Some((message, hint)) => {
                    is_clear = false;
                    draft.block(&on, message, hint);
                }
            },
            several => {
                is_clear = false;
                let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
                draft.block(
                    &on,
                    format!(
                        "{} has several versions of this name: {}",
                        live.id,
                        ids.join(", ")
                    ),
                    "rename or delete the one that nothing runs on",
                );
            }
        }
    }
    is_clear.then_some(found)
}

fn problem(version: &Version, live: &LiveVersion) -> Option<(String, String)> {
    if live.status == VersionStatus::Failed {
        return Some((
            format!("Service Catalog failed to create {}", live.id),
            format!(
                "look at it in the console; then delete {} and publish again",
                live.id
            ),
        ));
    }
    match evidence(version, live) {
        Evidence::Body | Evidence::Description => None,
        Evidence::OtherBody(digest) => Some((
            format!(
                "{} has another body: {digest}, the ledger says {}",
                live.id, version.digest
            ),
            "a released version never changes: find out who made this one, rename or delete it"
                .to_owned(),
        )),
        Evidence::None(why) => Some((
            format!(
                "nothing proves that {} is the released version: {why}",
                live.id
            ),
            "allow this identity to read the version's template, or rename that version".to_owned(),
        )),
    }
}

/// The released versions that this environment may have: none that is barred.
pub(super) fn candidates(
    known: &PlanInput<'_>,
    product: &Product,
    versions: &BTreeMap<VersionName, &LiveVersion>,
    options: Options,
    draft: &mut Draft,
) -> BTreeSet<VersionName> {
    let promotion = known.desired.promotion.as_ref().filter(|_| !options.insist);
    let mut candidates = BTreeSet::new();
    for version in product
        .versions
        .iter()
        .filter(|version| version.barred.is_none())
    {
        let waits_for = promotion.filter(|promotion| {
            !versions.contains_key(&version.name)
                && !promotion
                    .verified
                    .get(&product.key)
                    .is_some_and(|digests| digests.contains(&version.digest))
        });
        match waits_for {
            None => {
                candidates.insert(version.name);
            }
            Some(promotion) => draft.notes.push(format!(
                "{} {} waits: {} has not published and verified it (`--insist` publishes it all the same)",
                product.key, version.name, promotion.from
            )),
        }
    }
    candidates
}
