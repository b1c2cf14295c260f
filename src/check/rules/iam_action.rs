//! `iam-action`: every action of a policy exists.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::iam::actions;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-action",
    severity: Severity::Error,
    what: "Every action of a policy exists.",
    why: "A misspelt action allows nothing, and the product fails when it is used.",
    fix: "correct the name",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    // What nobody can do needn't be denied: a misspelt action denies nothing.
    for allow in subject.allows.iter().chain(&subject.denies) {
        for action in &allow.actions {
            if action.contains(['*', '?', '$']) {
                continue;
            }
            if let Some(unknown) = actions().check(action) {
                let text = unknown.to_string().replace("\n  hint: ", "; ");
                report.at(allow.at.join("Action"), text);
            }
        }
    }
}
