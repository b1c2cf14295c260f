//! What the program refuses: how it says so, with which exit code, and that nothing changes.

use crate::accounts::{two_accounts, write_profiles};
use crate::checkout::{Checkout, Ran};
use crate::world::World;
use insta::assert_snapshot;
use local_aws::Faults;

/// A clear error with a hint, and an account as it was.
fn refused(world: &World, ran: &Ran, code: i32, words: &[&str]) {
    let said = format!("{}{}", ran.out, ran.err);
    for word in words {
        assert!(said.contains(word), "{word} in {said}");
    }
    assert!(said.contains("hint: "), "{said}");
    assert_eq!(ran.code, Some(code), "{said}");
    assert_eq!(world.changes(), Vec::<String>::new(), "{said}");
}

#[test]
fn the_wrong_account_is_wrong_use() {
    let (world, checkout) = two_accounts();
    write_profiles(&checkout, "AKIAPROD", "AKIADEVELOP");
    let ran = checkout.run(
        world.server.endpoint(),
        &["publish", "--env", "develop", "--yes"],
    );
    refused(
        &world,
        &ran,
        2,
        &["111111111111", "222222222222", "AWS_PROFILE"],
    );
    assert_snapshot!(ran.err);
}

#[test]
fn an_identity_that_nobody_knows_is_refused_by_aws() {
    let (world, checkout) = two_accounts();
    write_profiles(&checkout, "AKIANOBODY", "AKIAPROD");
    let ran = checkout.run(
        world.server.endpoint(),
        &["publish", "--env", "develop", "--yes"],
    );
    refused(&world, &ran, 3, &["InvalidClientTokenId", "aws sso login"]);
}

#[test]
fn expired_credentials_are_refused_by_aws() {
    let world = World::new(Faults {
        expire_from_call: Some(1),
        ..Faults::default()
    });
    let checkout = Checkout::new();
    for command in ["plan", "publish", "status", "preflight"] {
        let ran = checkout.run(world.server.endpoint(), &[command]);
        refused(&world, &ran, 3, &["ExpiredToken", "log in again"]);
        let said = ran.err.replace(world.server.endpoint(), "http://SERVER");
        assert_snapshot!("expired_credentials", said);
    }
}

#[test]
fn a_server_that_isn_t_there_can_t_be_reached() {
    let world = World::new(Faults::default());
    let ran = Checkout::new().run("http://127.0.0.1:9", &["plan"]);
    refused(&world, &ran, 3, &["GetCallerIdentity", "AWS_ENDPOINT_URL"]);
    assert_snapshot!(ran.err);
}

#[test]
fn a_missing_bucket_is_a_blocker() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    checkout.replace(
        "portfolios/environments/local.yaml",
        "local: true",
        "local: true\ntemplateBucket: not-there",
    );
    for command in ["plan", "publish", "preflight"] {
        let ran = checkout.run(world.server.endpoint(), &[command]);
        refused(&world, &ran, 1, &["bucket not-there", "templateBucket"]);
    }
}

#[test]
fn a_tampered_frozen_body_is_unreadable_input() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let body = "products/notebook/history/v2.0.0.yaml";
    checkout.replace(body, "Description:", "Description: #");
    let ran = checkout.run(world.server.endpoint(), &["publish"]);
    refused(&world, &ran, 2, &["v2.0.0", "sha256:"]);
}

#[test]
fn an_edited_plan_is_unreadable_input() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let endpoint = world.server.endpoint();
    let plan = checkout.run(endpoint, &["plan", "--out", "plan.json"]);
    assert_eq!(plan.code, Some(0), "{}", plan.err);
    checkout.replace("plan.json", "create the product notebook", "create it");
    let ran = checkout.run(endpoint, &["publish", "--plan", "plan.json"]);
    refused(
        &world,
        &ran,
        2,
        &["plan.json", "changed after it was written"],
    );
}

#[test]
fn a_plan_for_another_environment_is_refused() {
    let (world, checkout) = two_accounts();
    let endpoint = world.server.endpoint();
    let plan = ["plan", "--env", "develop", "--out", "plan.json"];
    assert_eq!(checkout.run(endpoint, &plan).code, Some(0));
    let publish = ["publish", "--env", "prod", "--plan", "plan.json"];
    let ran = checkout.run(endpoint, &publish);
    refused(&world, &ran, 1, &["it is for develop", "not for prod"]);
}

#[test]
fn a_plan_file_is_for_one_environment() {
    let (world, checkout) = two_accounts();
    let endpoint = world.server.endpoint();
    let both = ["--env", "develop", "--env", "prod"];
    for (command, option) in [("plan", "--out"), ("publish", "--plan")] {
        let ran = checkout.run(
            endpoint,
            &[&[command, option, "plan.json"], &both[..]].concat(),
        );
        refused(
            &world,
            &ran,
            2,
            &[option, "one environment", "once for each"],
        );
        assert!(!checkout.path("plan.json").exists(), "{command}");
    }
}

#[test]
fn an_account_that_has_moved_since_the_plan_is_named() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let endpoint = world.server.endpoint();
    let plan = checkout.run(endpoint, &["plan", "--out", "plan.json"]);
    assert_eq!(plan.code, Some(0), "{}", plan.err);
    assert_eq!(checkout.run(endpoint, &["publish"]).code, Some(0));
    world.server.clear_calls();
    let _ = std::fs::remove_dir_all(checkout.path("target"));
    let ran = checkout.run(endpoint, &["publish", "--plan", "plan.json"]);
    refused(
        &world,
        &ran,
        1,
        &["the account has moved since", "product notebook"],
    );
}

#[test]
fn an_unknown_environment_is_wrong_use() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    for command in ["plan", "publish", "status", "preflight"] {
        let ran = checkout.run(world.server.endpoint(), &[command, "--env", "loca"]);
        refused(&world, &ran, 2, &["`loca`", "did you mean `local`?"]);
    }
}

#[test]
fn without_a_person_to_ask_nothing_is_carried_out() {
    let (world, checkout) = two_accounts();
    let ran = checkout.run(world.server.endpoint(), &["publish", "--env", "develop"]);
    refused(&world, &ran, 2, &["nobody to ask", "--yes"]);
}

#[test]
fn elsewhere_than_on_a_terminal_each_step_is_one_line() {
    let world = World::new(Faults::default());
    let ran = Checkout::new().run(world.server.endpoint(), &["publish"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let lines: Vec<&str> = ran.err.lines().collect();
    let total = lines.len();
    for (index, line) in lines.iter().enumerate() {
        let start = format!("[{}/{total}] done: ", index + 1);
        assert!(line.starts_with(&start), "{start}: {line}");
    }
    assert!(total > 8, "{}", ran.err);
    assert!(!ran.err.contains('\x1b') && !ran.err.contains('\r'));
}
