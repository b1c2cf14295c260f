//! `patches.yaml`: where AWS's documentation says otherwise than AWS's schema.
//!
//! Applied to a schema in memory, for the code generator; the vendored file stays AWS's.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Error;

/// The file's name in `vendor/`.
const FILE: &str = "patches.yaml";
const CREATE_ONLY: &str = "createOnlyProperties";
const CONDITIONAL: &str = "conditionalCreateOnlyProperties";
/// Our own keyword: changing these properties makes the update fail.
pub const IMMUTABLE: &str = "immutableProperties";
/// Our own keyword: attributes of `Fn::GetAtt` beyond the read-only properties, by name.
pub const ATTRIBUTES: &str = "documentedAttributes";

/// One difference, with its reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Patch {
    /// The resource type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Properties whose change replaces the resource.
    #[serde(default)]
    pub create_only: Vec<String>,
    /// Properties whose change makes the update fail.
    #[serde(default)]
    pub immutable: Vec<String>,
    /// Attributes, each with the schema of its value; `X.*` stands for any name after `X.`.
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
    /// Why.
    pub reason: String,
    /// The page of the documentation that says so.
    pub source: String,
}

/// All of them, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Patches(Vec<Patch>);

impl Patches {
    /// Reads `patches.yaml` in `vendor`.
    ///
    /// # Errors
    /// It can't be read, has an unknown field, or a patch of a type that isn't in `types`.
    pub fn read(vendor: &Path, types: &[String]) -> Result<Self, Error> {
        let path = vendor.join(FILE);
        let failed = || Error::new(format!("can't read {}", path.display()));
        let text = std::fs::read_to_string(&path).map_err(|cause| failed().cause(cause))?;
        let patches = Self::parse(&text)?;
        if let Some(patch) = patches
            .0
            .iter()
            .find(|patch| !types.contains(&patch.type_name))
        {
            return Err(Error::new(format!(
                "{FILE}: {} is no type of types.txt",
                patch.type_name
            )));
        }
        Ok(patches)
    }

    /// The patches of a file's text.
    ///
    /// # Errors
    /// It isn't YAML, or has an unknown field.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let patches: Vec<Patch> = serde_saphyr::from_str(text)
            .map_err(|cause| Error::new(format!("can't read {FILE}")).cause(cause.to_string()))?;
        Ok(Self(patches))
    }

    /// Patches the schema of `type_name` in place.
    ///
    /// # Errors
    /// A property that the schema lacks, or a patch that the schema has caught up with.
    pub fn apply(&self, type_name: &str, schema: &mut Value) -> Result<(), Error> {
        for patch in self.0.iter().filter(|patch| patch.type_name == type_name) {
            for path in &patch.create_only {
                patch.check(path, schema)?;
                remove(schema, CONDITIONAL, path);
                push(schema, CREATE_ONLY, path);
            }
            for path in &patch.immutable {
                patch.check(path, schema)?;
                push(schema, IMMUTABLE, path);
            }
            for (name, value) in &patch.attributes {
                if lists(schema, "readOnlyProperties", &format!("/properties/{name}")) {
                    return Err(patch.stale(&format!("{name} is an attribute")));
                }
                if let Some(keywords) = schema.as_object_mut() {
                    let attributes = keywords
                        .entry(ATTRIBUTES)
                        .or_insert_with(|| Value::Object(Map::new()));
                    attributes[name] = value.clone();
                }
            }
        }
        Ok(())
    }
}

impl Patch {
    fn check(&self, path: &str, schema: &Value) -> Result<(), Error> {
        if schema.pointer(path).is_none() {
            return Err(
                Error::new(format!("{FILE}: {} has no property {path}", self.type_name))
                    .hint("a patch names a property by its JSON pointer, such as /properties/Tags"),
            );
        }
        if lists(schema, CREATE_ONLY, path) {
            return Err(self.stale(&format!("{path} is create-only")));
        }
        Ok(())
    }

    fn stale(&self, fact: &str) -> Error {
        Error::new(format!(
            "{FILE}: the schema of {} now says itself that {fact}",
            self.type_name
        ))
        .hint("delete that patch")
    }
}

fn lists(schema: &Value, keyword: &str, path: &str) -> bool {
    schema[keyword]
        .as_array()
        .is_some_and(|list| list.iter().any(|entry| entry == path))
}

fn push(schema: &mut Value, keyword: &str, path: &str) {
    if let Some(keywords) = schema.as_object_mut()
        && let Value::Array(list) = keywords
            .entry(keyword)
            .or_insert_with(|| Value::Array(Vec::new()))
    {
        list.push(Value::from(path));
    }
}

fn remove(schema: &mut Value, keyword: &str, path: &str) {
    if let Some(Value::Array(list)) = schema.get_mut(keyword) {
        list.retain(|entry| entry != path);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patches(yaml: &str) -> Patches {
        Patches(serde_saphyr::from_str(yaml).unwrap())
    }

    fn rule() -> Value {
        json!({
            "properties": {"Name": {}, "Bus": {}},
            "createOnlyProperties": ["/properties/Name"],
            "conditionalCreateOnlyProperties": ["/properties/Bus"],
        })
    }

    #[test]
    fn a_conditional_flag_becomes_unconditional() {
        let mut schema = rule();
        patches("[{type: T, createOnly: [/properties/Bus], reason: r, source: s}]")
            .apply("T", &mut schema)
            .unwrap();
        assert_eq!(
            schema["createOnlyProperties"],
            json!(["/properties/Name", "/properties/Bus"])
        );
        assert_eq!(schema["conditionalCreateOnlyProperties"], json!([]));
    }

    #[test]
    fn a_patch_of_another_type_changes_nothing() {
        let mut schema = rule();
        patches("[{type: U, createOnly: [/properties/Bus], reason: r, source: s}]")
            .apply("T", &mut schema)
            .unwrap();
        assert_eq!(schema, rule());
    }

    #[test]
    fn a_patch_that_names_nothing_or_nothing_new_is_an_error() {
        let unknown = patches("[{type: T, immutable: [/properties/Buz], reason: r, source: s}]");
        let error = unknown.apply("T", &mut rule()).unwrap_err().to_string();
        assert!(
            error.contains("T has no property /properties/Buz"),
            "{error}"
        );

        let stale = patches("[{type: T, createOnly: [/properties/Name], reason: r, source: s}]");
        let error = stale.apply("T", &mut rule()).unwrap_err().to_string();
        assert!(error.contains("hint: delete that patch"), "{error}");
    }

    #[test]
    fn a_patch_needs_a_reason_and_no_misspelt_field() {
        assert!(serde_saphyr::from_str::<Vec<Patch>>("[{type: T, source: s}]").is_err());
        assert!(
            serde_saphyr::from_str::<Vec<Patch>>(
                "[{type: T, create-only: [/properties/A], reason: r, source: s}]"
            )
            .is_err()
        );
    }
}
