//! AWS's schema of each resource type as a validator, written when this crate is compiled.

pub mod pattern;

use jsonschema::ErrorIterator;
use serde_json::Value;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/validators.rs"));

/// What is wrong with the properties of a resource of this type; none for a type that isn't
/// vendored.
pub fn errors<'a>(type_name: &str, properties: &'a Value) -> Option<ErrorIterator<'a>> {
    errors_of(type_name, properties)
}

/// The names of AWS's resource types: a list in JSON, sorted, one a line.
const NAMES: &str = include_str!("../../vendor/type-names.json");

/// Whether AWS has a resource type of this name.
pub fn is_type(name: &str) -> bool {
    static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| types().collect());
    SORTED.binary_search(&name).is_ok()
}

/// The names of AWS's resource types, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    let lines = NAMES.lines();
    lines.filter_map(|line| line.trim_start().strip_prefix('"')?.split('"').next())
}
