//! What a refresh changes, in the terms of whoever reviews it: types, properties, flags,
//! permissions, actions, instance types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::data::Data;
use super::provenance::Provenance;
use super::{Error, IAM_ACTIONS, INSTANCE_TYPES, MANAGED_POLICIES, UPDATES};

/// The facts that appeared and disappeared, by vendored file, and the versions before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// `name old → new` for each package whose version changed.
    pub packages: Vec<String>,
    /// By file: lines that start with `+` or `-`, sorted by what they speak of.
    pub files: BTreeMap<String, Vec<String>>,
}

impl Changes {
    /// Compares the data on disk with the data in memory.
    ///
    /// # Errors
    /// A file on disk isn't JSON.
    pub fn between(
        vendor: &Path,
        before: Option<&Provenance>,
        after: &Data,
    ) -> Result<Self, Error> {
        let mut changes = Self::default();
        for package in &after.provenance.packages {
            let old = before.and_then(|before| before.package(&package.name));
            if old.is_none_or(|old| old.version != package.version) {
                let old = old.map_or("none", |old| &old.version);
                changes
                    .packages
                    .push(format!("{} {old} → {}", package.name, package.version));
            }
        }
        let old_paths = before.iter().flat_map(|before| &before.files);
        let paths: BTreeSet<&String> = old_paths
            .map(|file| &file.path)
            .chain(after.contents.keys())
            .collect();
        for path in paths {
            let on_disk = vendor.join(path);
            let old = match std::fs::read_to_string(&on_disk) {
                Ok(text) => Some(facts(path, &text)?),
                Err(_) => None,
            };
            let new = match after.contents.get(path) {
                Some(text) => Some(facts(path, text)?),
                None => None,
            };
            let lines = match (old, new) {
                (Some(old), Some(new)) => difference(&old, &new),
                (None, _) => vec!["+ new".to_owned()],
                (_, None) => vec!["- no longer wanted".to_owned()],
            };
            if !lines.is_empty() {
                changes.files.insert(path.clone(), lines);
            }
        }
        Ok(changes)
    }

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.files.is_empty()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("vendor/: nothing changed\n");
        }
        for package in &self.packages {
            writeln!(f, "{package}")?;
        }
        for (path, lines) in &self.files {
            writeln!(f, "vendor/{path}")?;
            for line in lines {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}

fn difference(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Vec<String> {
    let all: BTreeSet<&String> = old.union(new).collect();
    all.into_iter()
        .filter_map(|fact| match (old.contains(fact), new.contains(fact)) {
            (true, false) => Some(format!("- {fact}")),
            (false, true) => Some(format!("+ {fact}")),
            _ => None,
        })
        .collect()
}

/// The facts of one vendored file, each a line that says one thing.
fn facts(path: &str, text: &str) -> Result<BTreeSet<String>, Error> {
    let read = |text: &str| -> Result<Value, Error> {
        serde_json::from_str(text)
            .map_err(|cause| Error::new(format!("vendor/{path} isn't JSON")).cause(cause))
    };
    let mut facts = BTreeSet::new();
    if path == IAM_ACTIONS {
        for line in text.lines() {
            let entry = read(line)?;
            let service = entry["service"].as_str().unwrap_or_default();
            for (action, types) in entries(&entry["actions"]) {
                facts.insert(format!("action {service}:{action} on {types}"));
            }
        }
        return Ok(facts);
    }
    let value = read(text)?;
    match path {
        INSTANCE_TYPES => {
            for (name, entry) in entries(&value) {
                facts.insert(format!("{name} {entry}"));
            }
        }
        MANAGED_POLICIES => {
            for (name, document) in entries(&value) {
                facts.insert(format!("{name} {document}"));
            }
        }
        UPDATES => {
            for (kind, lists) in entries(&value) {
                for (list, says) in [
                    ("replaces", "replaces"),
                    ("mayReplace", "may replace"),
                    ("identifier", "is a part of what identifies"),
                ] {
                    for property in texts(&lists[list]) {
                        facts.insert(format!("{property} {says} a resource of {kind}"));
                    }
                }
            }
        }
        path if path.starts_with("api/") => model_facts(&value, &mut facts),
        _ => schema_facts(&value, &mut facts),
    }
    Ok(facts)
}

fn model_facts(model: &Value, facts: &mut BTreeSet<String>) {
    for (operation, _) in entries(&model["operations"]) {
        facts.insert(format!("operation {operation}"));
    }
    for (name, shape) in entries(&model["shapes"]) {
        for (member, target) in entries(&shape["members"]) {
            let target = target["shape"].as_str().unwrap_or_default();
            facts.insert(format!("{name} has {member}: {target}"));
        }
        for member in texts(&shape["required"]) {
            facts.insert(format!("{name} requires {member}"));
        }
        for value in texts(&shape["enum"]) {
            facts.insert(format!("{name} may be {value}"));
        }
        for limit in ["min", "max", "pattern"] {
            if let Some(value) = shape.get(limit) {
                facts.insert(format!("{name} has {limit} {value}"));
            }
        }
    }
}

fn schema_facts(schema: &Value, facts: &mut BTreeSet<String>) {
    for (keyword, says) in [
        ("createOnlyProperties", "create-only"),
        ("conditionalCreateOnlyProperties", "conditional create-only"),
        ("readOnlyProperties", "read-only"),
        ("writeOnlyProperties", "write-only"),
        ("primaryIdentifier", "primary identifier"),
    ] {
        for path in texts(&schema[keyword]) {
            facts.insert(format!("{says} {path}"));
        }
    }
    for (handler, entry) in entries(&schema["handlers"]) {
        for permission in texts(&entry["permissions"]) {
            facts.insert(format!("{handler} handler needs {permission}"));
        }
    }
    structure("", schema, facts);
    for (name, definition) in entries(&schema["definitions"]) {
        structure(&format!("{name}."), definition, facts);
    }
}

fn structure(prefix: &str, schema: &Value, facts: &mut BTreeSet<String>) {
    for name in texts(&schema["required"]) {
        facts.insert(format!("property {prefix}{name} is required"));
    }
    for (name, property) in entries(&schema["properties"]) {
        facts.insert(format!("property {prefix}{name}: {}", kind(property)));
        for value in property["enum"].as_array().into_iter().flatten() {
            facts.insert(format!("property {prefix}{name} may be {value}"));
        }
        structure(&format!("{prefix}{name}."), property, facts);
    }
}

fn kind(property: &Value) -> String {
    match (&property["$ref"], &property["type"], &property["items"]) {
        (Value::String(reference), _, _) => reference.trim_start_matches("#/definitions/").into(),
        (_, Value::String(kind), items @ Value::Object(_)) => {
            format!("{kind} of {}", self::kind(items))
        }
        (_, Value::String(kind), _) => kind.clone(),
        (_, Value::Null, _) => "any".to_owned(),
        (_, other, _) => other.to_string(),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reviewer_reads_properties_flags_and_permissions() {
        let old = json!({
            "properties": {"Name": {"type": "string"}, "Old": {"type": "integer"}},
            "createOnlyProperties": ["/properties/Name"],
            "handlers": {"create": {"permissions": ["s3:CreateBucket"]}},
        });
        let new = json!({
            "properties": {
                "Name": {"type": "string"},
                "Rules": {"type": "array", "items": {"$ref": "#/definitions/Rule"}},
            },
            "definitions": {"Rule": {
                "properties": {"Status": {"type": "string", "enum": ["On"]}},
                "required": ["Status"],
            }},
            "createOnlyProperties": [],
            "handlers": {"create": {"permissions": ["s3:CreateBucket", "s3:PutBucketTagging"]}},
        });
        let facts = |value: &Value| facts("schemas/x.json", &value.to_string()).unwrap();
        assert_eq!(
            difference(&facts(&old), &facts(&new)),
            [
                "+ create handler needs s3:PutBucketTagging",
                "- create-only /properties/Name",
                "- property Old: integer",
                "+ property Rule.Status is required",
                "+ property Rule.Status may be \"On\"",
                "+ property Rule.Status: string",
                "+ property Rules: array of Rule",
            ]
        );
    }
}
