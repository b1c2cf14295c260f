//! `retention`: what holds people's data outlives its stack.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{DeletionPolicy, Path, UpdateReplacePolicy};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "retention",
    severity: Severity::Error,
    what: "What holds people's data outlives its stack.",
    why: "An update that replaces it, or a stack that is deleted, takes the data with it.",
    fix: "set DeletionPolicy and UpdateReplacePolicy to Retain",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
    check: Check::Template(check),
};

/// The types that hold what people put there.
const HOLDERS: [&str; 5] = [
    "AWS::S3::Bucket",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::DynamoDB::Table",
    "AWS::RDS::DBInstance",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    // Whoever made a template of their own may have meant it.
    let severity = subject.of_house();
    for (id, resource) in &subject.template.resources {
        if !HOLDERS.contains(&resource.kind.as_str()) {
            continue;
        }
        let at = |attribute: &str| Path::of(["Resources", id, attribute]);
        if matches!(
            resource.deletion_policy,
            None | Some(DeletionPolicy::Delete)
        ) {
            report.of(
                severity,
                at("DeletionPolicy"),
                "it is deleted with its stack",
            );
        }
        if matches!(
            resource.update_replace_policy,
            None | Some(UpdateReplacePolicy::Delete)
        ) {
            report.of(
                severity,
                at("UpdateReplacePolicy"),
                "it is deleted when an update replaces it",
            );
        }
    }
}
