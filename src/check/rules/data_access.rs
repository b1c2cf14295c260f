//! `data-access`: what gives away data is limited to some.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::iam::gives_away_data;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "data-access",
    severity: Severity::Error,
    what: "Actions that give away secrets and data name the resources that they work on.",
    why: "On `*`, whoever has the role reads every secret, parameter, object and key of the account.",
    fix: "name the ARNs of what it needs, or a prefix of them",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        if allow.purpose != Purpose::Identity || !allow.is_for_all() || allow.is_conditional() {
            continue;
        }
        for action in &allow.actions {
            if gives_away_data(action) {
                report.at(
                    allow.at.join("Resource"),
                    format!("`{action}` on everything there is"),
                );
            }
        }
    }
}
