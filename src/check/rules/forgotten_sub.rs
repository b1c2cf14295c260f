//! `forgotten-sub`: what looks like a variable is one.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Intrinsic, Node, Step, Trail};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "forgotten-sub",
    severity: Severity::Error,
    what: "A text with `${AWS::…}` or `${Resource.Attribute}` stands in a `Fn::Sub`.",
    why: "Elsewhere it stays as it is: a machine, a policy or a service gets the text `${AWS::Region}`.",
    fix: "write `!Sub` before the text",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html",
    check: Check::Template(check),
};

/// Properties that hold another template, which has variables of its own.
const OTHERS: [&str; 2] = ["TemplateBody", "DefinitionBody"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    // A macro of somebody's own may fill them in.
    let mut macros = subject.template.macros();
    let severity = match macros.any(|name| !name.starts_with("AWS::")) {
        true => Severity::Warning,
        false => Severity::Error,
    };
    subject.template.each_value(&mut |at, node| {
        if at.name().is_none_or(|name| !OTHERS.contains(&name)) {
            plain(at, node, &mut |at, text| {
                if let Some(name) = forgotten(text, subject) {
                    let message = format!("`${{{name}}}` stays as it is: `Fn::Sub` is missing");
                    report.of(severity, at.path(), message);
                }
            });
        }
    });
}

/// Looks at texts outside of `Fn::Sub`.
fn plain(at: &Trail<'_>, node: &Node, look: &mut dyn FnMut(&Trail<'_>, &str)) {
    match node {
        Node::String(text) => look(at, text),
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                plain(&at.down(Step::Index(index)), item, look);
            }
        }
        Node::Map(map) => {
            for (key, value) in map
                .iter()
                .filter(|(key, _)| !OTHERS.contains(&key.as_str()))
            {
                plain(&at.key(key), value, look);
            }
        }
        Node::Intrinsic(function) => match &**function {
            Intrinsic::Transform(_) => {}
            // Its own text is where variables belong, and what stands for them is text again.
            Intrinsic::Sub { variables, .. } => {
                for (key, value) in variables {
                    plain(&at.key(key), value, look);
                }
            }
            other => {
                for (step, part) in other.parts() {
                    plain(&at.down(step), part, look);
                }
            }
        },
        _ => {}
    }
}

/// A variable of CloudFormation in a text.
fn forgotten<'t>(text: &'t str, subject: &Subject<'_>) -> Option<&'t str> {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let end = inside.find('}')?;
        let name = &inside[..end];
        let is_attribute = name
            .split_once('.')
            .is_some_and(|(resource, _)| subject.template.resources.contains_key(resource));
        if name.starts_with("AWS::") || is_attribute {
            return Some(name);
        }
        rest = &inside[end..];
    }
    None
}
