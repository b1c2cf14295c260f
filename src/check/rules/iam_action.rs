//! `iam-action`: every action of a policy exists.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;
use crate::iam::{ActionSpelling, actions, services};
use std::collections::BTreeSet;

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
    let mut unseen = BTreeSet::new();
    for allow in &subject.allows {
        for action in &allow.actions {
            if action.contains(['*', '?', '$']) {
                continue;
            }
            if let Some(unknown) = actions().check(action) {
                let service = action.split(':').next().unwrap_or_default();
                let is_known = services().contains(service);
                if unknown.why == ActionSpelling::Service && is_known && !subject.is_of_catalog {
                    unseen.insert(service.to_owned());
                    continue;
                }
                let text = unknown.to_string().replace("\n  hint: ", "; ");
                report.at(allow.at.join("Action"), text);
            }
        }
    }
    if !unseen.is_empty() {
        let names = Vec::from_iter(unseen).join(", ");
        let message = format!(
            "the actions of these services aren't known here: {names}; lines in vendor/services.txt and `cargo xtask vendor refresh --pinned` bring them"
        );
        report.of(Severity::Note, Path::of(["Resources"]), message);
    }
}
