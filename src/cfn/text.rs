//! The text of a value as far as it is known: what can be computed is, and the rest stands as `${…}`.

use super::sub::{Piece, pieces};
use super::{Evaluation, Evaluator, Intrinsic, Map, Node, Scenarios, Template, Trail, reference};
use std::borrow::Cow;

/// At most so many forms of one value are looked at.
const MOST: usize = 32;

/// The text of a value, functions written as `${…}`; a command's list as words. Of a choice whose
/// condition isn't known, both: see [`choices`].
pub fn text_of(node: &Node) -> Cow<'_, str> {
    let joined = |parts: &mut dyn Iterator<Item = &Node>, between: &str| {
        let texts: Vec<_> = parts.map(text_of).collect();
        Cow::Owned(texts.join(between))
    };
    match node {
        Node::String(text) => Cow::Borrowed(text),
        Node::List(items) => joined(&mut items.iter().filter(|item| !is_left_out(item)), " "),
        Node::Map(_) | Node::Null => Cow::Borrowed(""),
        Node::Intrinsic(function) => match &**function {
            Intrinsic::Base64(inner) => text_of(inner),
            Intrinsic::If {
                then, otherwise, ..
            } => joined(&mut [then, otherwise].into_iter(), "\n"),
            other => Cow::Owned(written(other)),
        },
        scalar => Cow::Owned(scalar.scalar_text().unwrap_or_default()),
    }
}

/// A function as text.
fn written(function: &Intrinsic) -> String {
    match function {
        Intrinsic::Ref(name) if name == "AWS::NoValue" => String::new(),
        Intrinsic::Ref(name) => format!("${{{name}}}"),
        Intrinsic::GetAtt {
            resource,
            attribute,
        } => format!("${{{resource}.{attribute}}}"),
        Intrinsic::Sub { text, variables } => {
            let Ok(pieces) = pieces(text) else {
                return text.clone();
            };
            let mut result = String::with_capacity(text.len());
            for piece in pieces {
                match piece {
                    Piece::Text(literal) => result.push_str(literal),
                    Piece::Escaped(name) => result.extend(["${", name, "}"]),
                    Piece::Variable(name) => match variables.get(name).filter(is_readable) {
                        Some(node) => result.push_str(&text_of(node)),
                        None => result.extend(["${", name, "}"]),
                    },
                }
            }
            result
        }
        Intrinsic::Join {
            delimiter,
            values: Node::List(items),
        } => {
            let items = items.iter().filter(|item| !is_left_out(item));
            let texts: Vec<_> = items.map(text_of).collect();
            texts.join(delimiter)
        }
        unknown => format!("${{{}}}", unknown.name()),
    }
}

/// Whether the text of a variable says more than its name does.
fn is_readable(node: &&Node) -> bool {
    match node.as_intrinsic() {
        Some(function) => matches!(
            function,
            Intrinsic::Ref(_)
                | Intrinsic::GetAtt { .. }
                | Intrinsic::Sub { .. }
                | Intrinsic::Join { .. }
                | Intrinsic::Base64(_)
        ),
        None => true,
    }
}

/// Whether a value is `!Ref AWS::NoValue`: what has it is left out.
pub fn is_left_out(node: &Node) -> bool {
    matches!(node.as_intrinsic(), Some(Intrinsic::Ref(name)) if name == "AWS::NoValue")
}

/// Where a script is a text that isn't known at all: the first line that is nothing but `${…}`.
pub fn unknown_line(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| {
        let inside = line
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        inside.is_some_and(|inside| !inside.contains(['{', '}', '$']))
    })
}

/// Nothing is known but what parameters, mappings and conditions say: resources, exports and the
/// place of the stack stay functions.
struct Nowhere;

