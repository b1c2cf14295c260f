//! A part of a template as it is written down: in order, borrowed from the template.

use super::node::map_to_json;
use super::{IndexMap, Map, Node};
use serde_json::Value as Json;
use std::borrow::Cow;

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Part<'t> {
    /// Text.
    Text(Cow<'t, str>),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A value.
    Node(&'t Node),
    /// Values in a list.
    Nodes(&'t [Node]),
    /// Values by key.
    Map(&'t Map),
    /// Parts in a list.
    Items(Vec<Part<'t>>),
    /// Parts by key.
    Entries(Vec<(&'t str, Part<'t>)>),
}

impl<'t> Part<'t> {
    /// Text that stands in the template.
    pub fn text(text: &'t str) -> Part<'t> {
        Part::Text(Cow::Borrowed(text))
    }

    /// Entries by their names.
    pub fn each<T>(entries: &'t IndexMap<String, T>, part: fn(&'t T) -> Part<'t>) -> Part<'t> {
        let part = |(name, entry): (&'t String, &'t T)| (name.as_str(), part(entry));
        Part::Entries(entries.iter().map(part).collect())
    }

    /// The JSON form, functions in their long form.
    pub fn to_json(&self) -> Json {
        match self {
            Part::Text(text) => Json::String(text.clone().into_owned()),
            Part::Bool(value) => Json::Bool(*value),
            Part::Integer(value) => Json::from(*value),
            Part::Node(node) => node.to_json(),
            Part::Nodes(nodes) => nodes.iter().map(Node::to_json).collect(),
            Part::Map(map) => map_to_json(map),
            Part::Items(items) => items.iter().map(Part::to_json).collect(),
            Part::Entries(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(key, part)| ((*key).to_owned(), part.to_json()))
                    .collect(),
            ),
        }
    }

    /// The part as a value of its own.
    pub fn to_node(&self) -> Node {
        match self {
            Part::Text(text) => Node::String(text.clone().into_owned()),
            Part::Bool(value) => Node::Bool(*value),
            Part::Integer(value) => Node::Integer(*value),
            Part::Node(node) => (*node).clone(),
            Part::Nodes(nodes) => Node::List(nodes.to_vec()),
            Part::Map(map) => Node::Map((*map).clone()),
            Part::Items(items) => Node::List(items.iter().map(Part::to_node).collect()),
            Part::Entries(entries) => Node::Map(
                entries
                    .iter()
                    .map(|(key, part)| ((*key).to_owned(), part.to_node()))
                    .collect(),
            ),
        }
    }
}
