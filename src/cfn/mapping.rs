//! Mappings: constants chosen by two keys when the stack is created or updated.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>

use super::{IndexMap, Intrinsic, Node, Value};
use std::marker::PhantomData;

/// A mapping of constants of one type: top-level key, second-level key, value.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping<T> {
    pub(super) rows: IndexMap<String, IndexMap<String, Node>>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Default for Mapping<T> {
    fn default() -> Self {
        Mapping {
            rows: IndexMap::default(),
            kind: PhantomData,
        }
    }
}

impl<T> Mapping<T> {
    /// An empty mapping.
    pub fn new() -> Self {
        Mapping::default()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a value. A second value for the same keys takes the place of the first.
    pub fn set(&mut self, top: &str, second: &str, value: impl Into<Value<T>>) {
        self.rows
            .entry(top.to_owned())
            .or_default()
            .insert(second.to_owned(), value.into().into_node());
    }
}

/// A declared mapping.
#[derive(Clone, Debug)]
pub struct MappingHandle<T> {
    name: String,
    kind: PhantomData<fn() -> T>,
}

impl<T> MappingHandle<T> {
    pub(super) fn new(name: &str) -> Self {
        MappingHandle {
            name: name.to_owned(),
            kind: PhantomData,
        }
    }

    /// The mapping's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// `Fn::FindInMap`.
pub fn find_in_map<T>(
    mapping: &MappingHandle<T>,
    top: impl Into<Value<String>>,
    second: impl Into<Value<String>>,
) -> Value<T> {
    let intrinsic = Intrinsic::FindInMap {
        mapping: mapping.name().into(),
        top: top.into().into_node(),
        second: second.into().into_node(),
        default: None,
    };
    Value::from_node(intrinsic.into())
}
