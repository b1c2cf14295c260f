//! The schemas by their names, each read once, when it is first asked for.

use serde_json::Value;
use std::sync::{OnceLock, PoisonError, RwLock};

include!(concat!(env!("OUT_DIR"), "/vendored.rs"));

/// Which extension holds for which part of which type: a type, the path of the part, a schema.
const PLACES: &str = include_str!("../../vendor/extensions.txt");

/// Schemas as they were read; as many places as names.
struct Read(OnceLock<Vec<OnceLock<Option<Value>>>>);

impl Read {
    fn at(
        &'static self,
        table: &'static [(&str, &str)],
        name: &str,
    ) -> Option<(&'static str, &'static Value)> {
        let index = table
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()?;
        let all = self
            .0
            .get_or_init(|| table.iter().map(|_| OnceLock::new()).collect());
        let (name, text) = table.get(index)?;
        let read = || serde_json::from_str(text).ok();
        Some((name, all.get(index)?.get_or_init(read).as_ref()?))
    }
}

/// The schema of a resource type, with its name.
pub(crate) fn of_type(name: &str) -> Option<(&'static str, &'static Value)> {
    static READ: Read = Read(OnceLock::new());
    READ.at(TYPES, name).or_else(|| {
        let added = ADDED.read().unwrap_or_else(PoisonError::into_inner);
        added.iter().find(|(known, _)| *known == name).copied()
    })
}

/// The schemas that are vendored elsewhere.
static ADDED: RwLock<Vec<(&str, &Value)>> = RwLock::new(Vec::new());

/// Takes a type's schema that is vendored elsewhere. Of one that is known already, or can't be read,
/// nothing is taken.
pub fn extend(type_name: &'static str, schema: &str) {
    if of_type(type_name).is_some() {
        return;
    }
    if let Ok(schema) = serde_json::from_str(schema) {
        let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
        // It is asked for until the program ends, as those that are part of it.
        added.push((type_name, Box::leak(Box::new(schema))));
    }
}

/// Whether a type's schema is vendored for `check` alone.
pub(crate) fn is_checked(type_name: &str) -> bool {
    CHECKED.binary_search(&type_name).is_ok()
}

/// The types of which it is known what updates do.
#[cfg(test)]
pub(crate) fn on_change_types() -> impl Iterator<Item = &'static str> {
    ON_CHANGE.iter().map(|(name, _)| *name)
}

/// What updates do to resources of a type, as lists of paths of properties.
pub(crate) fn on_change_of(type_name: &str) -> Option<&'static Value> {
    static READ: Read = Read(OnceLock::new());
    READ.at(ON_CHANGE, type_name).map(|(_, list)| list)
}

/// What a service documents of its resource type beside AWS's schema.
pub(crate) fn of_service(type_name: &str) -> Option<(&'static str, &'static Value)> {
    static READ: Read = Read(OnceLock::new());
    READ.at(SERVICES, type_name)
}

/// A schema beside those of types, with its name.
pub(crate) fn named(name: &str) -> Option<(&'static str, &'static Value)> {
    static READ: Read = Read(OnceLock::new());
    READ.at(EXTENSIONS, name)
}

