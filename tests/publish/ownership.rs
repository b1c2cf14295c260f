//! Nothing is taken for ours by its name.

use crate::values::{desired, published};
use compute_catalog::digest::Digest;
use compute_catalog::publish::{
    Body, Desired, Guidance, LiveVersion, Observed, Options, Plan, VersionStatus, plan,
};

fn planned(desired: &Desired, observed: &Observed) -> Plan {
    plan(desired, observed, Options::default())
}

/// The one blocker of a plan without steps.
fn only_blocker(desired: &Desired, observed: &Observed) -> String {
    let plan = planned(desired, observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert_eq!(plan.blockers.len(), 1, "{plan}");
    plan.blockers[0].to_string()
}

#[test]
fn an_account_as_it_should_be_needs_nothing() {
    let desired = desired(&["v1.0.0", "v1.1.0"]);
    assert!(planned(&desired, &published(&desired)).is_empty());
}

#[test]
fn a_product_of_our_name_without_our_tag_blocks() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    observed.products.get_mut("prod-one").unwrap().tags.clear();
    let text = only_blocker(&desired, &observed);
    assert!(text.contains("prod-one has its name"), "{text}");
    assert!(
        text.contains(
            "record its id under `products.notebook` in portfolios/environments/prod.yaml"
        ),
        "{text}"
    );
}

#[test]
fn a_longer_name_that_holds_ours_is_somebody_elses() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    let live = observed.products.get_mut("prod-one").unwrap();
    live.tags.clear();
    live.texts.name = "Notebook for everyone".to_owned();
    let plan = planned(&desired, &observed);
    assert!(plan.blockers.is_empty(), "{plan}");
    assert!(
        plan.steps
            .iter()
            .any(|step| step.id.to_string() == "create-product/notebook"),
        "{plan}"
    );
}

#[test]
fn two_products_with_our_tag_block() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    let mut twin = observed.products["prod-one"].clone();
    twin.id = "prod-two".to_owned();
    observed.products.insert(twin.id.clone(), twin);
    let text = only_blocker(&desired, &observed);
    assert!(text.contains("prod-one, prod-two"), "{text}");
}

#[test]
fn a_recorded_product_that_is_missing_blocks() {
    let mut desired = desired(&["v1.0.0"]);
    desired.products[0].legacy_id = Some("prod-gone".to_owned());
    let mut observed = published(&desired);
    observed.products.clear();
    let text = only_blocker(&desired, &observed);
    assert!(text.contains("the account has no such product"), "{text}");
}

#[test]
fn adopting_adds_to_what_is_there_and_changes_no_version_of_theirs() {
    let mut desired = desired(&["v2.0.0"]);
    desired.products[0].legacy_id = Some("prod-one".to_owned());
    let mut observed = published(&desired);
    let live = observed.products.get_mut("prod-one").unwrap();
    live.tags.clear();
    live.versions = vec![LiveVersion {
        id: "pa-theirs".to_owned(),
        name: "v1.5.0".to_owned(),
        description: String::new(),
        active: true,
        guidance: Guidance::Default,
        status: VersionStatus::Available,
        body: Body::Unasked,
        actions: Default::default(),
        in_use: Some(40),
    }];
    let plan = planned(&desired, &observed);
    let ids: Vec<String> = plan.steps.iter().map(|step| step.id.to_string()).collect();
    assert_eq!(
        ids,
        [
            "update-product/notebook",
            "create-version/notebook/v2.0.0",
            "offer-version/notebook/v2.0.0"
        ]
    );
}

#[test]
fn a_body_that_cant_be_read_needs_our_mark() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    let version = &mut observed.products.get_mut("prod-one").unwrap().versions[0];
    version.body = Body::Unreadable("access denied".to_owned());
    assert!(planned(&desired, &observed).is_empty());
    let version = &mut observed.products.get_mut("prod-one").unwrap().versions[0];
    version.description = "As of v1.0.0".to_owned();
    let text = only_blocker(&desired, &observed);
    assert!(
        text.contains("nothing proves that pa-v1.0.0 is the released version: access denied"),
        "{text}"
    );
}

