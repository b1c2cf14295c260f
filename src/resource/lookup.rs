//! Finds the facts of a resource type: of those that are built in, and of those that an organisation
//! adds to its own repository.

use super::fact::TypeFacts;
use super::facts::ALL;
use super::schema::schema as built_in_schema;
use std::sync::{PoisonError, RwLock};

/// A resource type that an organisation has vendored beside its products: `cargo xtask vendor add`
/// writes them.
#[derive(Debug)]
pub struct VendoredType {
    /// What AWS's schema says of it.
    pub facts: &'static TypeFacts,
    /// AWS's schema, as JSON.
    pub schema: &'static str,
}

/// The types that were added, sorted by name. They are known to the whole program, as the built-in
/// ones are: a rule asks for a type by its name, wherever it stands.
static ADDED: RwLock<Vec<&'static VendoredType>> = RwLock::new(Vec::new());

/// Makes types known beside the built-in ones. A type that is known already stays as it is.
pub fn extend(types: &'static [VendoredType]) {
    let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    for one in types {
        let place = added.binary_search_by(|known| known.facts.name.cmp(one.facts.name));
        if let (None, Err(place)) = (built_in(one.facts.name), place) {
            added.insert(place, one);
        }
    }
}

/// The types that were added, sorted by name.
pub fn added() -> Vec<&'static VendoredType> {
    let added = ADDED.read().unwrap_or_else(PoisonError::into_inner);
    added.clone()
}

fn added_type(name: &str) -> Option<&'static VendoredType> {
    let added = ADDED.read().unwrap_or_else(PoisonError::into_inner);
    let place = added.binary_search_by(|known| known.facts.name.cmp(name));
    place.ok().and_then(|place| added.get(place).copied())
}

fn built_in(type_name: &str) -> Option<&'static TypeFacts> {
    ALL.binary_search_by(|facts| facts.name.cmp(type_name))
        .ok()
        .and_then(|index| ALL.get(index).copied())
}

/// The facts of the resource type of this name, such as `AWS::S3::Bucket`.
pub fn facts(type_name: &str) -> Option<&'static TypeFacts> {
    built_in(type_name).or_else(|| added_type(type_name).map(|one| one.facts))
}

/// The facts of every built-in resource type, sorted by name.
pub fn types() -> impl Iterator<Item = &'static TypeFacts> {
    ALL.iter().copied()
}

/// AWS's schema of the resource type of this name, as JSON.
pub fn schema(type_name: &str) -> Option<&'static str> {
    built_in_schema(type_name).or_else(|| added_type(type_name).map(|one| one.schema))
}
