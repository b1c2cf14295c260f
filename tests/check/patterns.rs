//! The patterns of JSON Schemas are read without the library where the text is ASCII: that says what
//! the library says.

use crate::mutations::every_mutation;
use compute_catalog::resource;
use jsonschema::Validator;
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
