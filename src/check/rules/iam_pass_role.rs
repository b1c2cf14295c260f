//! `iam-pass-role`: a role is handed to named services only.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-pass-role",
    severity: Severity::Error,
    what: "A role is handed to named services only.",
    why: "Whoever can hand a role to any service can use the role.",
    fix: "add a condition on iam:PassedToService, and name the role",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        let passes = |action: &String| {
            matches!(
                action.to_ascii_lowercase().as_str(),
                "iam:passrole" | "iam:*" | "*"
            )
        };
        // What an endpoint or a bucket lets through hands over nothing.
        if allow.purpose == Purpose::Resource || !allow.actions.iter().any(passes) {
            continue;
        }
        if allow.is_for_all() {
            report.at(allow.at.join("Resource"), "any role can be handed over");
        }
        if !allow.asks(&["iam:PassedToService"]) {
            report.of(
                subject.of_house(),
                allow.at.join("Condition"),
                "the role can be handed to any service",
            );
        }
    }
}
