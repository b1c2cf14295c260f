//! What isn't let go: products that can't live in an account, and rights that nobody has explained.

use crate::checkout::Checkout;

const FOUNDATION: &str = "portfolios/foundation.yaml";

/// A checkout whose boundary refuses what the function of buckets does at every launch.
fn bound_too_tightly() -> Checkout {
    let checkout = Checkout::new();
    checkout.replace(
        FOUNDATION,
        "actions: [s3:DeleteBucketPolicy, s3:GetBucketPolicy, s3:PutBucketPolicy]",
        "actions: [s3:GetBucketPolicy]",
    );
    checkout
}

#[test]
fn a_product_that_cannot_live_in_an_account_is_not_released() {
    let checkout = bound_too_tightly();
    // As if nothing were released: every step is one that could be taken.
    std::fs::remove_dir_all(checkout.path("products/s3-private/history")).unwrap();
    let before = checkout.snapshot();
    for more in [&[][..], &["--unrehearsed"]] {
        let mut arguments = vec![
            "release",
            "s3-private",
            "--bump",
            "major",
            "--note",
            "First",
        ];
        arguments.extend(more);
        let ran = checkout.run(&arguments);
        assert_eq!(ran.code, 1, "{}", ran.err);
        for said in ["s3:PutBucketPolicy", "permissions boundary", "hint:"] {
            assert!(ran.err.contains(said), "{said}: {}", ran.err);
        }
    }
    assert!(before == checkout.snapshot());
}

#[test]
fn nor_is_it_published_where_people_launch() {
    let checkout = Checkout::new();
    // Nothing that `check` could see: a function that isn't ours answers otherwise.
    checkout.replace(
        "portfolios/outside.yaml",
        "cfn-cr-synapse-tagger-SetBucketTagsFunction-1A2B3C4D5E6F7 }",
        "cfn-cr-synapse-tagger-SetBucketTagsFunction-1A2B3C4D5E6F7, update: failed }",
    );
    let ran = checkout.run(&["publish", "s3-private", "--env", "develop", "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for said in [
        "products/s3-private/history/",
        "UPDATE_FAILED",
        "isn't let go",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
}

#[test]
fn a_right_without_a_reason_and_a_page_that_is_not_true_are_told() {
    let checkout = Checkout::new();
    let ran = checkout.run(&["access", "--check"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);

    checkout.replace(
        "portfolios/end-users.yaml",
        "logGroups:\n",
        "logGroups:\n  - /SC-*\n",
    );
    checkout.replace(
        "portfolios/access.yaml",
        "job-definition-read",
        "secret-read",
    );
    let before = checkout.snapshot();
    let ran = checkout.run(&["access", "--check"]);
    assert_eq!(ran.code, 1);
    for said in [
        "staff may read the definitions of jobs of others",
        "statement SeeJobs of generated/end-users.yaml#SCEnduserBatchReadOnlyPolicy",
        "reason 2 of `secret-read` is for staff and nothing of it is allowed",
        "run `cargo xtask access`",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert!(
        ran.out.contains("stale: generated/access.md"),
        "{}",
        ran.out
    );
    assert!(before == checkout.snapshot());
}

/// What another evaluator is asked: the documents as they stand in the account, and what was decided.
#[test]
fn decisions_are_written_with_the_policies_that_they_were_taken_by() {
    let checkout = bound_too_tightly();
    let ran = checkout.run(&["rehearse", "s3-private", "--decisions", "decisions.json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let text = std::fs::read_to_string(checkout.path("decisions.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    let principals = written["principals"].as_array().unwrap();
    let refused = |one: &&serde_json::Value| one["allowed"] == false;
    let mut refused = written["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(refused);
    let function = refused
        .find(|one| one["action"] == "s3:PutBucketPolicy")
        .unwrap();
    assert_eq!(
        function["context"]["aws:viaawsservice"],
        serde_json::Value::Null
    );
    let role = &principals[function["principal"].as_u64().unwrap() as usize];
    let names =
        |document: &serde_json::Value| document.as_str().unwrap().contains("s3:PutBucketPolicy");
    assert!(
        role["identity"].as_array().unwrap().iter().any(names),
        "{role}"
    );
    let boundary: serde_json::Value =
        serde_json::from_str(role["boundary"].as_str().unwrap()).unwrap();
    assert!(boundary["Statement"].is_array(), "{boundary}");
}
