//! `description`: the template, every parameter and every output says what it is for.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "description",
    severity: Severity::Warning,
    what: "The template, every parameter and every output says what it is for.",
    why: "The launch form shows a bare name, and people guess.",
    fix: "describe it in a sentence",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let of_template = subject.template.description.as_deref();
    if of_template.unwrap_or_default().trim().is_empty() {
        report.at(Path::of(["Description"]), "the template has no description");
    }
    for (name, parameter) in &subject.template.parameters {
        let at = || Path::of(["Parameters", name]);
        if parameter
            .description
            .as_deref()
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            report.at(at(), format!("`{name}` has no description"));
        }
        if parameter.allowed_pattern.is_some() && parameter.constraint_description.is_none() {
            report.at(
                at(),
                format!("`{name}` has a pattern, and no text that says what it asks for"),
            );
        }
    }
    for (name, output) in &subject.template.outputs {
        let text = output.description.as_deref().unwrap_or_default();
        if text.trim().is_empty() {
            report.at(
                Path::of(["Outputs", name]),
                format!("the output `{name}` has no description"),
            );
        }
    }
}