/// The schemas that hold for parts of a type beyond its own: the path of the part, the schema's name,
/// the schema.
pub(crate) fn extensions_of(
    type_name: &str,
) -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let lines = PLACES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(move |line| {
        let mut words = line.split_whitespace();
        let (kind, at, schema) = (words.next()?, words.next()?, words.next()?);
        let is_it = kind == type_name || kind == "*";
        is_it.then(|| named(schema).map(|(name, schema)| (at, name, schema)))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{KEYWORDS, referred};
    use crate::format::{FORMATS, of_items};

    /// Keywords that ask nothing of a value, or what no engine can answer here, with the reason.
    const NOT_ASKED: [(&str, &str); 17] = [
        (
            "replacementStrategy",
            "in which order an update replaces a resource",
        ),
        ("additionalIdentifiers", "what names a resource"),
        (
            "cfnGather",
            "it asks for another resource of the template; a rule's work",
        ),
        ("cfnLint", "who else looks at the value in cfn-lint"),
        ("definitions", "what references point at"),
        ("deprecatedProperties", "they still work"),
        ("else", "looked at with `if`"),
        ("then", "looked at with `if`"),
        ("title", "for people"),
        ("description", "for people"),
        ("arrayType", "how AWS compares lists"),
        ("$comment", "for people"),
        ("examples", "for people"),
        ("lifecycle", "whether AWS still offers it"),
        ("$schema", "which edition of JSON Schema"),
        ("$id", "the schema's name"),
        ("readOnlyProperties", "looked at beside the properties"),
    ];

    /// Every schema that is vendored, with its name.
    fn all() -> impl Iterator<Item = (&'static str, &'static Value)> {
        let types = TYPES.iter().map(|(name, _)| of_type(name));
        let named = EXTENSIONS.iter().map(|(name, _)| named(name));
        let services = SERVICES.iter().map(|(name, _)| of_service(name));
        types
            .chain(named)
            .chain(services)
            .map(|found| found.expect("a schema that can be read"))
    }

    /// Every keyword with its value, below a schema.
    fn keywords<'v>(schema: &'v Value, visit: &mut impl FnMut(&'v str, &'v Value)) {
        let Value::Object(entries) = schema else {
            return;
        };
        for (keyword, value) in entries {
            visit(keyword, value);
            match (keyword.as_str(), value) {
                (
                    "properties" | "patternProperties" | "definitions" | "dependencies"
                    | "dependentRequired" | "dependentExcluded",
                    _,
                ) => {
                    let schemas = value.as_object().into_iter().flatten();
                    schemas.for_each(|(_, schema)| keywords(schema, visit));
                }
                ("enum" | "const" | "cfnGather" | "notAbove" | "productAtMost", _) => {}
                (_, Value::Array(items)) => items.iter().for_each(|item| keywords(item, visit)),
                _ => keywords(value, visit),
            }
        }
    }

    #[test]
    fn every_schema_can_be_read_and_every_line_names_one() {
        assert_eq!(
            all().count(),
            TYPES.len() + EXTENSIONS.len() + SERVICES.len()
        );
        for (name, _) in SERVICES {
            assert!(of_type(name).is_some(), "{name}: the type isn't vendored");
            let (_, schema) = of_service(name).unwrap();
            let source = schema.get("$comment").and_then(Value::as_str);
            let sources = source.unwrap_or_default().split(", ");
            for source in sources {
                assert!(source.starts_with("https://docs.aws.amazon.com/"), "{name}");
            }
        }
        let lines = PLACES
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [kind, _, schema] = words.as_slice() else {
                panic!("{line}")
            };
            assert!(named(schema).is_some(), "{line}");
            let is_known = matches!(*kind, "*" | "-") || of_type(kind).is_some();
            assert!(is_known, "{line}: the type isn't vendored");
        }
    }

    #[test]
    fn nothing_that_a_schema_asks_is_passed_over() {
        for (name, schema) in all() {
            keywords(schema, &mut |keyword, value| {
                let why = NOT_ASKED.iter().find(|(known, _)| *known == keyword);
                assert!(
                    KEYWORDS.contains(&keyword) || why.is_some(),
                    "{name}: the engine doesn't know `{keyword}`"
                );
                match (keyword, value.as_str()) {
                    ("$ref", Some(target)) => {
                        assert!(referred(name, schema, target).is_some(), "{name}: {target}");
                    }
                    ("format", Some(format)) => {
                        assert!(
                            FORMATS.iter().any(|(known, _)| *known == format)
                                || of_items(format).is_some(),
                            "{name}: the engine doesn't know the format `{format}`"
                        );
                    }
                    _ => {}
                }
            });
        }
    }

    #[test]
    fn what_is_referred_to_and_missing_is_told() {
        let document: &'static Value = Box::leak(Box::new(serde_json::json!({"$ref": "gone#/a"})));
        let mut engine = crate::engine::Engine::new("a", document);
        engine.look(document, &Value::Null, &mut Vec::new());
        assert_eq!(engine.faults.len(), 1);
        assert_eq!(engine.faults[0].keyword, "$ref");
    }
}
