//! `data-access`: what gives away data is limited to some.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};

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

/// In lower case.
const READS: [&str; 8] = [
    "secretsmanager:getsecretvalue",
    "ssm:getparameter",
    "ssm:getparameters",
    "ssm:getparametersbypath",
    "kms:decrypt",
    "s3:getobject",
    "dynamodb:scan",
    "sts:assumerole",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        if allow.purpose != Purpose::Identity || !allow.is_for_all() || allow.is_conditional() {
            continue;
        }
        for action in &allow.actions {
            if READS.contains(&action.to_ascii_lowercase().as_str()) {
                report.at(
                    allow.at.join("Resource"),
                    format!("`{action}` on everything there is"),
                );
            }
        }
    }
}
