//! Conditions in words.

use super::LaunchForm;
use crate::cfn::{Intrinsic, Node, Template};

/// When a condition holds, in the words of the launch form; its name where its test is more than
/// a comparison of a parameter with a value.
pub(super) fn condition(name: &str, template: &Template, form: &LaunchForm) -> String {
    template
        .conditions
        .get(name)
        .and_then(|node| holds(node, template, form, true))
        .unwrap_or_else(|| format!("the template's condition {name} holds"))
}

fn holds(node: &Node, template: &Template, form: &LaunchForm, wanted: bool) -> Option<String> {
    match node.as_intrinsic()? {
        Intrinsic::Not(inner) => holds(inner, template, form, !wanted),
        Intrinsic::Condition(name) => holds(template.conditions.get(name)?, template, form, wanted),
        Intrinsic::And(all) if wanted => joined(all, template, form, " and "),
        Intrinsic::Or(any) if wanted => joined(any, template, form, " or "),
        Intrinsic::Equals(left, right) => {
            let (parameter, value) = match (left.as_intrinsic(), right.as_intrinsic()) {
                (Some(Intrinsic::Ref(name)), None) => (name, right),
                (None, Some(Intrinsic::Ref(name))) => (name, left),
                _ => return None,
            };
            let label = &form.field(parameter)?.label;
            let value = value.scalar_text()?;
            Some(match (value.as_str(), wanted) {
                ("", true) => format!("“{label}” is left empty"),
                ("", false) => format!("“{label}” is filled in"),
                (value, true) => format!("“{label}” is {value}"),
                (value, false) => format!("“{label}” is not {value}"),
            })
        }
        _ => None,
    }
}

fn joined(nodes: &[Node], template: &Template, form: &LaunchForm, with: &str) -> Option<String> {
    let parts: Option<Vec<String>> = nodes
        .iter()
        .map(|node| holds(node, template, form, true))
        .collect();
    Some(parts?.join(with))
}
