//! Validators that are written when the program is compiled say what those say that read the
//! schema at run time: both find fault at the same places. (Where a value is wrong in type and
//! choice, the one says it once, the other twice.)

use crate::mutations::every_mutation;
use compute_catalog::resource;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn compiled_and_read_schemas_find_the_same() {
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
            let places = |errors: Vec<jsonschema::ValidationError<'_>>| -> BTreeSet<String> {
                let place =
                    |error: &jsonschema::ValidationError<'_>| error.instance_path().to_string();
                errors.iter().map(place).collect()
            };
            let compiled = places(
                resource_schemas::errors(kind, properties)
                    .unwrap()
                    .collect(),
            );
            let at_run_time = places(validator.iter_errors(properties).collect());
            assert_eq!(compiled, at_run_time, "{kind} {properties}");
            compared += 1;
            with_errors += usize::from(!compiled.is_empty());
        }
    }
    assert!(
        compared > 1000 && with_errors > 500,
        "{compared} {with_errors}"
    );
    assert!(resource_schemas::errors("AWS::Unknown::Type", &Json::Null).is_none());
}
