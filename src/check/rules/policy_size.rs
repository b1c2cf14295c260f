//! `policy-size`: policies are no longer than IAM takes them.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Intrinsic, Node};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "policy-size",
    severity: Severity::Error,
    what: "Policies are no longer than IAM takes them: 10,240 characters for all that stand in a role, 6,144 for a managed policy, spaces aside.",
    why: "IAM refuses the role or the policy in the middle of a launch.",
    fix: "name prefixes with `*` in place of single resources, or divide it into several managed policies",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    check: Check::Template(check),
};

/// Types with the characters that all policies in one of their resources may have.
const MOST: [(&str, usize); 4] = [
    ("AWS::IAM::Group", 5_120),
    ("AWS::IAM::ManagedPolicy", 6_144),
    ("AWS::IAM::Role", 10_240),
    ("AWS::IAM::User", 2_048),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (kind, most) in MOST {
        for view in subject.of_type(kind) {
            let policies = view.get(&["Policies"]).and_then(Node::as_list);
            let documents = policies.into_iter().flatten();
            let documents = documents.filter_map(|policy| policy.get("PolicyDocument"));
            let document = view.get(&["PolicyDocument"]);
            let characters: usize = documents.chain(document).map(characters).sum();
            if characters > most {
                let property = if document.is_some() {
                    "PolicyDocument"
                } else {
                    "Policies"
                };
                let message = format!("at least {characters} characters; IAM takes {most}");
                report.at(view.path(&[property]), message);
            }
        }
    }
}

/// How many characters a document has at least: what a function gives isn't known.
fn characters(node: &Node) -> usize {
    match node {
        Node::Null => 4,
        Node::List(items) => 2 + items.iter().map(|item| characters(item) + 1).sum::<usize>(),
        Node::Map(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, value)| key.chars().count() + characters(value) + 4);
            1 + entries.sum::<usize>()
        }
        Node::Intrinsic(function) => match &**function {
            Intrinsic::Sub { text, .. } => text.split("${").next().map_or(0, str::len) + 2,
            _ => 2,
        },
        scalar => {
            let text = scalar.scalar_text().unwrap_or_default();
            text.chars().filter(|char| !char.is_whitespace()).count() + 2
        }
    }
}
