//! Values of parameters, and how much room a value takes.

use crate::cfn::{Intrinsic, Node, ParameterType};

/// About how many bytes a value takes.
pub(super) fn weight(node: &Node) -> usize {
    match node {
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) => 8,
        Node::String(text) => 8 + text.len(),
        Node::List(items) => items.iter().map(weight).sum::<usize>() + 8,
        Node::Map(map) => map
            .iter()
            .map(|(key, value)| key.len() + weight(value))
            .sum(),
        Node::Intrinsic(function) => {
            let parts = function.parts().map(|(_, part)| weight(part));
            let text = match &**function {
                Intrinsic::Sub { text, .. } => text.len(),
                _ => 8,
            };
            text + parts.sum::<usize>()
        }
    }
}

/// A parameter value as its type makes it: lists are cut at commas, and their items trimmed.
pub(super) fn typed(kind: &ParameterType, text: String) -> Node {
    match kind {
        ParameterType::CommaDelimitedList
        | ParameterType::NumberList
        | ParameterType::StringList => Node::List(
            text.split(',')
                .map(|item| Node::from(item.trim()))
                .collect(),
        ),
        ParameterType::Aws(name) if name.starts_with("List<") => Node::List(
            text.split(',')
                .map(|item| Node::from(item.trim()))
                .collect(),
        ),
        ParameterType::Number => number(&text).unwrap_or(Node::String(text)),
        _ => Node::String(text),
    }
}

/// A number as CloudFormation puts it where a parameter of that type is referred to.
fn number(text: &str) -> Option<Node> {
    match text.parse() {
        Ok(whole) => Some(Node::Integer(whole)),
        Err(_) => text.parse().ok().map(Node::Float),
    }
}
