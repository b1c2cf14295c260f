//! What AWS's schemas, and what cfn-lint's people add to them, say of the properties of a resource.
//!
//! Data, applied by one engine: [`faults`] of a resource type, [`faults_by`] of a schema by its name.

mod engine;
mod fault;
mod format;
mod on_change;
pub mod pattern;
mod schema;
mod value;

pub use fault::Fault;
pub use on_change::{OnChange, identifier, is_checked, is_replacement_listed, on_change};

use engine::Engine;
pub use schema::extend;

use schema::{extensions_of, named, of_service, of_type};
use serde_json::Value;
use std::sync::LazyLock;

/// The names of AWS's resource types: a list in JSON, sorted, one a line.
const NAMES: &str = include_str!("../../vendor/type-names.json");

/// Whether AWS has a resource type of this name.
pub fn is_type(name: &str) -> bool {
    static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| types().collect());
    SORTED.binary_search(&name).is_ok()
}

/// The names of AWS's resource types, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    let lines = NAMES.lines();
    lines.filter_map(|line| line.trim_start().strip_prefix('"')?.split('"').next())
}

/// What is wrong with the properties of a resource of this type; none for a type whose schema isn't
/// vendored. A function that remained (`{"Ref": …}`, `{"Fn::…": …}`) is right wherever it stands.
pub fn faults(type_name: &str, properties: &Value) -> Option<Vec<Fault>> {
    let (name, schema) = of_type(type_name)?;
    let mut engine = Engine::new(name, schema);
    engine.look(schema, properties, &mut Vec::new());
    engine.read_only(schema, properties);
    let mut faults = engine.faults;
    if let Some((_, schema)) = of_service(type_name) {
        let mut engine = Engine::new("service", schema);
        engine.look(schema, properties, &mut Vec::new());
        faults.extend(engine.faults);
    }
    for (at, name, schema) in extensions_of(type_name) {
        for (mut path, value) in places(at, properties) {
            // A document may be given as the text of its JSON.
            let read: Option<Value> = match value {
                Value::String(text) if name.starts_with("iam.") => serde_json::from_str(text).ok(),
                _ => None,
            };
            let mut engine = Engine::new(name, schema);
            engine.look(schema, read.as_ref().unwrap_or(value), &mut path);
            faults.extend(engine.faults);
        }
    }
    Some(faults)
}

/// Where functions stand that must give something of a format, such as `AWS::IAM::Role.Arn`: the path of
/// each, and the format.
pub fn formats(type_name: &str, properties: &Value) -> Vec<(Vec<String>, &'static str)> {
    let mut found = Vec::new();
    for (name, schema) in of_type(type_name).into_iter().chain(of_service(type_name)) {
        let mut engine = Engine::new(name, schema);
        engine.look(schema, properties, &mut Vec::new());
        found.extend(engine.functions);
    }
    found
}

/// Whether a resource of this type may have an attribute that a reference takes: what AWS sets, and what
/// some types give of what they were made with. Of a type whose schema isn't vendored anything may be.
pub fn may_have_attribute(type_name: &str, attribute: &str) -> bool {
    let known = attributes(type_name);
    let properties = of_type(type_name).and_then(|(_, schema)| schema.get("properties"));
    let first = attribute.split('.').next().unwrap_or(attribute);
    known.is_empty()
        || known.iter().any(|name| name == attribute)
        || properties.is_some_and(|properties| properties.get(first).is_some())
}

/// The attributes that AWS sets of a resource of this type, sorted; none for a type whose schema isn't
/// vendored or tells none.
pub fn attributes(type_name: &str) -> Vec<String> {
    let schema = of_type(type_name).map(|(_, schema)| schema);
    let paths = schema.and_then(|schema| schema.get("readOnlyProperties")?.as_array());
    let paths = paths.into_iter().flatten().filter_map(Value::as_str);
    let names = paths.filter_map(|path| path.strip_prefix("/properties/"));
    let mut names: Vec<String> = names
        .filter(|name| !name.contains('*'))
        .map(|name| name.replace("/properties/", ".").replace('/', "."))
        .collect();
    names.sort_unstable();
    names
}

/// What is wrong with a value by a schema beside those of types, such as `policy_identity`; none where
/// there is no such schema.
pub fn faults_by(schema: &str, value: &Value) -> Option<Vec<Fault>> {
    let (name, schema) = named(schema)?;
    let mut engine = Engine::new(name, schema);
    engine.look(schema, value, &mut Vec::new());
    Some(engine.faults)
}

/// The values at a path of keys, in which `*` stands for each item of a list.
fn places<'v>(path: &str, value: &'v Value) -> Vec<(Vec<String>, &'v Value)> {
    let mut found = vec![(Vec::new(), value)];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let mut next = Vec::new();
        for (at, value) in found {
            let deeper = |key: String| {
                let mut at: Vec<String> = at.clone();
                at.push(key);
                at
            };
            match (segment, value) {
                ("*", Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        next.push((deeper(index.to_string()), item));
                    }
                }
                (key, Value::Object(entries)) => {
                    if let Some(value) = entries.get(key) {
                        next.push((deeper(key.to_owned()), value));
                    }
                }
                _ => {}
            }
        }
        found = next;
    }
    found
}