#[test]
fn an_overwritten_template_is_put_back_and_two_versions_of_a_name_block() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    for template in observed.templates.values_mut() {
        template.body = Body::Read(Digest::of(b"somebody's"));
    }
    // What is read back of the version is that object.
    let live = observed.products.get_mut("prod-one").unwrap();
    live.versions[0].body = Body::Read(Digest::of(b"somebody's"));
    let plan = planned(&desired, &observed);
    assert_eq!(plan.blockers, [], "{plan}");
    assert_eq!(
        plan.steps[0].id.to_string(),
        "upload-template/notebook/v1.0.0"
    );
    assert!(
        plan.steps[0].reason.contains("somebody has overwritten"),
        "{plan}"
    );

    let mut observed = published(&desired);
    let live = observed.products.get_mut("prod-one").unwrap();
    let mut twin = live.versions[0].clone();
    twin.id = "pa-twin".to_owned();
    live.versions.push(twin);
    let text = only_blocker(&desired, &observed);
    assert!(
        text.contains("several versions of this name: pa-v1.0.0, pa-twin"),
        "{text}"
    );
}

#[test]
fn ids_that_are_recorded_twice_or_for_each_other_block() {
    let mut desired = desired(&["v1.0.0"]);
    desired.products[0].legacy_id = Some("prod-one".to_owned());
    let mut other = desired.products[0].clone();
    other.key = "windows".parse().unwrap();
    other.texts.name = "Windows".to_owned();
    desired.products.push(other);
    let text = |desired: &Desired, observed: &Observed| planned(desired, observed).to_string();
    let observed = published(&desired);
    assert!(text(&desired, &observed).contains("recorded for windows as well"));

    // Each for the other: told by its tag, or, before there is one, by its name.
    desired.products[0].legacy_id = Some("prod-two".to_owned());
    let mut observed = published(&desired);
    let mut two = observed.products["prod-one"].clone();
    two.id = "prod-two".to_owned();
    two.texts.name = "Windows".to_owned();
    two.tags.clear();
    observed.products.insert(two.id.clone(), two);
    let told = text(&desired, &observed);
    assert!(
        told.contains("the environment file records prod-two, but prod-one is tagged as it"),
        "{told}"
    );
    assert!(
        told.contains("prod-one is recorded for it, and tagged as `notebook`"),
        "{told}"
    );
    observed.products.get_mut("prod-one").unwrap().tags.clear();
    let told = text(&desired, &observed);
    assert!(
        told.contains("prod-two is recorded for it, and has the name of windows"),
        "{told}"
    );
}

#[test]
fn one_product_that_is_blocked_does_not_stop_the_others() {
    let mut desired = desired(&["v1.0.0"]);
    let mut other = desired.products[0].clone();
    other.key = "windows".parse().unwrap();
    other.texts.name = "Windows".to_owned();
    desired.products.push(other);
    let mut observed = published(&desired);
    observed.products.get_mut("prod-one").unwrap().tags.clear();
    let plan = planned(&desired, &observed);
    assert_eq!(plan.blockers.len(), 1, "{plan}");
    let ids: Vec<String> = plan.steps.iter().map(|step| step.id.to_string()).collect();
    assert!(
        ids.contains(&"create-product/windows".to_owned()),
        "{ids:?}"
    );
    assert!(!ids.iter().any(|id| id.contains("notebook")), "{ids:?}");
}

#[test]
fn the_hundredth_version_is_the_last() {
    let desired = desired(&["v1.0.0", "v1.1.0"]);
    let mut observed = published(&crate::values::desired(&["v1.0.0"]));
    let live = observed.products.get_mut("prod-one").unwrap();
    for number in 1..100 {
        let mut other = live.versions[0].clone();
        other.name = format!("theirs-{number}");
        other.description = "Made by hand".to_owned();
        other.id = format!("pa-{number}");
        live.versions.push(other);
    }
    let plan = planned(&desired, &observed);
    assert!(
        plan.blockers
            .iter()
            .any(|one| one.message.contains("it has 100 versions")),
        "{plan}"
    );
}

#[test]
fn a_product_that_something_else_makes_blocks() {
    let desired = desired(&["v1.0.0"]);
    let mut observed = published(&desired);
    let live = observed.products.get_mut("prod-one").unwrap();
    live.product_type = Some("EXTERNAL".to_owned());
    let text = only_blocker(&desired, &observed);
    let said = "prod-one is of the type EXTERNAL, and ours of the type CLOUD_FORMATION_TEMPLATE";
    assert!(text.contains(said), "{text}");
}
