//! `managed-policy`: a managed policy of AWS is one that there is.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Trail};
use crate::yaml::nearest;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "managed-policy",
    severity: Severity::Error,
    what: "A managed policy of AWS is one that there is, by its path and name.",
    why: "IAM doesn't find the policy, and the launch fails.",
    fix: "copy the ARN from the policy's page",
    source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
    check: Check::Template(check),
};

/// Paths and names.
static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../vendor/managed-policy-names.json"))
        .unwrap_or_else(|error| panic!("vendor/managed-policy-names.json: {error}"))
});

fn check(subject: &Subject<'_>, report: &mut Report) {
    for property in subject.properties() {
        if !matches!(property.name, "ManagedPolicyArns" | "PermissionsBoundary") {
            continue;
        }
        let resources = Trail::top("Resources");
        let resource = resources.key(property.id);
        let properties = resource.key("Properties");
        let at = properties.key(property.name).path();
        let is_list = property.value.as_list().is_some();
        for (index, node) in Node::one_or_more(Some(property.value))
            .into_iter()
            .enumerate()
        {
            let text = crate::cfn::text::text_of(node);
            let Some((_, name)) = text.split_once(":iam::aws:policy/") else {
                continue;
            };
            if name.contains(['$', '*']) || NAMES.contains(name) {
                continue;
            }
            let at = match is_list {
                true => at.join(index.to_string()),
                false => at.clone(),
            };
            let plain = |full: &'static str| full.rsplit('/').next().unwrap_or(full);
            let own = name.rsplit('/').next().unwrap_or(name);
            // The right name by another path, or a name with a slip.
            let same = NAMES.iter().find(|full| plain(full) == own);
            let close = || {
                let near = nearest(own, NAMES.iter().map(|full| plain(full)))?;
                NAMES.iter().find(|full| plain(full) == near)
            };
            match same.or_else(close) {
                Some(near) => {
                    let message =
                        format!("AWS has no managed policy `{name}`; did you mean `{near}`?");
                    report.at(at, message);
                }
                // AWS adds some every month.
                None => {
                    let message = format!("`{name}` isn't among the managed policies known here");
                    report.of(Severity::Warning, at, message);
                }
            }
        }
    }
}
