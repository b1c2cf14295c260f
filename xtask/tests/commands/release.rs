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
        assert!(
            text.contains("hint: a released body never changes"),
            "{text}"
        );
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
    assert!(!ran.out.contains("S3UserARNs"), "{}", ran.out);
}
