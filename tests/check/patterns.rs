//! The patterns of JSON Schemas are read without the library where the text is ASCII: that says what
//! the library says.

use crate::mutations::every_mutation;
use compute_catalog::cfn::read;
use compute_catalog::resource;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ErrorIterator, Validator};
use resource_schemas::pattern::on_ascii;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The pattern in the library; none where it can't be read.
fn library(pattern: &str) -> Option<Validator> {
    jsonschema::validator_for(&json!({ "pattern": pattern })).ok()
}

/// Every text in a document that `wanted` takes, with the key that it stands under.
fn texts(value: &Json, key: &str, wanted: &impl Fn(&str) -> bool, found: &mut BTreeSet<String>) {
    match value {
        Json::String(text) if wanted(key) => {
            found.insert(text.clone());
        }
        Json::Array(items) => items
            .iter()
            .for_each(|item| texts(item, key, wanted, found)),
        Json::Object(entries) => {
            for (key, value) in entries {
                texts(value, key, wanted, found);
            }
        }
        _ => {}
    }
}

#[test]
fn of_aws_resource_types_they_say_what_the_library_says() {
    let mut patterns = BTreeSet::new();
    for facts in resource::types() {
        let schema = serde_json::from_str(resource::schema(facts.name).unwrap()).unwrap();
        texts(&schema, "", &|key| key == "pattern", &mut patterns);
    }
    let mut values = BTreeSet::from([String::new()]);
    for template in every_mutation() {
        texts(&template, "", &|_| true, &mut values);
    }
    values.retain(|value| value.is_ascii() && value.len() < 150);
    for value in values.clone() {
        values.extend(
            (0..128_u8)
                .map(char::from)
                .map(|end| format!("{value}{end}")),
        );
    }
    let mut quick = 0;
    let mut valid = 0;
    for pattern in &patterns {
        let Some(regex) = on_ascii(pattern) else {
            continue;
        };
        quick += 1;
        let library = library(pattern).unwrap();
        for value in &values {
            let is_match = regex.is_match(value);
            let is_valid = library.is_valid(&json!(value));
            assert_eq!(is_match, is_valid, "{pattern} {value:?}");
            valid += usize::from(is_valid);
        }
    }
    assert!(quick + 9 > patterns.len(), "{quick} of {}", patterns.len());
    assert!(valid > 1000, "{valid} of {}", values.len());
}

/// Every way to spoil one text of a document.
fn spoilt(value: &Json, visit: &mut dyn FnMut(Json)) {
    match value {
        Json::String(text) => {
            visit(json!(format!("{text}\n!")));
            visit(json!(format!("\u{1f600}{text}")));
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                spoilt(item, &mut |item| {
                    let mut items = items.clone();
                    items[index] = item;
                    visit(json!(items));
                });
            }
        }
        Json::Object(entries) => {
            for (key, value) in entries {
                spoilt(value, &mut |value| {
                    let mut entries = entries.clone();
                    entries.insert(key.clone(), value);
                    visit(json!(entries));
                });
            }
        }
        _ => {}
    }
}

#[test]
fn what_they_refuse_is_told_in_the_librarys_words() {
    let mut resources = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/generated/products");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        resources.extend(read(&text).unwrap().resources.into_values());
    }
    let mut refused = BTreeSet::new();
    for resource in resources {
        let kind = resource.kind.as_str();
        let Some(schema) = resource::schema(kind) else {
            continue;
        };
        let schema: Json = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let properties = resource.properties.iter();
        let properties = properties.map(|(name, node)| (name.clone(), node.to_json()));
        spoilt(&Json::Object(properties.collect()), &mut |properties| {
            let told = |errors: ErrorIterator<'_>| -> BTreeSet<String> {
                errors
                    .filter(|error| matches!(error.kind(), ValidationErrorKind::Pattern { .. }))
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect()
            };
            let errors = told(resource_schemas::errors(kind, &properties).unwrap());
            let expected = told(validator.iter_errors(&properties));
            assert_eq!(errors, expected, "{kind} {properties}");
            refused.extend(errors);
        });
    }
    assert!(refused.len() > 10, "{refused:#?}");
}

#[test]
fn whatever_their_pieces_they_say_what_the_library_says() {
    const PIECES: [&str; 36] = [
        "a",
        "b-",
        "-",
        "^",
        "$",
        ".",
        "|",
        "(",
        ")",
        "[",
        "]",
        "{2}",
        "*",
        "+",
        "?",
        "&",
        "&&",
        "~",
        "#",
        " ",
        ",",
        "<",
        "/",
        r"\d",
        r"\s",
        r"\w",
        r"\S",
        r"\b",
        r"\-",
        r"\.",
        r"\<",
        r"\]",
        r"\u0061",
        r"\p{L}",
        r"\p{N}\p{Z}",
        r"\p{Lu}",
    ];
    let values: Vec<String> = (0..128_u8)
        .map(|byte| char::from(byte).to_string())
        .chain(["", "aa", "ab", "a-", "b-a", "a\n", "b&a"].map(str::to_owned))
        .collect();
    let mut quick = 0;
    for first in PIECES {
        for second in PIECES {
            for (before, after) in [
                ("", ""),
                ("a", ""),
                ("^[", "]$"),
                ("[^", "]+a"),
                ("[a[", "]"),
                ("^(a|", ")?$"),
            ] {
                let pattern = [before, first, second, after].concat();
                let Some(regex) = on_ascii(&pattern) else {
                    continue;
                };
                quick += 1;
                let library = library(&pattern).unwrap_or_else(|| panic!("{pattern} is wrong"));
                for value in &values {
                    let is_valid = library.is_valid(&json!(value));
                    assert_eq!(regex.is_match(value), is_valid, "{pattern} {value:?}");
                }
            }
        }
    }
    assert!(quick > 1000, "{quick}");
}
