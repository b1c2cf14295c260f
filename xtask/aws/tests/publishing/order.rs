//! The order for an account in which products run that were launched before this catalog, and the way
//! back, as `docs/operating.md` gives them.

use crate::checkout::{Checkout, Ran};
use crate::former::{ENVIRONMENT, Former, PRODUCTS, account, running};
use compute_catalog::publish::Desired;
use local_aws::Faults;
use serde_json::Value;

/// The repository, knowing whom the environment lets in.
fn checkout() -> Checkout {
    let checkout = Checkout::whole();
    let role = format!("arn:aws:iam::{}:role/login", account(&checkout));
    checkout.replace(
        "portfolios/environments/prod.yaml",
        "region: us-east-1",
        &format!("region: us-east-1\nloginRole: {role}"),
    );
    checkout
}

/// The program, as somebody who administers the account.
fn run(checkout: &Checkout, former: &Former, arguments: &[&str]) -> Ran {
    let mut command = checkout.publisher(former.server.endpoint(), arguments);
    let command = command.env("AWS_ACCESS_KEY_ID", "local");
    let ran = command.env("AWS_SECRET_ACCESS_KEY", "local").output();
    Ran::of(ran.unwrap())
}

/// The account of before, and what the repository wants of it once its ids are recorded.
async fn adopted() -> (Checkout, Former, Desired) {
    let checkout = checkout();
    let former = Former::new(&checkout).await;
    let adopted = run(&checkout, &former, &["adopt", "--env", ENVIRONMENT]);
    assert_eq!(adopted.code, Some(0), "{}{}", adopted.out, adopted.err);
    let desired = checkout.desired(ENVIRONMENT);
    (checkout, former, desired)
}

async fn publish(former: &Former, desired: &Desired) {
    let end = former.publish(desired).await.unwrap().unwrap();
    let left = end.left().map(|left| &left.blockers);
    assert!(left.is_none_or(|blockers| blockers.is_empty()), "{left:?}");
}

fn catalog(former: &Former) -> Value {
    let mut state = former.server.state().unwrap();
    state["accounts"][former.session.account.as_str()]["regions"]["us-east-1"]["catalog"].take()
}

/// The version of this catalog that can be launched, by its id.
fn newest(former: &Former, key: &str) -> Option<String> {
    let mut catalog = catalog(former);
    let artifacts = catalog["products"][&former.ids[key].0]["artifacts"].take();
    let mut open: Vec<(String, String)> = artifacts
        .as_object()
        .unwrap()
        .iter()
        .filter(|(id, one)| {
            let is_open = one["active"] == true && one["guidance"] == "DEFAULT";
            is_open && **id != former.ids[key].1
        })
        .map(|(id, one)| (one["name"].as_str().unwrap().to_owned(), id.clone()))
        .collect();
    open.sort();
    open.pop().map(|(_, id)| id)
}

/// Whether the launch constraint of a product in the portfolio of staff names the role of this catalog;
/// nothing where it has none.
fn is_bound(former: &Former, key: &str) -> Option<bool> {
    let catalog = catalog(former);
    let product = &former.ids[key].0;
    let constraints = catalog["constraints"].as_object().unwrap().values();
    let is_of_staff = |one: &Value| {
        let portfolio = &catalog["portfolios"][one["portfolio"].as_str().unwrap()];
        !portfolio["name"].as_str().unwrap().contains("Collaborator")
    };
    let mut of_product = constraints
        .filter(|one| one["product"] == *product && one["kind"] == "LAUNCH" && is_of_staff(one));
    let (_, before) = PRODUCTS.iter().find(|(one, _)| *one == key).unwrap();
    let parameters = of_product.next()?["parameters"].as_str().unwrap();
    Some(!parameters.contains(before))
}

