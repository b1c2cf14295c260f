//! The schemas of documents: what stands in `results.json` of each command's result, with what is
//! the same around every result.

use serde_json::{Map, Value, json};

/// Where they stand.
pub const FOLDER: &str = "generated/schemas/json";

/// Each command's result, and under `$defs` what several results share.
const RESULTS: &str = include_str!("results.json");

/// The schema of each command's documents: the command with hyphens for blanks, and the schema.
///
/// # Errors
/// A file of results that isn't JSON.
pub fn schemas() -> serde_json::Result<Vec<(String, Value)>> {
    let mut results: Map<String, Value> = serde_json::from_str(RESULTS)?;
    let shared = results.remove("$defs").unwrap_or_default();
    let schema = |(command, result): (String, Value)| {
        let name = command.replace(' ', "-");
        let mut needed = Map::new();
        needed_by(&result, &shared, &mut needed);
        needed.insert("error".to_owned(), shared["error"].clone());
        let document = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": format!("cargo xtask {command} --format json"),
            "type": "object",
            "required": ["version", "command"],
            "properties": {
                "version": { "const": super::VERSION },
                "command": { "const": command },
                "result": result,
                "error": { "$ref": "#/$defs/error" },
            },
            "additionalProperties": false,
            "oneOf": [{ "required": ["result"] }, { "required": ["error"] }],
            "$defs": needed,
        });
        (name, document)
    };
    Ok(results.into_iter().map(schema).collect())
}

/// The definitions that a schema refers to, and those that these refer to.
fn needed_by(schema: &Value, shared: &Value, needed: &mut Map<String, Value>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            let name = name.and_then(|text| text.strip_prefix("#/$defs/"));
            if let Some(name) = name.filter(|name| !needed.contains_key(*name)) {
                needed.insert(name.to_owned(), shared[name].clone());
                needed_by(&shared[name], shared, needed);
            }
            fields
                .values()
                .for_each(|one| needed_by(one, shared, needed));
        }
        Value::Array(items) => items.iter().for_each(|one| needed_by(one, shared, needed)),
        _ => {}
    }
}
