//! `dynamic-reference`: a dynamic reference names a service, and what to look up there.

use super::super::subject::texts;
use super::super::{Check, Report, Rule, Severity, Subject};

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
