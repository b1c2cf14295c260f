//! `iam-wildcard-resource`: a policy names the resources that it lets change.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::iam::actions;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-wildcard-resource",
    severity: Severity::Error,
    what: "A policy names the resources that it lets change.",
    why: "What one product may do to all resources, it may do to other people's.",
    fix: "name the resource, or ask for its tag in a condition",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        if allow.purpose != Purpose::Identity || !allow.is_for_all() || allow.is_conditional() {
            continue;
        }
        let all = allow.actions.iter();
        let changes = all.filter(|action| actions().changes_resources(action));
        let names: Vec<String> = changes.map(|action| format!("`{action}`")).collect();
        if !names.is_empty() {
            let message = format!("allowed on every resource: {}", names.join(", "));
            report.of(subject.of_house(), allow.at.join("Resource"), message);
        }
    }
}
