//! The schemas by their names, each read once, when it is first asked for.

use serde_json::Value;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/vendored.rs"));

/// Which extension holds for which part of which type: a type, the path of the part, a schema.
const PLACES: &str = include_str!("../../vendor/extensions.txt");

/// Schemas as they were read; as many places as names.
struct Read(OnceLock<Vec<OnceLock<Option<Value>>>>);

impl Read {
    fn at(&'static self, table: &'static [(&str, &str)], name: &str) -> Option<&'static Value> {
        let index = table
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()?;
        let all = self
            .0
            .get_or_init(|| table.iter().map(|_| OnceLock::new()).collect());
        let text = table.get(index)?.1;
        let read = || serde_json::from_str(text).ok();
        all.get(index)?.get_or_init(read).as_ref()
    }
}

/// The schema of a resource type.
pub(crate) fn of_type(name: &str) -> Option<&'static Value> {
    static READ: Read = Read(OnceLock::new());
    READ.at(TYPES, name)
}

/// A schema beside those of types.
pub(crate) fn named(name: &str) -> Option<&'static Value> {
    static READ: Read = Read(OnceLock::new());
    READ.at(EXTENSIONS, name)
}

/// The schemas that hold for parts of a type beyond its own, with the path of each part.
pub(crate) fn extensions_of(
    type_name: &str,
) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let lines = PLACES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(move |line| {
        let mut words = line.split_whitespace();
        let (kind, at, schema) = (words.next()?, words.next()?, words.next()?);
        let is_it = kind == type_name || kind == "*";
        is_it.then(|| named(schema).map(|schema| (at, schema)))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_can_be_read_and_every_line_names_one() {
        for (name, _) in TYPES {
            assert!(of_type(name).is_some(), "{name}");
        }
        for (name, _) in EXTENSIONS {
            assert!(named(name).is_some(), "{name}");
        }
        let lines = PLACES
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let schema = line.split_whitespace().nth(2).unwrap_or_default();
            assert!(named(schema).is_some(), "{line}");
        }
    }
}
