//! `schema`: every resource is what AWS's schema of its type says.
//!
//! Schemas know nothing of functions. So the template is evaluated first, for its defaults and for
//! each allowed value of each parameter; what stays unknown offline is taken for right.

use super::Finding;
use crate::cfn::{Evaluation, Node, Path, Pseudo, Template};
use crate::product::Key;
use crate::resource;
use indexmap::{IndexMap, IndexSet};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, Validator};
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub(super) fn check(product: &Key, template: &Template) -> Vec<Finding> {
    let mut validators = BTreeMap::new();
    let mut findings = IndexSet::new();
    for (id, kind) in template
        .resources
        .iter()
        .map(|(id, entry)| (id, entry.kind.as_str()))
    {
        if is_custom(kind) || validators.contains_key(kind) {
            continue;
        }
        match validator(kind) {
            Ok(validator) => {
                validators.insert(kind, validator);
            }
            Err(message) => {
                let at = Path::of(["Resources", id, "Type"]);
                findings.insert((at.to_string(), message));
            }
        }
    }
    for parameters in scenarios(template) {
        let pseudo = pseudo();
        let Ok(evaluation) = Evaluation::new(template, &parameters, &pseudo) else {
            continue;
        };
        for (id, entry) in &template.resources {
            let Some(validator) = validators.get(entry.kind.as_str()) else {
                continue;
            };
            if evaluation.creates(entry) == Some(false) {
                continue;
            }
            let properties = Node::Map(evaluation.properties(entry)).to_json();
            for error in validator.iter_errors(&properties) {
                if is_about_unknown(&properties, &error) || is_number_as_text(&error) {
                    continue;
                }
                let mut at = Path::properties(id);
                for segment in error.instance_path().as_str().split('/').skip(1) {
                    at = at.join(segment);
                }
                findings.insert((at.to_string(), error.to_string()));
            }
        }
    }
    findings
        .into_iter()
        .map(|(path, message)| Finding {
            product: product.to_string(),
            path,
            rule: "schema",
            message,
            hint: "the resource type's page in the CloudFormation reference says what it takes"
                .to_owned(),
        })
        .collect()
}

/// Types whose properties only their own handler knows.
fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

fn validator(kind: &str) -> Result<Validator, String> {
    let text =
        resource::schema(kind).ok_or_else(|| format!("`{kind}` is no known resource type"))?;
    let schema: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())
}

/// The parameter values to try: the defaults, and each allowed value with the others' defaults. A
/// parameter without default gets its first allowed value, or a text.
fn scenarios(template: &Template) -> Vec<IndexMap<String, String>> {
    let mut base = IndexMap::new();
    for (name, parameter) in &template.parameters {
        if parameter.default.is_none() {
            let first = parameter.allowed_values.first().and_then(Node::scalar_text);
            base.insert(name.clone(), first.unwrap_or_else(|| "1".to_owned()));
        }
    }
    let mut scenarios = vec![base.clone()];
    for (name, parameter) in &template.parameters {
        for value in parameter
            .allowed_values
            .iter()
            .filter_map(Node::scalar_text)
        {
            let mut scenario = base.clone();
            scenario.insert(name.clone(), value);
            scenarios.push(scenario);
        }
    }
    scenarios
}

/// Values of the pseudo-parameters that fit every schema's patterns.
fn pseudo() -> Pseudo {
    Pseudo {
        account_id: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        partition: "aws".to_owned(),
        stack_name: "SC-111122223333-pp-example".to_owned(),
        stack_id:
            "arn:aws:cloudformation:us-east-1:111122223333:stack/SC-111122223333-pp-example/1"
                .to_owned(),
    }
}

/// Whether an error speaks of a value that isn't known offline: a function that remained, or a
/// choice between shapes that holds one.
fn is_about_unknown(properties: &Json, error: &jsonschema::ValidationError<'_>) -> bool {
    let Some(value) = properties.pointer(error.instance_path().as_str()) else {
        return false;
    };
    match error.kind() {
        ValidationErrorKind::Required { .. } | ValidationErrorKind::AdditionalProperties { .. } => {
            is_function(value)
        }
        _ => holds_function(value),
    }
}

/// Whether a number stands where text is wanted: CloudFormation writes it as text.
fn is_number_as_text(error: &jsonschema::ValidationError<'_>) -> bool {
    let ValidationErrorKind::Type { kind } = error.kind() else {
        return false;
    };
    let takes_text = match kind {
        TypeKind::Single(wanted) => *wanted == JsonType::String,
        TypeKind::Multiple(wanted) => wanted.contains(JsonType::String),
    };
    takes_text && error.instance().is_number()
}

fn is_function(value: &Json) -> bool {
    value.as_object().is_some_and(|map| {
        map.len() == 1
            && map
                .keys()
                .all(|key| key == "Ref" || key.starts_with("Fn::"))
    })
}

fn holds_function(value: &Json) -> bool {
    match value {
        Json::Object(map) => is_function(value) || map.values().any(holds_function),
        Json::Array(items) => items.iter().any(holds_function),
        _ => false,
    }
}
