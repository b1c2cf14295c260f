//! Versions that nobody shall launch or update to.

use crate::values::{desired, empty, key, published};
use compute_catalog::product::VersionName;
use compute_catalog::publish::{
    Action, Blocker, Desired, Guidance, Observed, Options, Plan, Request, WITHDRAWN_TAG, plan,
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

fn ids(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.id.to_string()).collect()
}

fn asked(request: &Request, desired: &Desired, observed: &Observed) -> Result<Plan, Blocker> {
    let goal = request.goal(desired, observed, None)?;
    Ok(goal.plan(desired, observed, Options::default()))
}

fn rollback(desired: &Desired, observed: &Observed) -> Result<Plan, Blocker> {
    asked(&Request::Rollback(key("notebook")), desired, observed)
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
    let names = versions.split(' ');
    let tags = names.map(|name| (format!("{WITHDRAWN_TAG}{name}"), "why".to_owned()));
    product.tags.extend(tags);
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
    assert_eq!(ids(&plan), Vec::<String>::new());
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
        .find(|step| step.id.to_string() == "set-active/notebook/v2.0.1");
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
    let offer = "offer-version/notebook/v2.0.0";
    let mut before = hide.depends_on.iter().map(ToString::to_string);
    assert!(before.any(|id| id == offer), "{:?}", hide.depends_on);

    // Once done, there is nothing to do.
    set(&mut observed, "v2.0.1", |_, active, _| *active = false);
    set(&mut observed, "v2.0.0", |guidance, _, _| {
        *guidance = Guidance::Default
    });
    assert_eq!(
        ids(&plan(&barred, &observed, Options::default())),
        Vec::<String>::new()
    );
}

#[test]
fn a_rollback_goes_past_a_barred_version() {
    let versions = ["v2.0.0", "v2.0.1!", "v2.1.0"];
    let observed = published(&desired(&["v2.0.0", "v2.0.1", "v2.1.0"]));
    let plan = rollback(&with_barred(&versions), &observed).unwrap();
    let offered: Vec<String> = ids(&plan)
        .into_iter()
        .filter(|id| id.starts_with("offer"))
        .collect();
    assert_eq!(offered, ["offer-version/notebook/v2.0.0"]);
}

#[test]
fn there_is_no_way_back_to_a_barred_version() {
    let desired = with_barred(&["v2.0.0!", "v2.0.1"]);
    let observed = published(&desired);
    let refusal = rollback(&desired, &observed).unwrap_err();
    assert!(
        refusal.message.contains("no earlier version"),
        "{refusal:?}"
    );
}

#[test]
fn the_withdrawal_of_a_barred_version_stays() {
    let desired = with_barred(&["v2.0.0", "v2.0.1!", "v2.1.0"]);
    let mut observed = published(&desired);
    withdraw(&mut observed, "v2.0.1 v2.1.0");
    let undo = |version: &str| Request::UndoWithdraw {
        product: key("notebook"),
        version: name(version),
    };
    let refusal = asked(&undo("v2.0.1"), &desired, &observed).unwrap_err();
    assert_eq!(refusal.message, format!("it is barred: {WHY}"));
    set(&mut observed, "v2.1.0", |guidance, _, _| {
        *guidance = Guidance::Deprecated;
    });
    let plan = asked(&Request::UndoRollback(key("notebook")), &desired, &observed).unwrap();
    let Action::UpdateProduct { untag, .. } = &plan.steps[0].action else {
        panic!("{:?}", plan.steps[0]);
    };
    assert_eq!(*untag, [format!("{WITHDRAWN_TAG}v2.1.0")]);
    let ids = ids(&plan);
    assert!(
        ids.contains(&"offer-version/notebook/v2.1.0".to_owned()),
        "{ids:?}"
    );
    assert!(
        !ids.contains(&"offer-version/notebook/v2.0.1".to_owned()),
        "{ids:?}"
    );
}
