//! Types of which nobody has said more than AWS's schema.

use crate::harness::{Checkout, NOW};

/// The findings of the private bucket with another resource beside it.
fn beside_a_bucket(resource: &str) -> Vec<String> {
    let file = "generated/products/s3-private.yaml";
    let begin = "\nResources:\n";
    let edited = Checkout::of(NOW)
        .alone()
        .edit(file, begin, &format!("{begin}{resource}"));
    let findings = edited.findings("s3-private");
    findings.iter().map(|finding| finding.text()).collect()
}

#[test]
fn what_launch_roles_grant_by_the_schema_is_lived_through() {
    let found = beside_a_bucket(
        "  Dead:
    Type: AWS::SQS::Queue
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Dead.Arn
        maxReceiveCount: 5
",
    );
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[track_caller]
fn is_unknown(resource: &str, on: &str) {
    let found = beside_a_bucket(resource);
    let told = format!("{on}: CREATE_FAILED: nothing is known of what this type does");
    assert!(
        found.iter().any(|finding| finding.contains(&told)),
        "{}",
        found.join("\n\n")
    );
}

#[test]
fn a_role_that_nobody_may_pass_on_is_told() {
    is_unknown(
        "  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      MonitoringRoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/monitors
",
        "Database (AWS::RDS::DBInstance)",
    );
}

#[test]
fn a_type_without_a_schema_is_told() {
    let mesh = "  Mesh:\n    Type: AWS::AppMesh::Mesh\n";
    is_unknown(mesh, "Mesh (AWS::AppMesh::Mesh)");
}
