//! `generate` and `generate --check`.

use crate::checkout::{Checkout, xtask};

const TEMPLATE: &str = "generated/products/s3-private.yaml";

#[test]
fn what_is_committed_is_what_the_models_make() {
    let ran = Checkout::new().run(&["generate", "--check"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn the_resource_types_are_generated_anew_where_one_byte_differs() {
    let checkout = Checkout::new();
    let stamp = checkout.read("src/resource/stamp.json");
    checkout.replace("src/resource/kms.rs", "pub struct Key", "pub struct Kee");
    checkout.replace(
        "src/resource/stamp.json",
        "\"inputs\": \"",
        "\"inputs\": \"0",
    );
    let ran = checkout.run(&["generate", "--check"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("stale: src/resource/kms.rs"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("stale: src/resource/stamp.json"),
        "{}",
        ran.out
    );
    assert_eq!(checkout.run(&["generate"]).code, 0);
    assert_eq!(checkout.read("src/resource/stamp.json"), stamp);
}

#[test]
fn an_edit_a_missing_and_an_orphaned_file_are_all_reported_with_the_difference() {
    let checkout = Checkout::new();
    checkout.replace(TEMPLATE, "BlockPublicAcls: true", "BlockPublicAcls: false");
    std::fs::remove_file(checkout.path("generated/schemas/environment.json")).unwrap();
    checkout.write("generated/products/old.yaml", "left over\n");
    let first_line = checkout
        .read("src/resource/s3.rs")
        .lines()
        .next()
        .unwrap()
        .to_owned();
    checkout.write("src/resource/gone.rs", &format!("{first_line}\n"));

    let before = checkout.snapshot();
    let ran = checkout.run(&["generate", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out
            .contains("missing: generated/schemas/environment.json"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("orphaned: generated/products/old.yaml"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("orphaned: src/resource/gone.rs"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(&format!("stale: {TEMPLATE}")),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("-        BlockPublicAcls: false\n+        BlockPublicAcls: true"),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("hint: run `cargo xtask generate`"),
        "{}",
        ran.err
    );
    assert!(before == checkout.snapshot(), "--check wrote something");

    assert_eq!(checkout.run(&["generate"]).code, 0);
    assert_eq!(checkout.run(&["generate", "--check"]).code, 0);
    assert!(!checkout.path("generated/products/old.yaml").exists());
}

#[test]
fn two_machines_give_the_same_bytes() {
    let generated = |environment: &[(&str, &str)]| {
        let checkout = Checkout::new();
        std::fs::remove_dir_all(checkout.path("generated")).unwrap();
        let ran = checkout.run_as(&["generate"], environment);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let root = checkout.path("");
        checkout
            .snapshot()
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes))
            .collect::<Vec<_>>()
    };
    let here = generated(&[]);
    let elsewhere = generated(&[
        ("TZ", "Pacific/Kiritimati"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("HOME", "/nonexistent"),
        ("USER", "somebody"),
        ("HOSTNAME", "another"),
        ("AWS_REGION", "ap-southeast-2"),
        ("AWS_PROFILE", "another"),
        ("SOURCE_DATE_EPOCH", "1"),
        ("RAYON_NUM_THREADS", "1"),
        ("COLUMNS", "20"),
        ("NO_COLOR", "1"),
    ]);
    assert!(here.len() > 100, "{} files", here.len());
    let differing: Vec<_> = here
        .iter()
        .zip(&elsewhere)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| &one.0)
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert_eq!(here.len(), elsewhere.len());
}

#[test]
fn tampered_vendored_data_is_refused_by_name() {
    let checkout = Checkout::new();
    checkout.replace(
        "vendor/schemas/AWS-S3-Bucket.json",
        "BucketName",
        "BucketNome",
    );
    let ran = checkout.run(&["generate", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("vendor/schemas/AWS-S3-Bucket.json"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("hint:"), "{}", ran.err);
}

/// An installed program runs anywhere.
#[test]
fn what_needs_no_catalog_runs_outside_of_any() {
    let folder = tempfile::tempdir().unwrap();
    let topic = "Resources:\n  News:\n    Type: AWS::SNS::Topic\n";
    for (file, text) in [("old.yaml", topic), ("new.yaml", topic)] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    for arguments in [
        &["check", "old.yaml"][..],
        &["diff", "old.yaml", "new.yaml"],
        &["explain", "encryption"],
        &["completions", "bash"],
        &["man"],
    ] {
        let ran = xtask(folder.path(), arguments, &[]);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        assert!(!ran.out.is_empty(), "{arguments:?}");
    }
    let ran = xtask(
        folder.path(),
        &["init", "acme", "--organization", "Acme"],
        &[],
    );
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.err.contains("a clone of compute-catalog"),
        "{}",
        ran.err
    );
}

#[test]
fn a_size_without_a_price_is_told_where_others_have_one() {
    let checkout = Checkout::new();
    let quiet = checkout.run(&["check"]);
    assert!(!quiet.out.contains("no price"), "{}", quiet.out);
    checkout.write(
        "portfolios/prices/us-east-1.yaml",
        "currency: USD\ndate: \"2026-01-31\"\nsource: made up\ninstances:\n  t3a.small: { linux: 1, windows: 2 }\n",
    );
    let ran = checkout.run(&["check"]);
    assert_eq!(ran.code, 0, "it fails nothing: {}", ran.err);
    let told = "no price: portfolios/prices/us-east-1.yaml has none of ";
    let line = ran.out.lines().find(|line| line.starts_with(told)).unwrap();
    assert!(line.contains("t3a.micro with Linux") && line.contains("t3a.large with Windows"));
    assert!(!line.contains("t3a.small with"), "{line}");
}

#[test]
fn prices_that_are_old_are_told() {
    let checkout = Checkout::new();
    checkout.write(
        "portfolios/prices/us-east-1.yaml",
        "currency: USD\ndate: \"2026-01-31\"\nsource: made up\n",
    );
    // The day of the prices is the 20,484th.
    let on = |day: u64| {
        let seconds = (day * 86_400).to_string();
        let ran = checkout.run_as(&["check"], &[("SOURCE_DATE_EPOCH", &seconds)]);
        assert_eq!(ran.code, 0, "it fails nothing: {}", ran.err);
        let mut lines = ran.out.lines();
        lines
            .find(|line| line.contains("is of 2026-01-31"))
            .map(str::to_owned)
    };
    let file = "portfolios/prices/us-east-1.yaml is of 2026-01-31";
    assert_eq!(on(20_484 + 180), None);
    assert_eq!(
        on(20_484 + 181),
        Some(format!("old prices: {file}, 181 days ago"))
    );
    assert_eq!(
        on(20_483),
        Some(format!(
            "prices of another time: {file}, which is still to come"
        ))
    );
}

#[test]
fn outside_a_catalog_the_command_says_so() {
    let checkout = Checkout::new();
    std::fs::remove_file(checkout.path("portfolios/organization.yaml")).unwrap();
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("is not inside the repository of a catalog"),
        "{}",
        ran.err
    );
}
