//! `role-name`: a role, profile or policy that has a path is given by ARN.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::is_left_out;
use crate::cfn::{Path, Resource, Target};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "role-name",
    severity: Severity::Error,
    what: "A role or an instance profile that has a path is given by ARN, not by its bare name.",
    why: "Services take a bare name for that of a role at the path `/`: the launch fails, role not found.",
    fix: "take the attribute `Arn` (`Fn::GetAtt`)",
    source: "https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateComputeEnvironment.html",
    check: Check::Template(check),
};

/// Where a name is enough, whatever the path: IAM's own names are unique in an account, and EC2 finds
/// a profile by its name. Type, and the property that takes the name.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileSpecification.html>
const BY_NAME: [(&str, &str); 6] = [
    ("AWS::IAM::InstanceProfile", "Roles"),
    ("AWS::IAM::ManagedPolicy", "Roles"),
    ("AWS::IAM::Policy", "Roles"),
    ("AWS::IAM::RolePolicy", "RoleName"),
    ("AWS::EC2::Instance", "IamInstanceProfile"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData"),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    let resources = &subject.template.resources;
    let is_below_a_path = |target: Target<'_>| matches!(target, Target::Name(id) if resources.get(id).is_some_and(has_path));
    for reference in subject.references_to(is_below_a_path) {
        if takes_name(subject, &reference.at) {
            continue;
        }
        let id = reference.name().unwrap_or_default();
        report.at(
            reference.at,
            format!("it gives {id} by its bare name, and {id} has a path"),
        );
    }
}

/// Whether a resource's `Ref` is a name that leaves a path out. A path that isn't known before the
/// launch counts: it may be any.
fn has_path(resource: &Resource) -> bool {
    let is_named = matches!(
        resource.kind.as_str(),
        "AWS::IAM::Role" | "AWS::IAM::InstanceProfile"
    );
    let path = resource.properties.get("Path");
    is_named && path.is_some_and(|path| path.as_str() != Some("/") && !is_left_out(path))
}

/// Whether a place takes a bare name: one of those above, outside of what resources are made of, or
/// a dependency.
fn takes_name(subject: &Subject<'_>, at: &Path) -> bool {
    let [section, id, attribute, property, ..] = at.segments() else {
        return true;
    };
    if section != "Resources" || attribute != "Properties" {
        return true;
    }
    let kind = subject.template.resources.get(id);
    let kind = kind.map_or("", |resource| resource.kind.as_str());
    BY_NAME.contains(&(kind, property.as_str()))
}
