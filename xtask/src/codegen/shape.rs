//! A resource type as the generator sees it: read from a patched schema, with the references
//! between definitions resolved to names, before Rust names are chosen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::vendor::{ATTRIBUTES, Error, IMMUTABLE};

/// What a property, item or map value is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Anything, such as a policy document.
    Json,
    /// One of some texts; the key leads into [`Shape::choices`].
    Choice(String),
    /// A list, and whether its order means something.
    List(Box<Kind>, bool),
    /// A map from text.
    Map(Box<Kind>),
    /// An object with properties; the key leads into [`Shape::objects`].
    Object(String),
}

/// What a change of a property does, where it does more than change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnChange {
    /// The resource may be replaced, under conditions that the documentation states.
    MayReplace,
    /// The resource is replaced.
    Replaces,
    /// The update fails.
    Fails,
}

/// A property of a resource or object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name in a template.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// It must be there.
    pub required: bool,
    /// AWS sets it; a template can't.
    pub read_only: bool,
    /// AWS never tells it.
    pub write_only: bool,
    /// What a change of it does to the resource.
    pub on_change: Option<OnChange>,
}

/// A path from the resource's properties; `*` stands for any item of a list or map.
pub type Path = Vec<String>;

/// A resource type.
#[derive(Clone, Debug)]
pub struct Shape {
    /// `AWS::S3::Bucket`.
    pub type_name: String,
    /// Its properties, by name.
    pub properties: Vec<Property>,
    /// The objects that its properties are made of, by key.
    pub objects: BTreeMap<String, Vec<Property>>,
    /// The enumerations that its properties are made of, by key.
    pub choices: BTreeMap<String, Vec<String>>,
    /// The attributes of `Fn::GetAtt`, by name with dots; `X.*` takes any last segment.
    pub attributes: BTreeMap<String, Kind>,
    /// The paths of each keyword that lists paths.
    pub paths: BTreeMap<&'static str, Vec<Path>>,
    /// The schema, patched, for what is copied into the facts as it is.
    pub schema: Value,
}

/// The keywords that list property paths.
pub const PATH_KEYWORDS: [&str; 6] = [
    "createOnlyProperties",
    "conditionalCreateOnlyProperties",
    IMMUTABLE,
    "readOnlyProperties",
    "writeOnlyProperties",
    "primaryIdentifier",
];

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
        shape.properties = reader.properties(&schema, &shape.resource().to_owned(), &mut shape)?;
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

    /// `S3` in `AWS::S3::Bucket`.
    pub fn service(&self) -> &str {
        self.type_name.split("::").nth(1).unwrap_or_default()
    }

    /// `Bucket` in `AWS::S3::Bucket`.
    pub fn resource(&self) -> &str {
        self.type_name.rsplit("::").next().unwrap_or_default()
    }

    /// Sets the flags of the properties that the path keywords name.
    fn mark(&mut self) {
        for (keyword, paths) in self.paths.clone() {
            for path in paths {
                let Some(property) = self.property_mut(&path) else {
                    // Some of AWS's paths lead nowhere, or to a property whose content is free.
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

/// Reads the parts of one schema.
struct Reader<'a> {
    type_name: &'a str,
    schema: &'a Value,
}

impl Reader<'_> {
    /// The properties of `schema` and of its alternatives, which are all optional.
    fn properties(
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
    fn kind(&self, schema: &Value, key: &str, shape: &mut Shape) -> Result<Kind, Error> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.definition(reference, shape);
        }
        if let Some(values) = schema["enum"].as_array() {
            let texts: Option<Vec<String>> = values
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            if let Some(texts) = texts {
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
