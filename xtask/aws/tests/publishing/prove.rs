//! `prove`: launches in a local AWS that stands for an account, and what is left of them when the
//! program is killed anywhere.

use crate::checkout::{Checkout, Ran};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

const PROVE: [&str; 6] = ["prove", "--env", "develop", "--local", "--out", "proven.md"];
const JOURNAL: &str = "target/prove/local/develop/journal.json";

fn prove(checkout: &Checkout, more: &[&str]) -> Ran {
    checkout.run("", &[&PROVE, more].concat())
}

/// What the account has, as the local AWS has written it down last.
fn here(checkout: &Checkout) -> Value {
    let text = fs::read(checkout.path("target/try/develop/local-aws/state.json"));
    let mut state: Value = serde_json::from_slice(&text.unwrap_or_default()).unwrap_or_default();
    let file = fs::read_to_string(checkout.path("portfolios/environments/develop.yaml")).unwrap();
    let mut lines = file.lines();
    let account = lines.find_map(|line| line.strip_prefix("account: "));
    let account = account.unwrap().trim_matches('"');
    state["accounts"][account]["regions"]["us-east-1"].take()
}

/// The names of what Service Catalog knows.
fn standing(here: &Value) -> Vec<&str> {
    let standing = here["catalog"]["provisioned"].as_object();
    let names = standing.into_iter().flatten();
    names
        .map(|(_, one)| one["name"].as_str().unwrap())
        .collect()
}

#[test]
fn products_are_launched_used_and_ended_and_a_local_run_claims_nothing() {
    let checkout = Checkout::whole();
    let ran = prove(&checkout, &["notebook", "s3-private"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("  Stop done\n"), "{}", ran.out);
    let page = fs::read_to_string(checkout.path("proven.md")).unwrap();
    for words in [
        "proves nothing about AWS",
        "### Facts that such a run would show in AWS",
        "- `policies-attach-to-roles`: ",
        "| notebook | v",
        "- s3-private: AWS::S3::Bucket sc-",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert_eq!(standing(&here(&checkout)), [""; 0]);

    // Nothing of it may stand where facts of AWS do.
    let arguments = [
        "prove",
        "--env",
        "develop",
        "--local",
        "--out",
        "docs/proven.md",
    ];
    let ran = checkout.run("", &arguments);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);

    // What an operator is told of times is so.
    let ran = prove(&checkout, &["--hours", "0.1"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let told = include_str!("../../../../docs/first-launch.md");
    let bounds: Vec<&str> = ran
        .err
        .lines()
        .filter_map(|line| line.strip_prefix("  because: "))
        .collect();
    assert_eq!(bounds.len(), 6, "{}", ran.err);
    for bound in bounds {
        let (product, minutes) = bound.split_once(": at most ").unwrap();
        let row = format!("| {product} | {minutes} |");
        assert!(told.contains(&row), "docs/first-launch.md lacks {row}");
    }
    assert_eq!(standing(&here(&checkout)), [""; 0]);

    let ran = prove(&checkout, &["s3-private", "--set", "s3-privat.Size=1"]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
}

/// Kills a run of a product as soon as the account is so, and lets the next clean up.
fn kill_when(product: &str, what: &str, is_so: impl Fn(&Value) -> bool) {
    let checkout = Checkout::whole();
    // Published once, so that what follows is about launches.
    let ran = prove(&checkout, &["--clean-up"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let mut child = checkout
        .publisher("", &[&PROVE[..], &[product]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let name = format!("prove-{product}");
    let is_noted = || {
        let text = fs::read_to_string(checkout.path(JOURNAL));
        text.is_ok_and(|text| text.contains(&name))
    };
    while !(is_noted() && is_so(&here(&checkout))) {
        assert!(begun.elapsed() < Duration::from_secs(120), "never {what}");
        assert_eq!(child.try_wait().unwrap(), None, "it ended before {what}");
        sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_noted(), "{what}");

    let ran = prove(&checkout, &["--clean-up"]);
    assert_eq!(ran.code, Some(0), "{what}: {}{}", ran.out, ran.err);
    let said = format!("An earlier run left {name}");
    assert!(ran.out.contains(&said), "{what}: {}", ran.out);
    let left = here(&checkout);
    assert_eq!(standing(&left), [""; 0], "{what}");
    assert!(!is_noted(), "{what}");
    let stacks = left["stacks"]["stacks"].as_object().unwrap().values();
    let standing: Vec<&Value> = stacks
        .filter(|stack| stack["name"].as_str().unwrap().starts_with("SC-"))
        .filter(|stack| stack["deleted"].is_null())
        .collect();
    assert_eq!(standing, Vec::<&Value>::new(), "{what}");
}

fn is_open(here: &Value) -> bool {
    let records = here["catalog"]["records"].as_object();
    let mut records = records.into_iter().flatten();
    records.any(|(_, record)| record["ended"].is_null())
}

/// In the middle of its launch: its functions were shown what was made so far.
#[test]
#[ignore = "takes most of a minute; scripts/nightly.sh runs it"]
fn a_run_that_is_killed_is_cleaned_up_by_the_next() {
    kill_when("notebook", "half made", |here| {
        let things = here["things"].as_array();
        let mut stacks = things.into_iter().flatten().map(|one| &one["stack"]);
        is_open(here)
            && stacks.any(|stack| stack.as_str().is_some_and(|name| name.starts_with("SC-")))
    });
}

#[test]
#[ignore = "the nightly runs it: a minute"]
fn a_run_that_is_killed_at_any_moment_is_cleaned_up_by_the_next() {
    kill_when("linux-docker", "noted", |_| true);
    kill_when("linux-docker", "asked for", is_open);
    kill_when("linux-docker", "launched", |here| {
        !standing(here).is_empty() && !is_open(here)
    });
    kill_when("linux-docker", "being ended", |here| {
        let records = here["catalog"]["records"].as_object();
        let mut records = records.into_iter().flatten();
        records.any(|(_, record)| record["work"]["End"].is_object())
    });
}

#[test]
#[ignore = "takes most of a minute; scripts/nightly.sh runs it"]
fn what_the_journal_doesn_t_know_is_left_alone_and_told() {
    let checkout = Checkout::whole();
    let mut child = checkout
        .publisher("", &[&PROVE[..], &["s3-private"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while standing(&here(&checkout)).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(120));
        sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fs::write(checkout.path(JOURNAL), "{").unwrap();
    let ran = prove(&checkout, &["s3-private"]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("journal.json can't be read"),
        "{}",
        ran.err
    );

    // As after `cargo clean`.
    fs::remove_file(checkout.path(JOURNAL)).unwrap();
    for arguments in [["s3-private"], ["--clean-up"]] {
        let ran = prove(&checkout, &arguments);
        assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
        let said = ran.out + &ran.err;
        assert!(said.contains("prove-s3-private"), "{said}");
        assert!(said.contains("terminate-provisioned-product"), "{said}");
    }
    assert_eq!(standing(&here(&checkout)), ["prove-s3-private"]);
}
