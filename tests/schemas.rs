//! Files are read without their JSON Schema's validator where they fit: that must refuse whatever the
//! validator refuses. Proved on every file that names a schema, changed at each place in many ways.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its premise fails"
)]

use compute_catalog::yaml::{Shape, read};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What asks for nothing by itself, or speaks to people and editors alone.
const SILENT: [&str; 7] = [
    "$defs",
    "$schema",
    "title",
    "description",
    "default",
    "format",
    "patternErrorMessage",
];

/// Whether the validator can tell and the shape need not: what a class of a pattern holds beyond
/// ASCII differs between engines.
const BEYOND_ASCII: &str = "\u{e9}";

/// The YAML files below a folder that name their schema in the first line, after its path.
fn files(folder: &Path, found: &mut Vec<(PathBuf, PathBuf)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap_or_default();
            if let Some((_, schema)) = first.split_once("$schema=") {
                found.push((folder.join(schema), path));
            }
        }
    }
}

/// Documents that differ from this one at one place. The first item of a list stands for all.
fn mutants(value: &Json, visit: &mut dyn FnMut(Json)) {
    for other in [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(99_999_999),
        json!(1.5),
        json!(""),
        json!("A b!"),
        json!(BEYOND_ASCII),
        json!("x".repeat(3000)),
        json!([]),
        json!({}),
        json!(["x", "x"]),
        json!({"a key": null}),
    ] {
        visit(other);
    }
    match value {
        Json::String(text) => visit(json!(format!("{text}\n"))),
        Json::Array(items) => {
            if let Some(first) = items.first() {
                visit(json!(vec![first; 300]));
                mutants(first, &mut |first| {
                    let mut items = items.clone();
                    items[0] = first;
                    visit(json!(items));
                });
            }
        }
        Json::Object(entries) => {
            if let Some((_, first)) = entries.iter().next() {
                // More than any map of these files may have.
                let many = (0..50).map(|number| (format!("k{number}"), first.clone()));
                visit(Json::Object(many.collect()));
            }
            for (key, value) in entries {
                let mut others = entries.clone();
                others.shift_remove(key);
                visit(json!(others));
                others.insert(format!("{key} {BEYOND_ASCII}"), value.clone());
                visit(json!(others));
                mutants(value, &mut |value| {
                    let mut entries = entries.clone();
                    entries.insert(key.clone(), value);
                    visit(json!(entries));
                });
            }
        }
        _ => {}
    }
}

/// The keywords of a schema that ask for something.
fn keywords(schema: &Json, used: &mut BTreeSet<String>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let each: Vec<&Json> = match keyword.as_str() {
            "properties" | "$defs" => value.as_object().unwrap().values().collect(),
            "anyOf" | "oneOf" => value.as_array().unwrap().iter().collect(),
            "items" | "additionalProperties" | "propertyNames" => vec![value],
            _ => Vec::new(),
        };
        each.into_iter().for_each(|schema| keywords(schema, used));
        if !SILENT.contains(&keyword.as_str()) {
            used.insert(keyword.clone());
        }
    }
}

#[test]
fn what_is_read_without_the_validator_is_what_the_validator_takes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    files(&root.join("products"), &mut all);
    files(&root.join("portfolios"), &mut all);
    let ledger = root.join("products/windows/history/versions.yaml");
    all.push((root.join("generated/schemas/versions.json"), ledger));
    let mut used = BTreeSet::new();
    let mut refusing = BTreeSet::new();
    for (schema, path) in all {
        let schema = std::fs::read_to_string(&schema).unwrap();
        let schema: Json = serde_json::from_str(&schema).unwrap();
        keywords(&schema, &mut used);
        let shape = Shape::of(&schema).expect("a keyword or pattern that shapes lack");
        let validator = jsonschema::validator_for(&schema).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(shape.fits(&read(&text).unwrap()), "{}", path.display());
        mutants(&serde_yaml::from_str(&text).unwrap(), &mut |mutant| {
            let text = mutant.to_string();
            let fits = shape.fits(&read(&text).unwrap());
            let is_valid = validator.is_valid(&mutant);
            assert!(is_valid || !fits, "{}: {text}", path.display());
            // Nor is the validator asked without need.
            let may_ask = text.contains(BEYOND_ASCII);
            assert!(!is_valid || fits || may_ask, "{}: {text}", path.display());
            for error in validator.iter_errors(&mutant) {
                let keywords = error.schema_path().as_str().split('/');
                refusing.extend(keywords.map(str::to_owned));
            }
        });
    }
    // The validator names the list of choices, not each of them, and what a reference leads to.
    for named_otherwise in ["const", "$ref"] {
        used.remove(named_otherwise);
    }
    let unseen: Vec<_> = used.difference(&refusing).collect();
    assert!(unseen.is_empty(), "no file shows what {unseen:?} refuse");
}
