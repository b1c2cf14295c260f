//! The engine and the library find the same by the same schemas: a second opinion on every keyword of
//! JSON Schema. What only the engine knows (formats, cfn-lint's keywords) it may find beyond that.

use crate::mutations::every_mutation;
use compute_catalog::resource;
use jsonschema::error::ValidationErrorKind;
use resource_schemas::Fault;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

/// Keywords that the library doesn't know, or that AWS's schemas use for what isn't its own meaning.
const OURS: [&str; 8] = [
    "format",
    "requiredXor",
    "requiredOr",
    "dependentExcluded",
    "enumCaseInsensitive",
    "uniqueKeys",
    "maxUniqueItems",
    "readOnlyProperties",
];
/// How many resources are compared at least.
const RESOURCES: usize = 5000;
/// How many errors of the library, and faults of the engine.
const ERRORS: usize = 80;
const FAULTS: usize = 700;
/// Keywords in which the comparison has to have seen a fault, each way.
const SEEN: [&str; 10] = [
    "required",
    "additionalProperties",
    "type",
    "enum",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "pattern",
    "maxItems",
];

/// The products' templates, as they are generated.
fn products() -> impl Iterator<Item = Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/products");
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        compute_catalog::cfn::read(&text).unwrap().to_json()
    })
}

/// Whether a function stands anywhere in a value: of it, the engine says nothing.
fn holds_function(value: &Json) -> bool {
    match value {
        Json::Object(map) => map
            .iter()
            .any(|(key, value)| key == "Ref" || key.starts_with("Fn::") || holds_function(value)),
        Json::Array(items) => items.iter().any(holds_function),
        _ => false,
    }
}

/// The values of these properties at the edges that schemas draw: too long, too many, too great.
fn at_edges(properties: &Json) -> Vec<Json> {
    let mut pointers = Vec::new();
    crate::mutations::pointers(properties, "", &mut pointers);
    let mut all = vec![properties.clone()];
    for pointer in pointers {
        let edges: Vec<Json> = match properties.pointer(&pointer) {
            Some(Json::String(_)) => vec!["".into(), "\u{7}".into(), "x".repeat(3000).into()],
            Some(Json::Number(_)) => vec![(-1).into(), 1_000_000_000_000_i64.into()],
            Some(Json::Array(items)) => {
                let many = items.first().map(|item| vec![item.clone(); 60]);
                std::iter::once(Json::Array(Vec::new()))
                    .chain(many.map(Json::Array))
                    .collect()
            }
            _ => Vec::new(),
        };
        for edge in edges {
            let mut changed = properties.clone();
            *changed.pointer_mut(&pointer).unwrap() = edge;
            all.push(changed);
        }
    }
    all
}

/// How often each keyword was seen to fail.
type Seen = BTreeMap<String, usize>;

/// Every error of the library has a fault of the engine at its place, or below.
fn library_in_engine(kind: &str, errors: &[(String, String)], faults: &[Fault], text: &str) {
    let found: Vec<String> = faults.iter().map(path_of).collect();
    for (at, error) in errors {
        let is_found = found
            .iter()
            .any(|path| path == at || path.starts_with(&format!("{at}/")));
        assert!(is_found, "{kind} {at}: {error}\n{faults:#?}\n{text}");
    }
}

/// Every fault of the engine has an error of the library at its place, above or below.
fn engine_in_library(kind: &str, errors: &[(String, String)], faults: &[Fault], seen: &mut Seen) {
    for fault in faults {
        if fault.schema != kind || OURS.contains(&fault.keyword) {
            continue;
        }
        let path = path_of(fault);
        let is_found = errors.iter().any(|(at, _)| {
            path == *at
                || path.starts_with(&format!("{at}/"))
                || at.starts_with(&format!("{path}/"))
        });
        assert!(
            is_found,
            "{kind} {path}: the library has no error\n{fault:#?}\n{errors:#?}"
        );
        *seen.entry(fault.keyword.to_owned()).or_default() += 1;
    }
}

fn path_of(fault: &Fault) -> String {
    let segments = fault.path.iter().map(|segment| format!("/{segment}"));
    segments.collect()
}

#[test]
fn the_engine_and_the_library_find_the_same() {
    let mut read = BTreeMap::new();
    for facts in resource::types() {
        let schema: Json = serde_json::from_str(resource::schema(facts.name).unwrap()).unwrap();
        read.insert(facts.name, jsonschema::validator_for(&schema).unwrap());
    }
    let mut compared = 0;
    let mut theirs = 0;
    let mut seen = Seen::new();
    let mutations = every_mutation().into_iter().skip(1).map(|one| (one, false));
    let whole = std::iter::once(every_mutation().swap_remove(0)).chain(products());
    for (template, with_edges) in whole.map(|one| (one, true)).chain(mutations) {
        let resources = template["Resources"].as_object().into_iter().flatten();
        for (_, resource) in resources {
            let kind = resource["Type"].as_str().unwrap_or_default();
            let Some(validator) = read.get(kind) else {
                continue;
            };
            let properties = &resource["Properties"];
            let all = match with_edges {
                true => at_edges(properties),
                false => vec![properties.clone()],
            };
            for properties in &all {
                let faults = resource_schemas::faults(kind, properties).unwrap();
                let every: Vec<_> = validator.iter_errors(properties).collect();
                let at = |error: &jsonschema::ValidationError<'_>| {
                    (error.instance_path().to_string(), error.to_string())
                };
                // CloudFormation reads numbers as texts, and texts as numbers.
                let counts = |error: &&jsonschema::ValidationError<'_>| {
                    let instance = error.instance();
                    let is_scalar = !instance.is_object() && !instance.is_array();
                    let is_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
                    !(holds_function(instance) || is_type && is_scalar)
                };
                let counted: Vec<_> = every.iter().filter(counts).map(at).collect();
                let text = properties.to_string();
                library_in_engine(kind, &counted, &faults, &text);
                theirs += counted.len();
                let every: Vec<_> = every.iter().map(at).collect();
                engine_in_library(kind, &every, &faults, &mut seen);
                compared += 1;
            }
        }
    }
    let ours: usize = seen.values().sum();
    assert!(
        compared > RESOURCES && theirs >= ERRORS && ours > FAULTS,
        "{compared} {theirs} {ours}"
    );
    for keyword in SEEN {
        assert!(
            seen.contains_key(keyword),
            "no fault of `{keyword}` among {seen:?}"
        );
    }
    assert!(resource_schemas::faults("AWS::Unknown::Type", &Json::Null).is_none());
}
