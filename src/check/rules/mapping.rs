//! `mapping`: a mapping holds literals, under two keys.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "mapping",
    severity: Severity::Error,
    what: "A mapping holds literals, or lists of them, under two keys.",
    why: "CloudFormation refuses the template.",
    fix: "write the values out; choose between them with Fn::FindInMap",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    // A macro may fill one in.
    if !subject.template.transform.is_empty() {
        return;
    }
    for (mapping, rows) in &subject.template.mappings {
        let at = Path::of(["Mappings", mapping]);
        if rows.is_empty() {
            report.at(at.clone(), "a mapping has at least one key");
        }
        for (top, row) in rows {
            for (second, value) in row {
                let is_literal = |node: &Node| node.scalar_text().is_some();
                let is_value = match value {
                    Node::List(items) => items.iter().all(is_literal),
                    one => is_literal(one),
                };
                if !is_value {
                    report.at(
                        at.join_all([top, second]),
                        "it is no literal, and no list of them",
                    );
                }
            }
        }
    }
}
