//! `release`: a version is frozen bytes and a digest.

use crate::checkout::Checkout;

/// A checkout in which s3-private has no version yet.
fn unreleased() -> Checkout {
    let checkout = Checkout::new();
    let history = checkout.path("products/s3-private/history");
    if history.exists() {
        std::fs::remove_dir_all(&history).unwrap();
    }
    checkout
}

fn release(checkout: &Checkout, note: &str) -> crate::checkout::Ran {
    checkout.run(&["release", "s3-private", "--bump", "major", "--note", note])
}

#[test]
fn the_reviewed_file_is_frozen_to_the_byte_and_once() {
    let checkout = unreleased();
    let ran = release(&checkout, "First");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let reviewed = checkout.read("generated/products/s3-private.yaml");
    assert_eq!(
        checkout.read("products/s3-private/history/v1.0.0.yaml"),
        reviewed
    );
    assert_eq!(checkout.run(&["check", "s3-private"]).code, 0);
    // Everything that is generated is up to date, and people are told what comes next.
    assert_eq!(checkout.run(&["generate", "--check"]).code, 0);
    let next = "next: commit products/s3-private/history and generated/, have them reviewed, then `cargo xtask plan";
    assert!(ran.out.contains(next), "{}", ran.out);

    let before = checkout.snapshot();
    let again = release(&checkout, "Second");
    assert_eq!(again.code, 1);
    assert!(
        again.err.contains("the template is the same as v1.0.0"),
        "{}",
        again.err
    );
    assert!(before == checkout.snapshot());
}

#[test]
fn a_frozen_body_that_was_touched_is_found_by_check_and_stops_the_next_release() {
    let checkout = unreleased();
    release(&checkout, "First");
    checkout.replace(
        "products/s3-private/history/v1.0.0.yaml",
        "AES256",
        "aws:kms",
    );
    for ran in [
        checkout.run(&["check", "s3-private"]),
        release(&checkout, "Second"),
    ] {
        assert_eq!(ran.code, 1);
        let text = ran.out + &ran.err;
        assert!(
            text.contains("v1.0.0.yaml") && text.contains("the ledger says"),
            "{text}"
        );
        assert!(text.contains("hint: a frozen body never changes"), "{text}");
    }
}

#[test]
fn only_what_was_generated_and_explained_is_released() {
    let checkout = unreleased();
    let empty = release(&checkout, "  ");
    assert_eq!(empty.code, 1);
    assert!(empty.err.contains("the note is empty"), "{}", empty.err);

    checkout.replace("generated/products/s3-private.yaml", "AES256", "aws:kms");
    let stale = release(&checkout, "First");
    assert_eq!(stale.code, 1);
    assert!(
        stale.err.contains("is not what the model makes"),
        "{}",
        stale.err
    );
    assert!(!checkout.path("products/s3-private/history").exists());
}

#[test]
fn what_older_versions_lost_before_asks_for_no_bump_again() {
    let checkout = Checkout::new();
    checkout.replace(
        "products/s3-private/settings.yaml",
        "abortIncompleteUploadsAfterDays: 7",
        "abortIncompleteUploadsAfterDays: 8",
    );
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // An update from v1.0.0 drops a parameter, and did so to the version released last.
    let ran = checkout.run(&[
        "release",
        "s3-private",
        "--bump",
        "patch",
        "--note",
        "Longer",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let line = checkout.read("products/s3-private/history/versions.yaml");
    let (_, newest) = line.rsplit_once("- name:").unwrap();
    assert!(!newest.contains("impact:"), "{newest}");
    // People whose products run them are told all the same.
    assert!(
        ran.out
            .contains("v1.1.7 to v1.1.10: What you chose for S3UserARNs no longer counts."),
        "{}",
        ran.out
    );
}

/// What `release` printed and wrote for the notebook's newest version.
fn newest_line(checkout: &Checkout) -> serde_yaml::Value {
    let text = checkout.read("products/linux-docker/history/versions.yaml");
    let ledger: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let versions = ledger["versions"].as_sequence().unwrap();
    versions[versions.len() - 1].clone()
}

#[test]
fn the_least_step_is_what_the_impact_allows_and_the_description_says_it() {
    let checkout = Checkout::new();
    std::fs::remove_dir_all(checkout.path("products/linux-docker/history")).unwrap();
    std::fs::remove_file(checkout.path("products/linux-docker/legacy.json")).unwrap();
    let run = |bump: &str, note: &str| {
        checkout.run(&["release", "linux-docker", "--bump", bump, "--note", note])
    };
    checkout.run(&["generate"]);
    assert_eq!(run("major", "First").code, 0);

    // Each change, the step that is refused, the least that is not, and what people read.
    for (file, from, to, refused, least, sentence) in [
        (
            "products/linux-docker/settings.yaml",
            "retentionDays: 30",
            "retentionDays: 60",
            None,
            "patch",
            "Updates what is running without an interruption.",
        ),
        (
            "products/linux-docker/settings.yaml",
            "ids: { us-east-1: ami-07260db8d2b10c0ad }",
            "ids: { us-east-1: ami-0ffffffffffffffff }",
            Some("minor"),
            "major",
            "Replaces the machine: files on it are lost. Save them first.",
        ),
        (
            "products/linux-docker/settings.yaml",
            "t3a.micro, t3a.small",
            "t3a.nano, t3a.micro, t3a.small",
            Some("patch"),
            "minor",
            "From v1.0.1 and before: Replaces the machine: files on it are lost. Save them first. From v2.0.0: What is running stays as it is.",
        ),
        (
            "products/linux-docker/settings.yaml",
            "t3a.nano, t3a.micro, t3a.small",
            "t3a.micro, t3a.small",
            Some("minor"),
            "major",
            "From v1.0.1 and before: Replaces the machine: files on it are lost. Save them first. From v2.1.0: The update form asks anew: check EC2InstanceType. From v2.0.0: What is running stays as it is.",
        ),
    ] {
        checkout.replace(file, from, to);
        let generated = checkout.run(&["generate"]);
        assert_eq!(generated.code, 0, "{}", generated.err);
        if let Some(refused) = refused {
            let before = checkout.snapshot();
            let ran = run(refused, "Not enough");
            assert_eq!(ran.code, 1, "{}", ran.out);
            let wanted = format!("a {refused} release is not enough for this change:\n  - ");
            assert!(ran.err.contains(&wanted), "{}", ran.err);
            let hint = format!("hint: release with `--bump {least}`");
            assert!(ran.err.contains(&hint), "{}", ran.err);
            assert!(before == checkout.snapshot());
        }
        let ran = run(least, "Enough");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let line = newest_line(&checkout);
        let description = line["description"].as_str().unwrap();
        assert_eq!(description, format!("Enough. {sentence}"));
        let impact = &line["origin"]["released"]["impact"];
        assert_eq!(impact.as_sequence().is_some(), least == "major", "{line:?}");
    }
}
