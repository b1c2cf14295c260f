//! Going back to the version before: the newest is withdrawn, and stays withdrawn.
//!
//! A tag on the product remembers it, so that the next publish doesn't open the version again; a
//! newer release needs no permission.

use super::{
    Action, Availability, Blocker, Desired, Guidance, LiveProduct, Observed, Options, Ownership,
    Plan, Step, WITHDRAWN_TAG, availabilities, ownership, plan,
};
use crate::product::{Key, VersionName};
use std::collections::{BTreeMap, BTreeSet};

/// The plan that withdraws a product's newest version. A rollback that was cut off is finished, not
/// repeated.
///
/// # Errors
/// The product isn't there, or has no earlier version of ours.
pub fn rollback(desired: &Desired, observed: &Observed, key: &Key) -> Result<Plan, Blocker> {
    let live = find(desired, observed, key)?;
    let mut withdrawn = live.withdrawn();
    let is_open = |name: &VersionName| {
        live.versions.iter().any(|one| {
            one.name == name.to_string() && one.active && one.guidance == Guidance::Default
        })
    };
    if withdrawn.iter().any(is_open) {
        return Ok(only(desired, observed, key));
    }
    let good: Vec<VersionName> = released(desired, live, key)
        .into_iter()
        .filter(|name| !withdrawn.contains(name))
        .collect();
    let (Some(newest), Some(_)) = (good.last(), good.iter().rev().nth(1)) else {
        return Err(Blocker {
            on: format!("product {key}"),
            message: "the account has no earlier version of ours to go back to".to_owned(),
            hint: "release a new version that does what the old one did".to_owned(),
        });
    };
    withdrawn.insert(*newest);
    Ok(tagged(
        desired,
        observed,
        live,
        key,
        &withdrawn,
        format!("withdraw {key} {newest}"),
    ))
}

/// The plan that takes back every rollback of a product.
///
/// # Errors
/// The product isn't there, or nothing of it is withdrawn.
pub fn undo_rollback(desired: &Desired, observed: &Observed, key: &Key) -> Result<Plan, Blocker> {
    let live = find(desired, observed, key)?;
    if live.withdrawn().is_empty() {
        return Err(Blocker {
            on: format!("product {key}"),
            message: "no version of it is withdrawn".to_owned(),
            hint: "there is nothing to undo".to_owned(),
        });
    }
    let versions = desired
        .find(key)
        .into_iter()
        .flat_map(|product| &product.versions);
    let barred: Vec<_> = versions
        .filter(|version| live.withdrawn().contains(&version.name))
        .filter_map(|version| Some((version.name, version.barred.as_ref()?)))
        .collect();
    if let Some((name, reason)) = barred.first()
        && barred.len() == live.withdrawn().len()
    {
        return Err(Blocker {
            on: format!("version {key} {name}"),
            message: format!("it is barred: {reason}"),
            hint: "release a new version, and publish it".to_owned(),
        });
    }
    let still = barred.iter().map(|(name, _)| *name).collect();
    let what = format!("give the withdrawn versions of {key} back");
    Ok(tagged(desired, observed, live, key, &still, what))
}

/// The plan of one product, and nothing else.
pub fn only(desired: &Desired, observed: &Observed, key: &Key) -> Plan {
    let mut plan = plan(desired, observed, Options::default());
    plan.steps
        .retain(|step| step.id.split('/').nth(1) == Some(key.as_str()) && !is_stack(step));
    let ids: BTreeSet<String> = plan.steps.iter().map(|step| step.id.clone()).collect();
    for step in &mut plan.steps {
        step.depends_on.retain(|id| ids.contains(id));
    }
    let on = format!("product {key}");
    let versions = format!("version {key} ");
    plan.blockers
        .retain(|blocker| blocker.on == on || blocker.on.starts_with(&versions));
    plan.notes.clear();
    plan
}

fn is_stack(step: &Step) -> bool {
    matches!(
        step.action,
        Action::DeployStack { .. }
            | Action::DeployStackSet { .. }
            | Action::Share { .. }
            | Action::CreateBucket { .. }
    )
}

fn find<'a>(
    desired: &Desired,
    observed: &'a Observed,
    key: &Key,
) -> Result<&'a LiveProduct, Blocker> {
    let absent = |message: &str, hint: &str| Blocker {
        on: format!("product {key}"),
        message: message.to_owned(),
        hint: hint.to_owned(),
    };
    let product = desired.find(key).ok_or_else(|| {
        absent(
            "the catalog doesn't have it",
            "name a folder under products/",
        )
    })?;
    match ownership(desired, product, observed) {
        Ownership::Ours(live) => Ok(live),
        Ownership::Absent => Err(absent("the account doesn't have it", "publish it first")),
        Ownership::Unclear(mut blockers) => Err(blockers
            .pop()
            .unwrap_or_else(|| absent("it can't be told", "see the plan"))),
    }
}

/// The released versions that the account has and people may get, oldest first.
fn released(desired: &Desired, live: &LiveProduct, key: &Key) -> Vec<VersionName> {
    let mut names: Vec<VersionName> = desired
        .find(key)
        .into_iter()
        .flat_map(|product| &product.versions)
        .filter(|version| version.barred.is_none())
        .map(|version| version.name)
        .filter(|name| live.versions.iter().any(|one| one.name == name.to_string()))
        .collect();
    names.sort();
    names
}

/// The tag first, then what follows from it: cut off in between, the next publish finishes it.
fn tagged(
    desired: &Desired,
    observed: &Observed,
    live: &LiveProduct,
    key: &Key,
    withdrawn: &BTreeSet<VersionName>,
    what: String,
) -> Plan {
    let names: Vec<String> = withdrawn.iter().map(ToString::to_string).collect();
    let mut after = observed.clone();
    let (tags, untag) = if names.is_empty() {
        (BTreeMap::new(), vec![WITHDRAWN_TAG.to_owned()])
    } else {
        let tag = (WITHDRAWN_TAG.to_owned(), names.join(" "));
        (BTreeMap::from([tag]), Vec::new())
    };
    if let Some(live) = after.products.get_mut(&live.id) {
        live.tags.remove(WITHDRAWN_TAG);
        live.tags.extend(tags.clone());
    }
    let mut plan = Plan {
        observed: super::Fingerprint::of(desired, observed),
        ..only(desired, &after, key)
    };
    let id = format!("withdraw-version/{key}");
    for step in &mut plan.steps {
        step.depends_on.push(id.clone());
    }
    let step = Step {
        id,
        what,
        reason: "somebody asked for it".to_owned(),
        impact: vec!["running products stay as they are".to_owned()],
        depends_on: Vec::new(),
        action: Action::UpdateProduct {
            product: key.clone(),
            texts: live.texts.clone(),
            tags,
            untag,
        },
    };
    plan.steps.insert(0, step);
    plan
}

/// The version of a product that people get.
pub fn current(desired: &Desired, observed: &Observed, key: &Key) -> Option<VersionName> {
    let product = desired.find(key)?;
    let live = find(desired, observed, key).ok()?;
    let names = released(desired, live, key);
    let availabilities = availabilities(names, &live.withdrawn(), product.retention);
    availabilities
        .newest
        .filter(|name| availabilities.by_version.get(name) == Some(&Availability::Offered))
}
