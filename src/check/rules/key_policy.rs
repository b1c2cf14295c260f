//! `key-policy`: somebody can change the policy of a key.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "key-policy",
    severity: Severity::Error,
    what: "A key's policy lets somebody of the account change it.",
    why: "KMS refuses a policy that locks everybody out; what is locked can't even be deleted.",
    fix: "allow kms:* to the account's root, `arn:aws:iam::${AWS::AccountId}:root`, or kms:PutKeyPolicy to a role",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::KMS::Key") {
        let Some(policy) = view.get(&["KeyPolicy"]).and_then(Node::as_map) else {
            continue;
        };
        let statements = Node::one_or_more(policy.get("Statement"));
        if !statements.iter().any(|statement| may_administer(statement)) {
            report.at(view.path(&["KeyPolicy"]), "nobody can change this policy");
        }
    }
}

/// Whether a statement may let somebody put another policy. What isn't known may.
fn may_administer(statement: &Node) -> bool {
    if statement.as_intrinsic().is_some() {
        return true;
    }
    if statement.get("Effect").and_then(Node::as_str) == Some("Deny") {
        return false;
    }
    let actions = Node::one_or_more(statement.get("Action"));
    let puts = actions.iter().any(|action| match action.as_str() {
        Some(action) => {
            let lower = action.to_ascii_lowercase();
            let start = lower.split('*').next().unwrap_or_default();
            lower == "kms:putkeypolicy"
                || lower.contains('*') && "kms:putkeypolicy".starts_with(start)
        }
        None => true,
    });
    let principal = match statement.get("Principal") {
        Some(Node::Map(kinds)) => kinds.keys().any(|kind| kind != "Service"),
        Some(_) => true,
        None => statement.get("NotPrincipal").is_some(),
    };
    (puts || statement.get("NotAction").is_some()) && principal
}
