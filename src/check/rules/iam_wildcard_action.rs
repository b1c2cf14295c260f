//! `iam-wildcard-action`: a policy names the actions that it allows.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-wildcard-action",
    severity: Severity::Error,
    what: "A policy names the actions that it allows.",
    why: "A service's next action is allowed as soon as AWS adds it.",
    fix: "name the actions",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    check: Check::Template(check),
};

/// The services by which more rights can be had.
const POWERS: [&str; 5] = ["iam", "kms", "organizations", "sts", "*"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        if allow.statement.contains_key("NotAction") {
            report.at(
                allow.at.join("NotAction"),
                "all but a few actions are allowed",
            );
        }
        // A key's own policy must let its account administer the key, or nobody can.
        let is_key = allow.property.resource.kind == "AWS::KMS::Key";
        let is_account = allow
            .principals()
            .iter()
            .any(|(_, name)| Node::to_json(name).to_string().contains(":root"));
        for action in &allow.actions {
            let is_wide = action.contains('*') && !(is_key && is_account && action == "kms:*");
            if is_wide && allow.purpose != Purpose::Trust {
                // Those of whoever decides what everybody may do are more than a service's.
                let all = action.to_ascii_lowercase();
                let is_of_power = match all.split_once(':') {
                    Some((service, "*")) => POWERS.contains(&service),
                    Some(_) => false,
                    None => true,
                };
                let severity = subject.of_house_unless(is_of_power);
                report.of(
                    severity,
                    allow.at.join("Action"),
                    format!("`{action}` allows actions that nobody named"),
                );
            }
        }
    }
}
