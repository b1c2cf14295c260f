//! Finds the facts of a resource type.

use super::fact::TypeFacts;
use super::facts::ALL;

/// The facts of the resource type of this name, such as `AWS::S3::Bucket`.
pub fn facts(type_name: &str) -> Option<&'static TypeFacts> {
    ALL.binary_search_by(|facts| facts.name.cmp(type_name))
        .ok()
        .and_then(|index| ALL.get(index).copied())
}

/// The facts of every known resource type, sorted by name.
pub fn types() -> impl Iterator<Item = &'static TypeFacts> {
    ALL.iter().copied()
}
