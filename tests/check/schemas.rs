//! The engine finds what the library finds by the same schemas: a second opinion on every keyword of
//! JSON Schema. What only the engine knows (formats, cfn-lint's keywords) it may find beyond that.

use crate::mutations::every_mutation;
use compute_catalog::resource;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

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

#[test]
fn the_engine_finds_what_the_library_finds() {
    let mut read = BTreeMap::new();
    for facts in resource::types() {
        let schema: Json = serde_json::from_str(resource::schema(facts.name).unwrap()).unwrap();
        read.insert(facts.name, jsonschema::validator_for(&schema).unwrap());
    }
    let mut compared = 0;
    let mut with_errors = 0;
    for template in every_mutation() {
        let resources = template["Resources"].as_object().into_iter().flatten();
        for (_, resource) in resources {
            let kind = resource["Type"].as_str().unwrap_or_default();
            let Some(validator) = read.get(kind) else {
                continue;
            };
            let properties = &resource["Properties"];
            let faults = resource_schemas::faults(kind, properties).unwrap();
            let path = |fault: &resource_schemas::Fault| format!("/{}", fault.path.join("/"));
            let found: BTreeSet<String> = faults.iter().map(path).collect();
            for error in validator.iter_errors(properties) {
                let instance = error.instance();
                // CloudFormation reads numbers as texts, and texts as numbers.
                let is_scalar = !instance.is_object() && !instance.is_array();
                let is_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
                if holds_function(instance) || is_type && is_scalar {
                    continue;
                }
                let at = error.instance_path().to_string();
                let is_found = found.iter().any(|path| {
                    path.trim_end_matches('/') == at || path.starts_with(&format!("{at}/"))
                });
                assert!(is_found, "{kind} {at}: {error}\n{faults:#?}\n{properties}");
                with_errors += 1;
            }
            compared += 1;
        }
    }
    assert!(
        compared > 1000 && with_errors > 50,
        "{compared} {with_errors}"
    );
    assert!(resource_schemas::faults("AWS::Unknown::Type", &Json::Null).is_none());
}
