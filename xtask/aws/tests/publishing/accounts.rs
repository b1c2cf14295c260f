//! Several accounts in one run, each by its own profile, with its own plan and receipt.

use crate::checkout::{Checkout, Ran};
use crate::world::World;
use local_aws::{Config, Contents, Faults, Identity};
use serde_json::Value;
use std::collections::BTreeSet;

pub const DEVELOP: &str = "111111111111";
pub const PROD: &str = "222222222222";

/// A server with two accounts, and a repository whose profiles reach them.
pub fn two_accounts() -> (World, Checkout) {
    let checkout = Checkout::new();
    write_profiles(&checkout, "AKIADEVELOP", "AKIAPROD");
    (world_of_two(Faults::default()), checkout)
}

/// The same, with what the local AWS is to hold.
pub fn two_accounts_holding(contents: Contents) -> (World, Checkout) {
    let checkout = Checkout::new();
    write_profiles(&checkout, "AKIADEVELOP", "AKIAPROD");
    let world = world_of_two_with(|config| config.contents = Some(contents));
    (world, checkout)
}

/// A server with two accounts, each with its key.
pub fn world_of_two(faults: Faults) -> World {
    world_of_two_with(|config| config.faults = faults)
}

fn world_of_two_with(set: impl FnOnce(&mut Config)) -> World {
    World::with(|config| {
        set(config);
        for (key, account) in [("AKIADEVELOP", DEVELOP), ("AKIAPROD", PROD)] {
            let identity = Identity::user(account, "publisher");
            config.keys.insert(key.to_owned(), identity);
        }
        let members = BTreeSet::from(["333333333333".to_owned(), "444444444444".to_owned()]);
        config
            .organization
            .insert("ou-ab12-cdef3456".to_owned(), members);
    })
}

/// The profiles that the environments name, with these keys.
pub fn write_profiles(checkout: &Checkout, develop: &str, prod: &str) {
    let mut config = String::new();
    for (profile, key) in [("lab-develop", develop), ("lab-prod", prod)] {
        config += &format!(
            "[profile {profile}]\naws_access_key_id = {key}\naws_secret_access_key = open-sesame-{key}\naws_session_token = session-of-{key}\n"
        );
    }
    std::fs::write(checkout.path("aws-config"), config).unwrap();
}

fn run(world: &World, checkout: &Checkout, arguments: &[&str]) -> Ran {
    checkout.run(world.server.endpoint(), arguments)
}

/// What an account has of a kind.
fn count(world: &World, account: &str, kind: &str) -> usize {
    let state: Value = world.server.state().unwrap();
    let catalog = &state["accounts"][account]["regions"]["us-east-1"]["catalog"];
    catalog[kind].as_object().map_or(0, |all| all.len())
}

