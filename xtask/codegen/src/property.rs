//! Reads the properties of a schema, and their kinds.

use serde_json::Value;

use super::service::are_told_apart;
use super::shape::{Kind, Property, Shape};
use crate::vendored::Error;

/// Reads the parts of one schema into a shape.
pub struct Reader<'a> {
    /// The type, for errors.
    pub type_name: &'a str,
    /// All of it.
    pub schema: &'a Value,
}

impl Reader<'_> {
    /// The properties of `schema` and of its alternatives, which are all optional.
    ///
    /// # Errors
    /// A form that this generator doesn't know.
    pub fn properties(
        &self,
        schema: &Value,
        owner: &str,
        shape: &mut Shape,
    ) -> Result<Vec<Property>, Error> {
        let mut properties: Vec<Property> = Vec::new();
        let alternatives = ["oneOf", "anyOf", "allOf"]
            .into_iter()
            .flat_map(|keyword| schema[keyword].as_array().into_iter().flatten());
        for part in std::iter::once(schema).chain(alternatives) {
            for (name, property) in part["properties"].as_object().into_iter().flatten() {
                if properties.iter().any(|known| known.name == *name) {
                    continue;
                }
                let required = texts(&schema["required"]).any(|required| required == name);
                properties.push(Property {
                    name: name.clone(),
                    kind: self.kind(property, &format!("{owner}.{name}"), shape)?,
                    required,
                    read_only: false,
                    write_only: false,
                    on_change: None,
                });
            }
        }
        properties.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(properties)
    }

    /// The kind of `schema`; `key` names it where it has no name of its own.
    ///
    /// # Errors
    /// As [`properties`](Self::properties).
    pub fn kind(&self, schema: &Value, key: &str, shape: &mut Shape) -> Result<Kind, Error> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.definition(reference, shape);
        }
        if let Some(values) = schema["enum"].as_array() {
            let texts: Option<Vec<String>> = values
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            if let Some(texts) = texts.filter(|texts| are_told_apart(texts)) {
                shape.choices.insert(key.to_owned(), texts);
                return Ok(Kind::Choice(key.to_owned()));
            }
        }
        match &schema["type"] {
            Value::String(one) => self.typed(one, schema, key, shape),
            // Several types with an object among them: a document, given as one or as text.
            // Several scalars: CloudFormation turns text into what is wanted.
            Value::Array(several) => {
                let has = |name: &str| several.iter().any(|one| one == name);
                Ok(if has("string") && (has("boolean") || !has("object")) {
                    Kind::Text
                } else {
                    Kind::Json
                })
            }
            _ if schema["properties"].is_object() => self.typed("object", schema, key, shape),
            _ => Ok(Kind::Json),
        }
    }

    fn typed(
        &self,
        one: &str,
        schema: &Value,
        key: &str,
        shape: &mut Shape,
    ) -> Result<Kind, Error> {
        Ok(match one {
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "array" => {
                let ordered = schema["insertionOrder"] != false;
                let items = self.kind(&schema["items"], key, shape)?;
                Kind::List(Box::new(items), ordered)
            }
            "object" => {
                let entries = schema["patternProperties"].as_object();
                if let Some((_, entry)) = entries.and_then(|entries| entries.iter().next()) {
                    return Ok(Kind::Map(Box::new(self.kind(entry, key, shape)?)));
                }
                let properties = self.properties(schema, key, shape)?;
                if properties.is_empty() {
                    return Ok(Kind::Json);
                }
                shape.objects.insert(key.to_owned(), properties);
                Kind::Object(key.to_owned())
            }
            other => {
                return Err(Error::new(format!(
                    "the schema of {} has a property of type {other} at {key}",
                    self.type_name
                )));
            }
        })
    }

    fn definition(&self, reference: &str, shape: &mut Shape) -> Result<Kind, Error> {
        let name = reference.trim_start_matches("#/definitions/");
        if shape.objects.contains_key(name) {
            return Ok(Kind::Object(name.to_owned()));
        }
        let Some(definition) = self.schema["definitions"].get(name) else {
            return Err(Error::new(format!(
                "the schema of {} refers to {reference}, which it doesn't define",
                self.type_name
            )));
        };
        if definition["properties"].is_object() {
            // Known before its properties are read: some definitions contain themselves.
            shape.objects.insert(name.to_owned(), Vec::new());
        }
        self.kind(definition, name, shape)
    }
}

/// The texts of a list; none where there is no list.
pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
