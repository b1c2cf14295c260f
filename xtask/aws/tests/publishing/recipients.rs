//! The accounts with which a portfolio is shared get the roles that its launches call by name.

use crate::checkout::Checkout;
use crate::world::{MEMBERS, World};
use local_aws::Faults;
use serde_json::Value;

/// The roles of an account, with their policies beside them.
fn roles(world: &World, account: &str) -> Value {
    let state = world.server.state().unwrap();
    state["accounts"][account]["iam"]["roles"].clone()
}

fn has_role(world: &World, account: &str) -> bool {
    roles(world, account).get("NotebookLaunch").is_some()
}

async fn published() -> (World, Checkout) {
    let world = World::new(Faults::default());
    let checkout = Checkout::with_recipients();
    checkout.seed_local(&world, &MEMBERS).await;
    let ran = checkout.run(world.server.endpoint(), &["publish"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    (world, checkout)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_account_of_the_unit_gets_the_role_before_the_portfolio_is_shared() {
    let (world, checkout) = published().await;
    for account in MEMBERS {
        assert!(has_role(&world, account), "{account}");
    }
    // CreateConstraint looks for the named role in the catalog's own account, too.
    assert!(has_role(&world, "123456789012"));
    let changes = world.changes();
    let position = |name: &str| changes.iter().rposition(|call| call == name).unwrap();
    assert!(position("CreateStackInstances") < position("CreatePortfolioShare"));

    let status = checkout.run(world.server.endpoint(), &["status"]);
    assert_eq!(status.code, Some(0), "{}", status.out);
    let words = "lab-roles in 333333333333 CURRENT, 444444444444 CURRENT";
    assert!(status.out.contains(words), "{}", status.out);

    world.server.clear_calls();
    let again = checkout.run(world.server.endpoint(), &["publish"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_changes_changes_in_every_account() {
    let (world, checkout) = published().await;
    checkout.replace(
        "portfolios/foundation.yaml",
        "[ec2:StartInstances, ec2:StopInstances]",
        "[ec2:StartInstances, ec2:StopInstances, ec2:RebootInstances]",
    );
    let endpoint = world.server.endpoint();
    // What nobody has reviewed isn't deployed.
    let stale = checkout.run(endpoint, &["plan"]);
    assert_eq!(stale.code, Some(2), "{}", stale.out);
    assert!(
        stale.err.contains("generated/recipients/research.yaml"),
        "{}",
        stale.err
    );
    checkout.generate();
    let plan = checkout.run(endpoint, &["plan"]);
    let words = "update the stack set lab-roles (generated/recipients/research.yaml) in ou-ab12-cdef3456\n      because its template has changed";
    assert!(plan.out.contains(words), "{}", plan.out);
    let ran = checkout.run(endpoint, &["publish"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for account in MEMBERS {
        let text = world.server.state().unwrap()["accounts"][account].to_string();
        assert!(text.contains("ec2:RebootInstances"), "{account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_fails_is_named_with_the_reason_and_mended_by_the_next_run() {
    let world = World::new(Faults::default());
    let checkout = Checkout::with_recipients();
    // One of them lacks what the role imports.
    checkout.seed_local(&world, &MEMBERS[..1]).await;
    let endpoint = world.server.endpoint();
    let ran = checkout.run(endpoint, &["publish"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for words in [
        "the stack set lab-roles is not in every account as it should be",
        "444444444444: ",
        "No export named",
        "hint: mend what failed",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert!(!world.changes().contains(&"CreatePortfolioShare".to_owned()));

    checkout.seed_local(&world, &MEMBERS).await;
    let again = checkout.run(endpoint, &["publish"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(MEMBERS.iter().all(|account| has_role(&world, account)));
}
