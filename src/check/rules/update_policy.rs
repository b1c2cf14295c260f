//! `update-policy`: an update policy is one of the resource's type.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Map, Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "update-policy",
    severity: Severity::Error,
    what: "An update policy is one that the resource's type has.",
    why: "CloudFormation refuses the template, or updates the resource in another way than was meant.",
    fix: "see the page for which types have which",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html",
    check: Check::Template(check),
};

const GROUPS: &[&str] = &["AWS::AutoScaling::AutoScalingGroup"];
const POLICIES: [(&str, &[&str]); 6] = [
    ("AutoScalingReplacingUpdate", GROUPS),
    ("AutoScalingRollingUpdate", GROUPS),
    ("AutoScalingScheduledAction", GROUPS),
    ("CodeDeployLambdaAliasUpdate", &["AWS::Lambda::Alias"]),
    (
        "EnableVersionUpgrade",
        &[
            "AWS::OpenSearchService::Domain",
            "AWS::Elasticsearch::Domain",
        ],
    ),
    (
        "UseOnlineResharding",
        &["AWS::ElastiCache::ReplicationGroup"],
    ),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        let kind = resource.kind.as_str();
        let policy = resource.update_policy.as_ref().and_then(Node::as_map);
        for key in policy.into_iter().flat_map(Map::keys) {
            let message = match POLICIES.iter().find(|(name, _)| name == key) {
                None => format!("`{key}` is no update policy"),
                // What macros make of their own types isn't known.
                Some((_, kinds))
                    if !kinds.contains(&kind)
                        && kind.starts_with("AWS::")
                        && !kind.starts_with("AWS::Serverless::") =>
                {
                    format!("`{key}` is of {}", kinds.join(", "))
                }
                Some(_) => continue,
            };
            report.at(Path::of(["Resources", id, "UpdatePolicy", key]), message);
        }
    }
}
