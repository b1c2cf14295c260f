//! Reads a patched schema into a shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::property::{Reader, texts};
use super::shape::{Kind, OnChange, PATH_KEYWORDS, Path, Property, Shape};
use crate::vendored::{ATTRIBUTES, Error, IMMUTABLE};

impl Shape {
    /// Reads a patched schema.
    ///
    /// # Errors
    /// A schema with a form that this generator doesn't know.
    pub fn read(type_name: &str, schema: Value) -> Result<Self, Error> {
        let mut shape = Self {
            type_name: type_name.to_owned(),
            properties: Vec::new(),
            objects: BTreeMap::new(),
            choices: BTreeMap::new(),
            attributes: BTreeMap::new(),
            paths: BTreeMap::new(),
            schema: Value::Null,
        };
        let reader = Reader {
            type_name,
            schema: &schema,
        };
        let owner = shape.resource().to_owned();
        shape.properties = reader.properties(&schema, &owner, &mut shape)?;
        for keyword in PATH_KEYWORDS {
            let paths = texts(&schema[keyword]).map(path_of).collect();
            shape.paths.insert(keyword, paths);
        }
        shape.mark();
        shape.read_attributes(&reader, &schema)?;
        shape.drop_unreachable();
        shape.schema = schema;
        Ok(shape)
    }

    /// Sets the flags of the properties that the path keywords name.
    fn mark(&mut self) {
        for (keyword, paths) in self.paths.clone() {
            for path in paths {
                let Some(property) = self.property_mut(&path) else {
                    // A path that leads nowhere, or into a property whose content is free:
                    // the facts keep it, only the note on a setter is missing.
                    continue;
                };
                match keyword {
                    "readOnlyProperties" => property.read_only = true,
                    "writeOnlyProperties" => property.write_only = true,
                    "createOnlyProperties" => property.on_change = Some(OnChange::Replaces),
                    "conditionalCreateOnlyProperties" => {
                        property.on_change = Some(OnChange::MayReplace);
                    }
                    IMMUTABLE => property.on_change = Some(OnChange::Fails),
                    _ => {}
                }
            }
        }
    }

    fn property_mut(&mut self, path: &[String]) -> Option<&mut Property> {
        let (last, parents) = path.split_last()?;
        let mut owner: Option<String> = None;
        for segment in parents.iter().filter(|segment| *segment != "*") {
            let properties = match &owner {
                None => &self.properties,
                Some(key) => self.objects.get(key)?,
            };
            let property = properties.iter().find(|found| found.name == *segment)?;
            owner = Some(object_in(&property.kind)?.to_owned());
        }
        match owner {
            None => &mut self.properties,
            Some(key) => self.objects.get_mut(&key)?,
        }
        .iter_mut()
        .find(|property| property.name == *last)
    }

    /// What `Fn::GetAtt` takes: the read-only properties that it can name, and those that the
    /// documentation adds.
    fn read_attributes(&mut self, reader: &Reader, schema: &Value) -> Result<(), Error> {
        for path in self.paths["readOnlyProperties"].clone() {
            if path.iter().any(|segment| segment == "*") {
                continue;
            }
            let kind = self
                .property_mut(&path)
                .map_or(Kind::Json, |property| attribute_kind(&property.kind));
            self.attributes.insert(path.join("."), kind);
        }
        for (name, value) in schema[ATTRIBUTES].as_object().into_iter().flatten() {
            let kind = reader.kind(value, name, self)?;
            self.attributes.insert(name.clone(), attribute_kind(&kind));
        }
        Ok(())
    }

    /// Forgets the objects and enumerations that no property leads to which a template can set.
    fn drop_unreachable(&mut self) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<Kind> = settable(&self.properties);
        while let Some(kind) = open.pop() {
            match kind {
                Kind::List(inner, _) | Kind::Map(inner) => open.push(*inner),
                Kind::Object(key) => {
                    if let Some(properties) = self.objects.get(&key)
                        && seen.insert(key)
                    {
                        open.extend(settable(properties));
                    }
                }
                Kind::Choice(key) => {
                    seen.insert(key);
                }
                _ => {}
            }
        }
        self.objects.retain(|key, _| seen.contains(key));
        self.choices.retain(|key, _| seen.contains(key));
    }
}

fn settable(properties: &[Property]) -> Vec<Kind> {
    properties
        .iter()
        .filter(|property| !property.read_only)
        .map(|property| property.kind.clone())
        .collect()
}

/// `/properties/Rules/*/Prefix` without its first segment.
fn path_of(pointer: &str) -> Path {
    pointer
        .trim_start_matches("/properties/")
        .split('/')
        .map(str::to_owned)
        .collect()
}

