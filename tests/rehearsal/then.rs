//! What kept products from launching with version 2.0.0: a rehearsal finds each of it by itself.

use crate::harness::{Checkout, THEN};
use compute_catalog::rehearsal::Finding;

/// The finding that says all of this.
#[track_caller]
fn one<'a>(findings: &'a [Finding], says: &[&str]) -> &'a Finding {
    let all = |finding: &&Finding| {
        let text = finding.text();
        says.iter().all(|part| text.contains(part))
    };
    findings.iter().find(all).unwrap_or_else(|| {
        let all: Vec<String> = findings.iter().map(Finding::text).collect();
        panic!("nothing says {says:?}:\n{}", all.join("\n\n"))
    })
}

#[test]
fn jobs_name_a_role_without_its_path() {
    let findings = Checkout::of(THEN).from("v1.4.6").findings("scheduled-job");
    let finding = one(
        &findings,
        &["ComputeEnvironment", "CREATE_FAILED", "no such role"],
    );
    assert_eq!(finding.property.as_deref(), Some("ServiceRole"));
    let place = &finding.places[0];
    assert!(place.file.ends_with("products/scheduled-job.yaml"));
    let line = std::fs::read_to_string(crate::harness::root().join(&place.file)).unwrap();
    let line = line.lines().nth(place.line - 1).unwrap();
    assert!(line.contains("ServiceRole: !Ref ServiceRole"), "{line}");
    // A job's trigger of a version before this catalog can't be updated: its macros.
    for transform in ["transform/PyPlate", "transform/Serverless-2016-10-31"] {
        let says = ["cloudformation:CreateChangeSet", transform, "stays on"];
        one(&findings, &says);
    }
    one(
        &findings,
        &["lambda:InvokeFunction", "PyPlate-TransformFunction"],
    );
}

#[test]
fn notebooks_cannot_attach_their_policy_nor_reach_the_listener_rules() {
    let findings = Checkout::of(THEN).from("v1.5.0").findings("notebook");
    let policy = one(
        &findings,
        &[
            "NotebookTokenPolicy",
            "iam:AttachRolePolicy",
            "iam:PolicyARN",
        ],
    );
    assert!(policy.places[0].what.contains("PoliciesOfRoles"));
    // The boundary keeps the function from the account's function, and then its rollback.
    let boundary = |status| {
        let says = [
            "NotebookListenerRule",
            status,
            "the permissions boundary",
            "CallFunctions",
        ];
        one(&findings, &says)
    };
    boundary("CREATE_FAILED");
    boundary("DELETE_FAILED");
    // Notebooks of versions before this catalog can't be ended.
    let rule = [
        "AlbListenerRule",
        "DELETE_FAILED",
        "lambda:InvokeFunction",
        "end of v1.5.0",
    ];
    one(&findings, &rule);
    let key = [
        "SSMParameterEncryptionKey",
        "DELETE_FAILED",
        "kms:ScheduleKeyDeletion",
    ];
    let key = one(&findings, &key);
    assert!(
        key.message.contains("which the call doesn't carry"),
        "{}",
        key.message
    );
    one(
        &findings,
        &["CreateChangeSet", "transform/Include", "stays on v1.5.0"],
    );
}

#[test]
fn restricted_buckets_of_before_cannot_be_ended() {
    for product in ["s3-private", "s3-synapse"] {
        let findings = Checkout::of(THEN).from("v1.4.9").findings(product);
        for action in [
            "DeletePolicy",
            "DeletePolicyVersion",
            "GetPolicy",
            "ListEntitiesForPolicy",
            "ListPolicyVersions",
        ] {
            let action = format!("iam:{action} on");
            one(&findings, &["BucketPolicyAccess", "DELETE_FAILED", &action]);
        }
        let detach = [
            "RestrictDownloadFunctionRole",
            "DELETE_FAILED",
            "iam:DetachRolePolicy",
        ];
        one(&findings, &detach);
    }
}

#[test]
fn a_log_group_of_a_fixed_name_stays_when_an_update_fails() {
    for (product, version) in [("linux-docker", "v1.4.15"), ("notebook", "v1.4.15")] {
        let findings = Checkout::of(THEN).from(version).findings(product);
        let log = [
            "SystemLogGroup",
            "already exists",
            "fails and is tried again",
        ];
        one(&findings, &log);
    }
}

#[test]
fn what_nobody_says_is_tried_both_ways() {
    let findings = Checkout::of(THEN).alone().findings("windows");
    let trust = one(&findings, &["without aws:SourceAccount", "CREATE_FAILED"]);
    assert!(trust.places[0].what.contains("trust policy"));
    let automation = ["ssm:StartAutomationExecution", "automation-execution"];
    one(&findings, &automation);
}

#[test]
fn a_named_launch_role_must_be_in_the_account_of_the_catalog() {
    let findings = Checkout::of(THEN)
        .alone()
        .launched_by_name("SCLaunchRole")
        .findings("linux-docker");
    one(
        &findings,
        &["the launch constraint", "SCLaunchRole", "no such role"],
    );
}
