//! `transform`: a transform of AWS is one that there is.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Path, Transform};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "transform",
    severity: Severity::Error,
    what: "A transform of AWS is one that there is.",
    why: "CloudFormation finds no transform of that name, and refuses the template.",
    fix: "correct the name: the reference lists them",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for transform in &subject.template.transform {
        let name = transform.name.as_str();
        if name.starts_with("AWS::") && !Transform::OF_AWS.contains(&name) {
            report.at(
                Path::of(["Transform"]),
                format!("AWS has no transform `{name}`"),
            );
        } else if name.parse::<f64>().is_ok() {
            report.at(
                Path::of(["Transform"]),
                format!("`{name}` is no name of a macro"),
            );
        }
    }
}
