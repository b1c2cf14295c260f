//! The released versions that an environment may have, and those that it has.

use super::draft::Draft;
use super::plan_input::PlanInput;
use super::{
    Body, Evidence, LiveProduct, LiveVersion, Product, Scope, Subject, Version, VersionStatus,
    evidence, is_known, is_marked, live_version,
};
use crate::product::VersionName;
use std::collections::{BTreeMap, BTreeSet};

/// The live version of each released version. `None` when they contradict each other.
pub(super) fn live_versions<'a>(
    known: &PlanInput<'_>,
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
        let name = version.name.to_string();
        let named: Vec<&str> = live
            .versions
            .iter()
            .filter(|one| one.name == name)
            .map(|one| one.id.as_str())
            .collect();
        let on = Subject::Version(product.key.clone(), version.name);
        if named.len() > 1 {
            is_clear = false;
            draft.block(
                on,
                format!(
                    "{} has several versions of this name: {}",
                    live.id,
                    named.join(", ")
                ),
                "rename the one that isn't ours; delete it only when nothing runs on it",
            );
            continue;
        }
        let Some(one) = live_version(product, live, version) else {
            continue;
        };
        match problem(known, version, one) {
            None => {
                found.insert(version.name, one);
            }
            Some((message, hint)) => {
                is_clear = false;
                draft.block(on, message, hint);
            }
        }
    }
    // Whoever has released it knows better what people should get than this checkout does.
    for other in &live.versions {
        if is_known(product, live, other).is_none() && is_marked(&other.description) {
            is_clear = false;
            draft.block(
                Subject::Product(product.key.clone()),
                format!(
                    "the account has {} ({}), released from another revision: this checkout doesn't know it",
                    other.name, other.id
                ),
                "check out the newest revision, which has it in products/…/history/versions.yaml, and plan again",
            );
        }
    }
    is_clear.then_some(found)
}

fn problem(
    known: &PlanInput<'_>,
    version: &Version,
    live: &LiveVersion,
) -> Option<(String, String)> {
    if live.status == VersionStatus::Failed {
        return Some((
            format!("Service Catalog failed to create {}", live.id),
            format!(
                "look at it in the console; then delete {} and publish again",
                live.id
            ),
        ));
    }
    let template = known.observed.templates.get(&version.object);
    let is_overwritten = template
        .is_some_and(|one| matches!(&one.body, Body::Read(digest) if *digest != version.digest));
    match evidence(&version.digest, live) {
        Evidence::Body | Evidence::Description => None,
        // The object behind it is put back; the version itself keeps the template it was made of.
        Evidence::OtherBody(_) if is_overwritten && is_marked(&live.description) => None,
        Evidence::OtherBody(digest) => Some((
            format!(
                "{} has another body: {digest}, the ledger says {}",
                live.id, version.digest
            ),
            "a released version never changes: find out who made this one and rename it; delete it only when nothing runs on it"
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
    draft: &mut Draft,
) -> BTreeSet<VersionName> {
    if known.goal.scope == Scope::Withdrawals {
        let names = versions.keys().copied();
        let is_barred = |name: &VersionName| {
            let version = product.version(*name);
            version.is_some_and(|version| version.barred.is_some())
        };
        return names.filter(|name| !is_barred(name)).collect();
    }
    let promotion = known
        .desired
        .promotion
        .as_ref()
        .filter(|_| !known.options.insist);
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
