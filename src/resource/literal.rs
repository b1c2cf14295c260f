//! Literals of the generated types: objects and enumerations as values.

use crate::cfn::{Node, Value};

/// A type whose literals a template can hold: the objects and enumerations that properties are
/// made of. Each is a [`Value`] of itself.
pub trait Literal {
    /// The literal as it stands in a template.
    fn into_node(self) -> Node;
}

impl<L: Literal> From<L> for Value<L> {
    fn from(literal: L) -> Self {
        Value::from_node(literal.into_node())
    }
}
