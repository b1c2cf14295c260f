//! `iam-trust`: a service may take a role, or call a function, for this account only.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;
use crate::iam::{actions, service_fault};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-trust",
    severity: Severity::Warning,
    what: "A service may take a role, or call a function, for this account only.",
    why: "A service that acts for many accounts can be made to act on yours for another.",
    fix: "add a condition on aws:SourceAccount or aws:SourceArn",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    check: Check::Template(check),
};

/// Services that tell on whose behalf they take a role, as the page of each on the confused deputy
/// says; API Gateway, EC2 and Lambda have none for roles.
const SERVICES: [&str; 6] = [
    "batch.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "events.amazonaws.com",
    "scheduler.amazonaws.com",
    "ssm.amazonaws.com",
    "states.amazonaws.com",
];

/// What says which callers are meant.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const CALLER: [&str; 8] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:userid",
    "aws:username",
    "sts:ExternalId",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        // Where a service is asked on whose behalf it calls, nothing is said of who else calls.
        let anybody = |name: &Node| name.as_str() == Some("*");
        if allow.purpose == Purpose::Trust
            && allow
                .principals()
                .iter()
                .any(|(kind, name)| matches!(*kind, "*" | "AWS") && anybody(name))
            && !allow.asks(&CALLER)
        {
            report.of(
                Severity::Error,
                allow.at.join("Principal"),
                "anybody in any account may take the role",
            );
        }
        if allow.purpose != Purpose::Trust
            || allow.asks(&["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"])
        {
            continue;
        }
        for (_, name) in allow.principals() {
            let service = name.as_str().unwrap_or_default();
            if SERVICES.contains(&service) {
                report.at(
                    allow.at.join("Condition"),
                    format!("{service} may take the role for any account"),
                );
            }
        }
    }
    for view in subject.of_type("AWS::Lambda::Permission") {
        let is_service = view
            .get(&["Principal"])
            .and_then(Node::as_str)
            .is_some_and(|name| name.ends_with(".amazonaws.com"));
        let principal = view.get(&["Principal"]).and_then(Node::as_str);
        let principal = principal.filter(|name| name.ends_with(".amazonaws.com"));
        if let Some(fault) = principal.and_then(service_fault) {
            let message = format!(
                "there is no service `{}`: {fault}",
                principal.unwrap_or_default()
            );
            report.of(Severity::Error, view.path(&["Principal"]), message);
        }
        let action = view.get(&["Action"]).and_then(Node::as_str);
        let action = action.filter(|action| !action.contains('*'));
        if let Some(unknown) = action.and_then(|action| actions().check(action)) {
            let message = unknown.to_string().replace("\n  hint:", ";");
            report.of(Severity::Error, view.path(&["Action"]), message);
        }
        let is_bound = view.get(&["SourceArn"]).is_some() || view.get(&["SourceAccount"]).is_some();
        if is_service && !is_bound {
            report.at(
                view.path(&["SourceArn"]),
                "the service may call the function for any account",
            );
        }
    }
}