#[test]
fn two_accounts_are_published_in_one_run_each_by_its_own_profile_and_plan() {
    let (world, checkout) = two_accounts();
    let both = [
        "publish",
        "--env",
        "develop",
        "--env",
        "prod",
        "--yes",
        "--no-preflight",
    ];
    let ran = run(&world, &checkout, &both);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    for (environment, account) in [("develop", DEVELOP), ("prod", PROD)] {
        let heading = format!("Plan for {environment} (account {account}, us-east-1)");
        assert!(ran.out.contains(&heading), "{heading}: {}", ran.out);
        let done = format!("done and verified in account {account}");
        assert!(ran.out.contains(&done), "{done}: {}", ran.out);
        let receipt = checkout.path(&format!("target/publish/{environment}/receipt.json"));
        let receipt = std::fs::read_to_string(receipt).unwrap();
        let receipt: Value = serde_json::from_str(&receipt).unwrap();
        assert_eq!(receipt["account"], account);
        assert!(receipt["verified"].is_u64(), "{receipt}");
        assert_eq!(count(&world, account, "products"), 2);
        assert_eq!(count(&world, account, "portfolios"), 1);
    }
    let accounts: BTreeSet<String> = world
        .server
        .calls()
        .into_iter()
        .filter(|call| call.changing)
        .map(|call| call.account)
        .collect();
    assert_eq!(accounts, [DEVELOP, PROD].map(str::to_owned).into());

    world.server.clear_calls();
    let again = run(&world, &checkout, &both);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[test]
fn an_account_takes_what_the_one_before_it_in_the_same_run_has_proven() {
    let (world, checkout) = two_accounts();
    let alone = run(
        &world,
        &checkout,
        &["publish", "--env", "prod", "--yes", "--no-preflight"],
    );
    // What can be there without them is.
    assert_eq!(alone.code, Some(0), "{}", alone.err);
    let words = "notebook v2.0.0 waits: develop has not published and verified it";
    assert!(alone.out.contains(words), "{}", alone.out);
    assert_eq!(count(&world, PROD, "products"), 0);
}

#[test]
fn the_matrix_says_what_one_account_lacks_that_another_has() {
    let (world, checkout) = two_accounts();
    let both = [
        "publish",
        "--env",
        "develop",
        "--env",
        "prod",
        "--yes",
        "--no-preflight",
    ];
    assert_eq!(run(&world, &checkout, &both).code, Some(0));
    checkout.release("v2.1.0");
    let develop = run(
        &world,
        &checkout,
        &["publish", "--env", "develop", "--yes", "--no-preflight"],
    );
    assert_eq!(develop.code, Some(0), "{}", develop.err);

    let status = ["status", "--env", "develop", "--env", "prod"];
    let text = run(&world, &checkout, &status);
    assert_eq!(text.code, Some(1), "{}", text.out);
    let words = "prod lacks notebook v2.1.0, which develop has";
    assert!(text.out.contains(words), "{}", text.out);
    assert!(!text.out.contains("develop lacks"), "{}", text.out);

    let json = run(
        &world,
        &checkout,
        &[&status[..], &["--format", "json"]].concat(),
    );
    let json: Value = serde_json::from_str(&json.out).unwrap();
    let json = &json["result"];
    assert_eq!(json["develop"]["drift"], serde_json::json!([]));
    assert_eq!(json["prod"]["account"], PROD);
    let versions = |environment: &str| {
        let products = json[environment]["products"].as_array().unwrap();
        let notebook = products
            .iter()
            .find(|one| one["key"] == "notebook")
            .unwrap();
        notebook["versions"].as_array().unwrap().len()
    };
    assert_eq!((versions("develop"), versions("prod")), (2, 1));
}

/// The configuration of a job that has the credentials of one account.
fn only_credentials_of(checkout: &Checkout, profile: &str, key: &str) {
    let config = format!(
        "[profile {profile}]\naws_access_key_id = {key}\naws_secret_access_key = open-sesame-{key}\naws_session_token = session-of-{key}\n"
    );
    std::fs::write(checkout.path("aws-config"), config).unwrap();
}

#[test]
fn an_account_takes_what_another_has_proven_with_the_credentials_of_one_each() {
    let (world, checkout) = two_accounts();
    let publish = |environment: &str, proof: Option<&str>| {
        let mut arguments = vec!["publish", "--env", environment, "--yes", "--no-preflight"];
        arguments.extend(proof.into_iter().flat_map(|file| ["--proof", file]));
        run(&world, &checkout, &arguments)
    };
    only_credentials_of(&checkout, "lab-develop", "AKIADEVELOP");
    let develop = publish("develop", None);
    assert_eq!(develop.code, Some(0), "{}{}", develop.out, develop.err);
    let file = "target/publish/develop/proof.json";
    let proof = std::fs::read_to_string(checkout.path(file)).unwrap();
    for secret in ["open-sesame", "session-of"] {
        assert!(!proof.contains(secret), "{proof}");
    }

    // The job of the other account can't look for itself, and says so.
    only_credentials_of(&checkout, "lab-prod", "AKIAPROD");
    let blind = publish("prod", None);
    assert!(blind.code.is_some_and(|code| code > 0), "{}", blind.out);
    assert!(blind.err.contains("--proof"), "{}", blind.err);
    assert_eq!(count(&world, PROD, "products"), 0);

    // A proof of other bytes is none.
    let at = proof.find('[').unwrap();
    let at = at
        + proof[at..]
            .find("\",")
            .or(proof[at..].find("\"\n"))
            .unwrap()
        - 1;
    let other = if proof[at..].starts_with('0') {
        "1"
    } else {
        "0"
    };
    let forged = format!("{}{other}{}", &proof[..at], &proof[at + 1..]);
    std::fs::write(checkout.path("forged.json"), forged).unwrap();
    let refused = publish("prod", Some("forged.json"));
    assert_eq!(refused.code, Some(2), "{}{}", refused.out, refused.err);
    let told = "it was changed after it was written";
    assert!(refused.err.contains(told), "{}", refused.err);
    assert_eq!(count(&world, PROD, "products"), 0);

    let prod = publish("prod", Some(file));
    assert_eq!(prod.code, Some(0), "{}{}", prod.out, prod.err);
    assert_eq!(count(&world, PROD, "products"), 2);
    world.server.clear_calls();
    let again = publish("prod", Some(file));
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
    assert_eq!(world.changes(), Vec::<String>::new());
}
