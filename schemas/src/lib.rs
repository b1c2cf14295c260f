//! AWS's schema of each resource type as a validator, written when this crate is compiled.

pub mod pattern;

use jsonschema::ErrorIterator;
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/validators.rs"));

/// What is wrong with the properties of a resource of this type; none for a type that isn't
/// vendored.
pub fn errors<'a>(type_name: &str, properties: &'a Value) -> Option<ErrorIterator<'a>> {
    errors_of(type_name, properties)
}
