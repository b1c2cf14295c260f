//! `reference-kind`: what names a subnet, a group or a network is one.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Intrinsic, Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "reference-kind",
    severity: Severity::Error,
    what: "A reference in a place for a subnet, a security group, a network or a function's role is to one.",
    why: "The service refuses the id of another thing in the middle of a launch.",
    fix: "refer to the resource that the property is about",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html",
    check: Check::Template(check),
};

/// Properties, and the types of which one of them names a resource.
const PLACES: [(&str, &[&str]); 8] = [
    ("SecurityGroupIds", GROUPS),
    ("SubnetId", SUBNETS),
    ("SubnetIds", SUBNETS),
    ("Subnets", SUBNETS),
    ("VPCZoneIdentifier", SUBNETS),
    ("VpcId", &["AWS::EC2::VPC"]),
    ("VpcSecurityGroupIds", GROUPS),
    ("Role", ROLES),
];
const GROUPS: &[&str] = &["AWS::EC2::SecurityGroup"];
const SUBNETS: &[&str] = &["AWS::EC2::Subnet"];
const ROLES: &[&str] = &["AWS::IAM::Role"];
/// Attributes that name a resource itself, and nothing beside it.
const OWN: [&str; 6] = [
    "Arn",
    "GroupId",
    "InstanceId",
    "SubnetId",
    "VpcId",
    "RoleId",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        let is_function = resource.kind == "AWS::Lambda::Function";
        if !resource.kind.starts_with("AWS::") {
            continue;
        }
        for (name, value) in &resource.properties {
            let found = PLACES.iter().find(|(place, _)| place == name);
            let Some((_, kinds)) = found.filter(|(place, _)| *place != "Role" || is_function)
            else {
                continue;
            };
            let at = Path::properties(id).join(name);
            each(subject, &at, value, kinds, report);
        }
    }
}

fn each(subject: &Subject<'_>, at: &Path, node: &Node, kinds: &[&str], report: &mut Report) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                each(subject, &at.join(index.to_string()), item, kinds, report);
            }
        }
        Node::Intrinsic(function) => {
            let named = match &**function {
                Intrinsic::Ref(name) => name,
                Intrinsic::GetAtt {
                    resource,
                    attribute,
                } if OWN.contains(&attribute.as_str()) => resource,
                Intrinsic::If {
                    then, otherwise, ..
                } => {
                    each(subject, &at.join("If"), then, kinds, report);
                    return each(subject, &at.join("If"), otherwise, kinds, report);
                }
                _ => return,
            };
            let Some(resource) = subject.template.resources.get(named) else {
                return;
            };
            // What others make may be anything, and so may what stands in Parameter Store.
            let kind = resource.kind.as_str();
            let is_open = !kind.starts_with("AWS::") || kind.starts_with("AWS::CloudFormation::");
            if !is_open && !kinds.contains(&kind) {
                let message = format!("`{named}` is a `{kind}`, and it takes {}", kinds.join(", "));
                report.at(at.clone(), message);
            }
        }
        _ => {}
    }
}