impl Evaluator for Nowhere {
    fn pseudo(&self, _: &str) -> Option<Node> {
        None
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Node> {
        None
    }

    fn export(&self, _: &str) -> Option<Node> {
        None
    }
}

/// What a value can be, by the values that parameters can have, each once: mappings looked up, choices
/// made. A parameter's own value stays a reference, and so does what isn't known offline; a choice by
/// a condition that isn't known is made both ways.
pub fn choices<'s, 't: 's>(
    template: &'t Template,
    scenarios: impl FnOnce() -> &'s Scenarios<'t>,
    node: &'t Node,
) -> Vec<Cow<'t, Node>> {
    if !is_computed(node) {
        return vec![Cow::Borrowed(node)];
    }
    let scenarios = scenarios();
    let mut asked = super::IndexSet::default();
    reference::walk(&Trail::top(""), node, &mut |_, function| match function {
        Intrinsic::If { condition, .. } => {
            asked.extend(scenarios.parameters_of_condition(condition));
        }
        Intrinsic::FindInMap {
            mapping,
            top,
            second,
            ..
        } => {
            for key in [mapping, top, second] {
                asked.extend(scenarios.parameters_in(key));
            }
        }
        Intrinsic::Select { index, values } => {
            asked.extend(scenarios.parameters_in(index));
            asked.extend(scenarios.parameters_in(values));
        }
        _ => {}
    });
    let mut found: Vec<Node> = Vec::new();
    for scenario in scenarios.over(&asked).iter().take(MOST) {
        let evaluation = Evaluation::open(template, scenario, &Nowhere);
        if let Some(value) = evaluation.node(node).value() {
            decided(value, &mut found);
        }
    }
    found.into_iter().map(Cow::Owned).collect()
}

/// Adds a value with every choice that is left made, a condition everywhere in the same way.
fn decided(node: Node, found: &mut Vec<Node>) {
    let mut condition = None;
    reference::walk(&Trail::top(""), &node, &mut |_, function| {
        if let Intrinsic::If {
            condition: name, ..
        } = function
        {
            condition.get_or_insert_with(|| name.clone());
        }
    });
    match condition {
        Some(name) if found.len() < MOST => {
            for holds in [true, false] {
                if let Some(node) = chosen(&node, &name, holds) {
                    decided(node, found);
                }
            }
        }
        _ if found.len() < MOST && !found.contains(&node) => found.push(node),
        _ => {}
    }
}

/// A node in which a condition holds or not; none where it is left out.
fn chosen(node: &Node, name: &str, holds: bool) -> Option<Node> {
    let map = |map: &Map| -> Map {
        let entries = map.iter();
        entries
            .filter_map(|(key, value)| Some((key.clone(), chosen(value, name, holds)?)))
            .collect()
    };
    let part = |node: &Node| chosen(node, name, holds).unwrap_or(Node::Null);
    Some(match node {
        Node::List(items) => {
            let items = items.iter();
            Node::List(items.filter_map(|item| chosen(item, name, holds)).collect())
        }
        Node::Map(inner) => Node::Map(map(inner)),
        Node::Intrinsic(function) => match &**function {
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } if condition == name => {
                let branch = if holds { then } else { otherwise };
                return match is_left_out(branch) {
                    true => None,
                    false => chosen(branch, name, holds),
                };
            }
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => Intrinsic::If {
                condition: condition.clone(),
                then: part(then),
                otherwise: part(otherwise),
            }
            .into(),
            Intrinsic::Sub { text, variables } => Intrinsic::Sub {
                text: text.clone(),
                variables: map(variables),
            }
            .into(),
            Intrinsic::Join { delimiter, values } => Intrinsic::Join {
                delimiter: delimiter.clone(),
                values: part(values),
            }
            .into(),
            Intrinsic::Base64(inner) => Intrinsic::Base64(part(inner)).into(),
            // Of others the text isn't known either way, and their name stands for it.
            other => match has_choice(other, name) {
                true => Intrinsic::Ref(other.name().to_owned()).into(),
                false => node.clone(),
            },
        },
        scalar => scalar.clone(),
    })
}

/// Whether a function holds a choice by this condition.
fn has_choice(function: &Intrinsic, name: &str) -> bool {
    function.parts().any(|(_, part)| {
        let mut found = false;
        reference::walk(&Trail::top(""), part, &mut |_, inner| {
            found |= matches!(inner, Intrinsic::If { condition, .. } if condition == name);
        });
        found
    })
}

/// Whether a value holds what can be computed.
fn is_computed(node: &Node) -> bool {
    let mut found = false;
    reference::walk(&Trail::top(""), node, &mut |_, function| {
        found |= matches!(
            function,
            Intrinsic::If { .. } | Intrinsic::FindInMap { .. } | Intrinsic::Select { .. }
        );
    });
    found
}
