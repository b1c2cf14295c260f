//! Versions that nobody shall launch or update to.

use crate::values::{desired, empty, key, published};
use compute_catalog::product::VersionName;
use compute_catalog::publish::{
    Action, Desired, Guidance, Observed, Options, Plan, WITHDRAWN_TAG, plan, rollback,
    undo_rollback,
};

const WHY: &str = "Batch finds no role of that name";

/// These versions, of which those at the end of the name with `!` are barred.
fn with_barred(versions: &[&str]) -> Desired {
    let names: Vec<&str> = versions
        .iter()
        .map(|name| name.trim_end_matches('!'))
        .collect();
    let mut desired = desired(&names);
    let product = &mut desired.products[0];
    for (version, name) in product.versions.iter_mut().zip(versions) {
        version.barred = name.ends_with('!').then(|| WHY.to_owned());
    }
    desired
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

fn set(
    observed: &mut Observed,
    version: &str,
    change: impl FnOnce(&mut Guidance, &mut bool, &mut Option<u64>),
) {
    let product = observed.products.get_mut("prod-one").unwrap();
    let mut versions = product.versions.iter_mut();
    let live = versions.find(|live| live.name == version).unwrap();
    change(&mut live.guidance, &mut live.active, &mut live.in_use);
}

fn withdraw(observed: &mut Observed, versions: &str) {
    let product = observed.products.get_mut("prod-one").unwrap();
    let tag = (WITHDRAWN_TAG.to_owned(), versions.to_owned());
    product.tags.extend([tag]);
}

fn name(text: &str) -> VersionName {
    text.parse().unwrap()
}

#[test]
fn a_barred_version_is_never_published() {
    let plan = plan(
        &with_barred(&["v2.0.0!", "v2.0.1"]),
        &empty(),
        Options::default(),
    );
    assert!(!ids(&plan).is_empty());
    let of_barred = ids(&plan).into_iter().filter(|id| id.contains("v2.0.0"));
    assert_eq!(of_barred.count(), 0, "{:?}", ids(&plan));
}

#[test]
fn a_product_whose_only_version_is_barred_stays_unpublished() {
    let plan = plan(&with_barred(&["v2.0.0!"]), &empty(), Options::default());
    assert_eq!(ids(&plan), [""; 0]);
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("notebook is not published"))
    );
}

#[test]
fn a_live_barred_version_is_hidden_whatever_runs_on_it() {
    let open = desired(&["v2.0.0", "v2.0.1"]);
    let mut observed = published(&open);
    set(&mut observed, "v2.0.1", |_, _, in_use| *in_use = Some(3));
    let barred = with_barred(&["v2.0.0", "v2.0.1!"]);
    let planned = plan(&barred, &observed, Options::default());
    let hide = planned
        .steps
        .iter()
        .find(|step| step.id == "set-active/notebook/v2.0.1");
    let hide = hide.unwrap_or_else(|| panic!("{:?}", ids(&planned)));
    assert_eq!(
        hide.action,
        Action::SetActive {
            product: key("notebook"),
            version: name("v2.0.1"),
            active: false,
        }
    );
    assert_eq!(hide.reason, format!("it is barred: {WHY}"));
    assert!(
        hide.impact[0].contains("3 provisioned products"),
        "{:?}",
        hide.impact
    );
    // The version before it is what people get.
    let offer = "offer-version/notebook/v2.0.0".to_owned();
    assert!(hide.depends_on.contains(&offer), "{:?}", hide.depends_on);

    // Once done, there is nothing to do.
    set(&mut observed, "v2.0.1", |_, active, _| *active = false);
    set(&mut observed, "v2.0.0", |guidance, _, _| {
        *guidance = Guidance::Default
    });
    assert_eq!(ids(&plan(&barred, &observed, Options::default())), [""; 0]);
}

#[test]
fn a_rollback_goes_past_a_barred_version() {
    let versions = ["v2.0.0", "v2.0.1!", "v2.1.0"];
    let observed = published(&desired(&["v2.0.0", "v2.0.1", "v2.1.0"]));
    let plan = rollback(&with_barred(&versions), &observed, &key("notebook")).unwrap();
    let offered: Vec<&str> = ids(&plan)
        .into_iter()
        .filter(|id| id.starts_with("offer"))
        .collect();
    assert_eq!(offered, ["offer-version/notebook/v2.0.0"]);
}

#[test]
fn there_is_no_way_back_to_a_barred_version() {
    let desired = with_barred(&["v2.0.0!", "v2.0.1"]);
    let observed = published(&desired);
    let refusal = rollback(&desired, &observed, &key("notebook")).unwrap_err();
    assert!(
        refusal.message.contains("no earlier version"),
        "{refusal:?}"
    );
}

#[test]
fn the_withdrawal_of_a_barred_version_stays() {
    let desired = with_barred(&["v2.0.0", "v2.0.1!", "v2.1.0"]);
    let mut observed = published(&desired);
    withdraw(&mut observed, "v2.0.1");
    let refusal = undo_rollback(&desired, &observed, &key("notebook")).unwrap_err();
    assert_eq!(refusal.message, format!("it is barred: {WHY}"));
    withdraw(&mut observed, "v2.0.1 v2.1.0");
    set(&mut observed, "v2.1.0", |guidance, _, _| {
        *guidance = Guidance::Deprecated;
    });
    let plan = undo_rollback(&desired, &observed, &key("notebook")).unwrap();
    let Action::UpdateProduct { tags, .. } = &plan.steps[0].action else {
        panic!("{:?}", plan.steps[0]);
    };
    assert_eq!(tags[WITHDRAWN_TAG], "v2.0.1");
    assert!(
        ids(&plan).contains(&"offer-version/notebook/v2.1.0"),
        "{:?}",
        ids(&plan)
    );
    assert!(!ids(&plan).contains(&"offer-version/notebook/v2.0.1"));
}