/// After how many changes a publish has done something that people could notice.
async fn moments(checkout: &Checkout, former: &Former, desired: &Desired) -> Vec<u64> {
    let twin = former.twin(checkout).await;
    twin.server.clear_calls();
    publish(&twin, desired).await;
    let calls = twin.server.calls();
    let changes = calls.iter().filter(|call| call.change.is_some());
    const NOTICED: [&str; 3] = [
        "ExecuteChangeSet",
        "CreateProvisioningArtifact",
        "DeleteConstraint",
    ];
    let noticed = changes
        .enumerate()
        .filter(|(_, call)| NOTICED.contains(&call.operation.as_str()));
    noticed.map(|(number, _)| number as u64 + 1).collect()
}

/// A publish that stops after a change: who has what can end it, who wants a product gets one, and the
/// next publish goes on.
async fn stops_at(at: u64, checkout: &Checkout, former: &Former, desired: &Desired) {
    let twin = former.twin(checkout).await;
    twin.server.set_faults(Faults {
        stop_after_change: Some(at),
        ..Faults::default()
    });
    assert!(twin.publish(desired).await.is_none(), "not stopped at {at}");
    twin.server.set_faults(Faults::default());
    twin.server.resume();
    let user = twin.user().await;
    for (key, _) in PRODUCTS {
        // Told in the plan: until the stack has made its own, there is none.
        let Some(is_bound) = is_bound(&twin, key) else {
            continue;
        };
        let version = match is_bound {
            false => Some(twin.ids[key].1.clone()),
            true => newest(&twin, key),
        };
        let version = version.unwrap_or_else(|| panic!("{key} can't be launched at {at}"));
        let name = format!("{}-2", running(key));
        let launched = twin.launch_version(&user, key, &version, &name).await;
        assert!(launched.is_well, "{key} at {at}: {}", launched.said);
        let ended = twin.end(&user, key).await;
        assert!(ended.is_well, "{key} at {at}: {}", ended.said);
    }
    publish(&twin, desired).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; scripts/nightly.sh runs it"]
async fn a_publish_that_stops_anywhere_leaves_everybody_with_products_that_can_be_launched_and_ended()
 {
    let (checkout, former, desired) = adopted().await;
    for at in moments(&checkout, &former, &desired).await {
        stops_at(at, &checkout, &former, &desired).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; scripts/nightly.sh runs it"]
async fn a_constraint_that_was_taken_off_is_put_back_where_the_stack_makes_none() {
    let (_checkout, former, desired) = adopted().await;
    let constraints = |former: &Former| catalog(former)["constraints"].as_object().unwrap().len();
    let before = constraints(&former);
    former.server.set_faults(Faults {
        rolled_back_stacks: ["sc-portfolio-s3-basic".to_owned()].into(),
        ..Faults::default()
    });
    let failed = former.publish(&desired).await.unwrap();
    assert!(failed.is_err());
    assert_eq!(is_bound(&former, "s3-private"), Some(false));
    assert_eq!(constraints(&former), before);
    former.server.set_faults(Faults::default());
    publish(&former, &desired).await;
    assert_eq!(is_bound(&former, "s3-private"), Some(true));
    assert_eq!(constraints(&former), before);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes most of a minute; scripts/nightly.sh runs it"]
async fn what_runs_lives_on_under_the_new_roles_and_there_is_a_way_back() {
    let (checkout, former, desired) = adopted().await;
    let plan = run(
        &checkout,
        &former,
        &["plan", "--env", ENVIRONMENT, "--insist"],
    );
    assert!(
        plan.out.contains(
            "nobody can launch, change or end notebook from there until the stack is done"
        ),
        "{}{}",
        plan.out,
        plan.err
    );
    // What a step deletes isn't said to stay.
    assert!(
        !plan.out.contains("somebody has added the constraint"),
        "{}",
        plan.out
    );
    publish(&former, &desired).await;
    let user = former.user().await;

    // The rows of the table, each on an account of its own.
    let ends = former.twin(&checkout).await;
    let updates = former.twin(&checkout).await;
    let (of_ends, of_updates) = (ends.user().await, updates.user().await);
    for (key, _) in PRODUCTS {
        assert_eq!(is_bound(&former, key), Some(true), "{key}");
        let ended = ends.end(&of_ends, key).await;
        assert!(ended.is_well, "{key}: {}", ended.said);
        let newest = newest(&updates, key);
        let values = crate::former::VALUES.iter().filter(|(of, ..)| *of == key);
        let values: Vec<_> = values.map(|(_, name, value)| (*name, *value)).collect();
        let updated = updates
            .update(&of_updates, key, newest.as_deref(), &values)
            .await;
        assert!(updated.is_well, "{key}: {}", updated.said);
        let ended = updates.end(&of_updates, key).await;
        assert!(ended.is_well, "{key} after its update: {}", ended.said);
        let launched = former
            .launch(&user, key, &format!("{}-2", running(key)))
            .await;
        assert!(!launched.is_well, "{key} of before is launched anew");
    }
    let resized = former
        .update(&user, "linux-docker", None, &[("VolumeSize", "60")])
        .await;
    assert!(resized.is_well, "{}", resized.said);
    let restricted = [("RestrictSameRegionDownload", "true")];
    let restricted = former.update(&user, "s3-private", None, &restricted).await;
    assert!(!restricted.is_well, "a role without boundary is made");

    // The way back: the former role for a portfolio's product, and its versions open again.
    for file in ["portfolios/ec2.yaml", "portfolios/ec2-external.yaml"] {
        checkout.replace(
            file,
            "  - product: notebook\n",
            "  - product: notebook\n    launch: { import: \"${AWS::Region}-sc-ec2vpc-launchrole-LaunchRoleArn\" }\n",
        );
    }
    checkout.replace(
        "portfolios/environments/prod.yaml",
        "closeAdopted: true",
        "closeAdopted: false",
    );
    checkout.generate();
    let back = checkout.desired(ENVIRONMENT);
    publish(&former, &back).await;
    assert_eq!(is_bound(&former, "notebook"), Some(false));
    let (product, version) = &former.ids["notebook"];
    let open = former.session.catalog.update_provisioning_artifact();
    let open = open.product_id(product).provisioning_artifact_id(version);
    open.guidance("DEFAULT".into()).send().await.unwrap();
    let launched = former.launch(&user, "notebook", "another").await;
    assert!(launched.is_well, "{}", launched.said);
    let ended = former.end(&user, "notebook").await;
    assert!(ended.is_well, "{}", ended.said);
    // It stays open.
    former.server.clear_calls();
    publish(&former, &back).await;
    let calls = former.server.calls();
    let changes = calls
        .iter()
        .filter(|call| call.changing && call.service == "servicecatalog");
    let changes: Vec<_> = changes.map(|call| &call.operation).collect();
    assert!(changes.is_empty(), "{changes:?}");

    // What would be made a second time under another logical id, and then deleted, isn't.
    for (from, to, told) in [
        (
            "logicalIds: { association: Associateec2windows }",
            "logicalIds: {}",
            "give the product `logicalIds: { association: Associateec2windows }`",
        ),
        (
            "logicalIds: {}",
            "logicalIds: { association: Associateec2windows, launch: Another }",
            "give the product `logicalIds: { launch: WindowsLaunchConstraint }`",
        ),
        ("launch: Another }", "launch: WindowsLaunchConstraint }", ""),
        (
            "principals:\n",
            "principalIds: { staff: Another }\nprincipals:\n",
            "write `principalIds: { PRINCIPAL: Principalstaff }`",
        ),
    ] {
        checkout.replace("portfolios/ec2.yaml", from, to);
        checkout.generate();
        let plan = run(
            &checkout,
            &former,
            &["plan", "--env", ENVIRONMENT, "--insist"],
        );
        let is_blocked = plan.out.contains("would be made a second time");
        assert_eq!(is_blocked, !told.is_empty(), "{}", plan.out);
        assert!(plan.out.contains(told), "{}{}", plan.out, plan.err);
    }
}
