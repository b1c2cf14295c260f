//! `parameter-default`: a default is a value that the parameter takes.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "parameter-default",
    severity: Severity::Error,
    what: "A default is a value that the parameter takes.",
    why: "The launch form opens with a value that it then refuses.",
    fix: "choose a default within the parameter's own constraints",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (name, parameter) in &subject.template.parameters {
        let Some(default) = parameter
            .default
            .as_ref()
            .and_then(crate::cfn::Node::scalar_text)
        else {
            continue;
        };
        if let Some(refusal) = parameter.refusal_by(&default, subject.pattern(name).ok().flatten())
        {
            report.at(
                Path::of(["Parameters", name, "Default"]),
                format!("the default {refusal}"),
            );
        }
    }
}
