//! The untyped value that every part of a template is made of.

use super::{IndexMap, Intrinsic};
use serde_json::Value as Json;

/// Keys and values in the order they were written.
pub type Map = IndexMap<String, Node>;

/// A literal, a collection, or an intrinsic function that yields one.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`; CloudFormation allows it nowhere, a reader may still meet it.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in order.
    Map(Map),
    /// An intrinsic function.
    Intrinsic(Box<Intrinsic>),
}

impl Node {
    /// The items where policies and others take one thing or a list of them; none of nothing.
    pub fn one_or_more(node: Option<&Node>) -> Vec<&Node> {
        match node {
            Some(Node::List(items)) => items.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        }
    }

    /// The text, when this is a literal string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, when this is a literal list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, when this is a literal map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Node::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The function, when this is one.
    pub fn as_intrinsic(&self) -> Option<&Intrinsic> {
        match self {
            Node::Intrinsic(intrinsic) => Some(intrinsic),
            _ => None,
        }
    }

    /// The value of a key, when this is a literal map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map().and_then(|map| map.get(key))
    }

    /// Whether a function is left anywhere in it.
    pub fn has_function(&self) -> bool {
        match self {
            Node::Intrinsic(_) => true,
            Node::List(items) => items.iter().any(Node::has_function),
            Node::Map(map) => map.values().any(Node::has_function),
            _ => false,
        }
    }

    /// Whether this is a scalar that CloudFormation prints so.
    pub fn is_text(&self, text: &str) -> bool {
        match self {
            Node::String(own) => own == text,
            other => other.scalar_text().as_deref() == Some(text),
        }
    }

    /// A scalar as CloudFormation prints it where it wants text: `true`, `8`, `0.25`.
    pub fn scalar_text(&self) -> Option<String> {
        match self {
            Node::String(text) => Some(text.clone()),
            Node::Bool(value) => Some(value.to_string()),
            Node::Integer(value) => Some(value.to_string()),
            Node::Float(value) => Some(value.to_string()),
            Node::Null | Node::List(_) | Node::Map(_) | Node::Intrinsic(_) => None,
        }
    }

    /// The JSON form, with intrinsic functions in their long form.
    pub fn to_json(&self) -> Json {
        match self {
            Node::Null => Json::Null,
            Node::Bool(value) => (*value).into(),
            Node::Integer(value) => (*value).into(),
            Node::Float(value) => (*value).into(),
            Node::String(text) => text.clone().into(),
            Node::List(items) => items.iter().map(Node::to_json).collect(),
            Node::Map(map) => map_to_json(map),
            Node::Intrinsic(intrinsic) => {
                let argument = intrinsic.long_argument().to_json();
                Json::Object([(intrinsic.long_name(), argument)].into_iter().collect())
            }
        }
    }

    /// Literal data from JSON. An object stays a map: nothing in it becomes a function.
    pub fn from_json(json: &Json) -> Node {
        match json {
            Json::Null => Node::Null,
            Json::Bool(value) => Node::Bool(*value),
            Json::Number(number) => number.as_i64().map_or_else(
                || Node::Float(number.as_f64().unwrap_or_default()),
                Node::Integer,
            ),
            Json::String(text) => Node::String(text.clone()),
            Json::Array(items) => Node::List(items.iter().map(Node::from_json).collect()),
            Json::Object(entries) => Node::Map(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), Node::from_json(value)))
                    .collect(),
            ),
        }
    }
}

/// The JSON object of a map.
pub(super) fn map_to_json(map: &Map) -> Json {
    Json::Object(
        map.iter()
            .map(|(key, value)| (key.clone(), value.to_json()))
            .collect(),
    )
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::String(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::String(text)
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Node {
        Node::Bool(value)
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Node {
        Node::Integer(value)
    }
}

impl From<Intrinsic> for Node {
    fn from(intrinsic: Intrinsic) -> Node {
        Node::Intrinsic(Box::new(intrinsic))
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Node {
        Node::List(items)
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Node {
        Node::Map(map)
    }
}
