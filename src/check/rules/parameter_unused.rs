//! `parameter-unused`: every parameter is used.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "parameter-unused",
    severity: Severity::Warning,
    what: "Every parameter is used.",
    why: "A person fills in a field that does nothing.",
    fix: "use the parameter, or remove it; a released version's parameter stays as long as products have it",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for name in subject.template.parameters.keys() {
        let mut targets = subject.targets.iter();
        if !targets.any(|target| target.name() == Some(name)) {
            report.at(
                Path::of(["Parameters", name]),
                format!("nothing uses `{name}`"),
            );
        }
    }
}
