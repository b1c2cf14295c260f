//! `template-rules`: a rule of a template asserts something.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Intrinsic, Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "template-rules",
    severity: Severity::Error,
    what: "A rule of a template asserts something, by functions that rules have.",
    why: "CloudFormation refuses the template.",
    fix: "write `Assertions` with an `Assert` each: Equals, Contains, EachMemberIn, EachMemberEquals, And, Or, Not",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (name, rule) in &subject.template.rules {
        let at = Path::of(["Rules", name]);
        let condition = rule.get("RuleCondition");
        if condition.is_some_and(|node| !decides(node)) {
            report.at(at.join("RuleCondition"), "it is no condition of a rule");
        }
        let Some(assertions) = rule.get("Assertions").and_then(Node::as_list) else {
            report.at(at.join("Assertions"), "the rule asserts nothing");
            continue;
        };
        for (index, assertion) in assertions.iter().enumerate() {
            let at = at.join("Assertions").join(index.to_string());
            match assertion.get("Assert") {
                None => report.at(at, "the assertion has no Assert"),
                Some(node) if !decides(node) => {
                    report.at(at.join("Assert"), "it is no condition of a rule");
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether a value is true or not, as far as rules go.
fn decides(node: &Node) -> bool {
    node.as_intrinsic()
        .is_some_and(|function| function.is_condition() || matches!(function, Intrinsic::Rule(..)))
}