/// The object that a value of this kind is, or holds.
fn object_in(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Object(key) => Some(key),
        Kind::List(inner, _) | Kind::Map(inner) => object_in(inner),
        _ => None,
    }
}

/// What an attribute of this kind is for a template: text, a number, a list of them, or JSON.
fn attribute_kind(kind: &Kind) -> Kind {
    match kind {
        Kind::Choice(_) => Kind::Text,
        Kind::Object(_) | Kind::Map(_) => Kind::Json,
        Kind::List(inner, ordered) => Kind::List(Box::new(attribute_kind(inner)), *ordered),
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: Value) -> Shape {
        Shape::read("AWS::A::B", schema).unwrap()
    }

    fn property<'a>(properties: &'a [Property], name: &str) -> &'a Property {
        properties
            .iter()
            .find(|property| property.name == name)
            .unwrap()
    }

    #[test]
    fn kinds_follow_the_schema() {
        let shape = read(json!({
            "properties": {
                "Text": {"type": "string"},
                "Choice": {"type": "string", "enum": ["a", "b"]},
                "Days": {"type": "integer", "enum": [1, 3]},
                "Set": {"type": "array", "insertionOrder": false, "items": {"type": "string"}},
                "Map": {"type": "object", "patternProperties": {".*": {"type": "number"}}},
                "Document": {"type": ["object", "string"]},
                "Scalars": {"type": ["boolean", "string"]},
                "Free": {"type": "object"},
                "Inline": {"type": "object", "properties": {"X": {"type": "boolean"}}},
            },
            "required": ["Text"],
        }));
        let kind = |name| property(&shape.properties, name).kind.clone();
        assert_eq!(kind("Text"), Kind::Text);
        assert_eq!(kind("Choice"), Kind::Choice("B.Choice".to_owned()));
        assert_eq!(kind("Days"), Kind::Integer);
        assert_eq!(kind("Set"), Kind::List(Box::new(Kind::Text), false));
        assert_eq!(kind("Map"), Kind::Map(Box::new(Kind::Number)));
        assert_eq!(kind("Document"), Kind::Json);
        assert_eq!(kind("Scalars"), Kind::Text);
        assert_eq!(kind("Free"), Kind::Json);
        assert_eq!(kind("Inline"), Kind::Object("B.Inline".to_owned()));
        assert!(property(&shape.properties, "Text").required);
        assert!(!property(&shape.properties, "Free").required);
    }

    #[test]
    fn a_definition_may_contain_itself() {
        let shape = read(json!({
            "properties": {"Root": {"$ref": "#/definitions/Tree"}},
            "definitions": {"Tree": {"type": "object", "properties": {
                "Left": {"$ref": "#/definitions/Tree"},
                "Name": {"type": "string"},
            }}},
        }));
        assert_eq!(
            property(&shape.objects["Tree"], "Left").kind,
            Kind::Object("Tree".to_owned())
        );
        assert_eq!(shape.objects["Tree"].len(), 2);
    }

    #[test]
    fn flags_reach_properties_through_lists() {
        let shape = read(json!({
            "properties": {
                "Id": {"type": "string"},
                "Rules": {"type": "array", "items": {"$ref": "#/definitions/Rule"}},
            },
            "definitions": {"Rule": {"type": "object", "properties": {
                "Status": {"type": "string"}, "Prefix": {"type": "string"},
            }}},
            "readOnlyProperties": ["/properties/Id", "/properties/Rules/*/Status"],
            "createOnlyProperties": ["/properties/Rules/*/Prefix"],
            "documentedAttributes": {"Rules.*": {"type": "string"}},
        }));
        assert!(property(&shape.properties, "Id").read_only);
        assert!(property(&shape.objects["Rule"], "Status").read_only);
        assert_eq!(
            property(&shape.objects["Rule"], "Prefix").on_change,
            Some(OnChange::Replaces)
        );
        let attributes: Vec<(&str, &Kind)> = shape
            .attributes
            .iter()
            .map(|(name, kind)| (name.as_str(), kind))
            .collect();
        assert_eq!(attributes, [("Id", &Kind::Text), ("Rules.*", &Kind::Text)]);
    }

    #[test]
    fn what_only_aws_sets_is_left_out() {
        let shape = read(json!({
            "properties": {"State": {"$ref": "#/definitions/State"}},
            "definitions": {"State": {"type": "object", "properties": {
                "Name": {"type": "string", "enum": ["on"]},
            }}},
            "readOnlyProperties": ["/properties/State"],
        }));
        assert!(shape.objects.is_empty(), "{:?}", shape.objects);
        assert!(shape.choices.is_empty(), "{:?}", shape.choices);
    }
}
