//! Lists as IAM writes them: one item stands alone.

use crate::cfn::{Node, Value};

/// A list of values.
pub(super) fn one_or_many(values: Vec<Value<String>>) -> Node {
    one_or_many_nodes(values.into_iter().map(Value::into_node).collect())
}

/// A list of nodes.
pub(super) fn one_or_many_nodes(mut nodes: Vec<Node>) -> Node {
    match (nodes.pop(), nodes.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            nodes.push(last);
            Node::List(nodes)
        }
        (None, _) => Node::List(nodes),
    }
}
