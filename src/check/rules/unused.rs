//! `unused`: every mapping and condition is used.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Path, Target};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "unused",
    severity: Severity::Warning,
    what: "Every mapping and condition is used.",
    why: "Whoever reads the template looks for a meaning that isn't there.",
    fix: "use it, or remove it",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let is_used = |wanted: Target<'_>| subject.targets.contains(&wanted);
    for name in subject.template.mappings.keys() {
        if !is_used(Target::Mapping(name)) {
            report.at(
                Path::of(["Mappings", name]),
                format!("nothing uses the mapping `{name}`"),
            );
        }
    }
    for name in subject.template.conditions.keys() {
        if !is_used(Target::Condition(name)) {
            report.at(
                Path::of(["Conditions", name]),
                format!("nothing uses the condition `{name}`"),
            );
        }
    }
}
