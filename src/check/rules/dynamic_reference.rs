//! `dynamic-reference`: a dynamic reference names a service, and what to look up there.

use super::super::subject::texts;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "dynamic-reference",
    severity: Severity::Error,
    what: "A dynamic reference names a service, and what to look up there: `{{resolve:ssm:name}}`.",
    why: "CloudFormation refuses the template, or takes the reference for text.",
    fix: "write `{{resolve:ssm:NAME}}`, `{{resolve:ssm-secure:NAME:VERSION}}` or `{{resolve:secretsmanager:ID:SecretString:KEY}}`",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html",
    check: Check::Template(check),
};

const START: &str = "{{resolve:";
const SERVICES: [&str; 3] = ["ssm", "ssm-secure", "secretsmanager"];

/// The types, and the properties of theirs, that take a secure parameter.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html>
const SECURE: [(&str, &str); 12] = [
    ("AWS::DirectoryService::MicrosoftAD", "Password"),
    ("AWS::DirectoryService::SimpleAD", "Password"),
    ("AWS::ElastiCache::ReplicationGroup", "AuthToken"),
    ("AWS::IAM::User", "Password"),
    ("AWS::KinesisFirehose::DeliveryStream", "Password"),
    ("AWS::OpsWorks::App", "Password"),
    ("AWS::OpsWorks::Stack", "Password"),
    ("AWS::OpsWorks::Stack", "DbPassword"),
    ("AWS::RDS::DBCluster", "MasterUserPassword"),
    ("AWS::RDS::DBInstance", "MasterUserPassword"),
    ("AWS::Redshift::Cluster", "MasterUserPassword"),
    // Whatever else a handler of its own makes of it isn't known.
    ("AWS::CloudFormation::CustomResource", ""),
];

/// Whether CloudFormation looks a secure parameter up at a place.
fn takes_secure(subject: &Subject<'_>, at: &Path) -> bool {
    let segments = at.segments();
    let id = segments
        .get(1)
        .filter(|_| segments.first().is_some_and(|first| first == "Resources"));
    let resource = id.and_then(|id| subject.template.resources.get(id));
    let Some(kind) = resource.map(|resource| resource.kind.as_str()) else {
        return false;
    };
    // Of types that CloudFormation took up since, a page tells later than it works.
    let is_known = resource_schemas::is_type(kind);
    !is_known
        || SECURE.iter().any(|(known, property)| {
            *known == kind && segments.iter().any(|segment| segment == property)
        })
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    // Nearly no template has any.
    if !subject.body.contains(START) {
        return;
    }
    subject.template.each_value(&mut |at, node| {
        texts(at, node, &mut |at, text| {
            for (start, _) in text.match_indices(START) {
                let rest = &text[start + START.len()..];
                let Some((inside, _)) = rest.split_once("}}") else {
                    // What closes it may come from another part of the text.
                    continue;
                };
                let (service, name) = inside.split_once(':').unwrap_or((inside, ""));
                if service.contains("${") {
                    continue;
                }
                if !SERVICES.contains(&service) {
                    let known = SERVICES.join(", ");
                    let message = format!("`{service}` is none of {known}");
                    report.at(at.path(), message);
                } else if service == "ssm-secure" && !takes_secure(subject, &at.path()) {
                    let message =
                        "no secure parameter is looked up here: only few properties take one";
                    report.at(at.path(), message);
                } else if name.trim_matches(':').is_empty() {
                    report.at(
                        at.path(),
                        format!("it names nothing to look up in {service}"),
                    );
                }
            }
        });
    });
}
