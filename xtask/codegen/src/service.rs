//! The resource types of one service, with a Rust name for each thing in them.
//!
//! Types that share a definition, such as `Tag`, share the Rust type, where all of it agrees.
//! Where it doesn't, each resource has its own, with the resource's name in front.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{camel, variant};
use super::shape::{Kind, Property, Shape};
use crate::vendored::Error;

/// A service and its resource types.
#[derive(Clone, Debug)]
pub struct Service {
    /// `S3` in `AWS::S3::Bucket`.
    pub name: String,
    /// Its resource types, by name.
    pub shapes: Vec<Shape>,
    /// The Rust name of each object and enumeration, by resource type and key.
    names: BTreeMap<(String, String), String>,
}

/// An object or enumeration that gets a Rust type.
#[derive(Clone, Copy, Debug)]
pub enum Definition<'a> {
    /// An object with its properties.
    Object(&'a [Property]),
    /// An enumeration with its values.
    Choice(&'a [String]),
}

impl Service {
    /// Names everything in `shapes`.
    ///
    /// # Errors
    /// Two things that would have the same Rust name.
    pub fn new(name: &str, shapes: Vec<Shape>) -> Result<Self, Error> {
        let mut wanted: BTreeMap<String, BTreeMap<String, Vec<(String, String)>>> = BTreeMap::new();
        for shape in &shapes {
            for key in shape.objects.keys().chain(shape.choices.keys()) {
                wanted
                    .entry(short_name(key))
                    .or_default()
                    .entry(signature(shape, key))
                    .or_default()
                    .push((shape.type_name.clone(), key.clone()));
            }
        }
        let resources: BTreeSet<String> =
            shapes.iter().map(|shape| camel(shape.resource())).collect();
        let mut taken = resources.clone();
        let mut names = BTreeMap::new();
        for (short, signatures) in wanted {
            let shared = signatures.len() == 1 && !resources.contains(&short);
            for owners in signatures.into_values() {
                let mut own = BTreeSet::new();
                for (type_name, key) in owners {
                    let resource = camel(type_name.rsplit("::").next().unwrap_or_default());
                    let chosen = if shared {
                        short.clone()
                    } else {
                        format!("{resource}{short}")
                    };
                    own.insert(chosen.clone());
                    names.insert((type_name, key), chosen);
                }
                for chosen in own {
                    if !taken.insert(chosen.clone()) {
                        return Err(Error::new(format!(
                            "AWS::{name}: two definitions would both be the Rust type {chosen}"
                        ))
                        .hint("xtask/codegen/src/service.rs decides the names"));
                    }
                }
            }
        }
        for shape in &shapes {
            for (key, values) in &shape.choices {
                let offered = offered(values);
                let variants: BTreeSet<String> =
                    offered.iter().map(|value| variant(value)).collect();
                if variants.len() != offered.len() {
                    return Err(Error::new(format!(
                        "{}: two values of {key} would be the same variant",
                        shape.type_name
                    ))
                    .hint("xtask/codegen/src/name.rs decides the names"));
                }
            }
        }
        Ok(Self {
            name: name.to_owned(),
            shapes,
            names,
        })
    }

    /// The Rust module: the service's name in lower case, as in an IAM prefix.
    pub fn module(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// The Rust name of the object or enumeration `key` of `shape`.
    pub fn name_of(&self, shape: &Shape, key: &str) -> &str {
        self.names
            .get(&(shape.type_name.clone(), key.to_owned()))
            .map_or("", String::as_str)
    }

    /// Each Rust type once, by name, with the first resource type that has it.
    pub fn definitions(&self) -> BTreeMap<&str, (&Shape, &str, Definition<'_>)> {
        let mut definitions = BTreeMap::new();
        for shape in &self.shapes {
            let objects = shape
                .objects
                .iter()
                .map(|(key, properties)| (key, Definition::Object(properties)));
            let choices = shape
                .choices
                .iter()
                .map(|(key, values)| (key, Definition::Choice(values)));
            for (key, definition) in objects.chain(choices) {
                definitions.entry(self.name_of(shape, key)).or_insert((
                    shape,
                    key.as_str(),
                    definition,
                ));
            }
        }
        definitions
    }
}

/// The Rust name of a definition where nothing else claims it. One within another is named
/// after both, `Bucket.AccessControl`, unless it carries the other's name already, `Key.KeySpec`.
fn short_name(key: &str) -> String {
    match key.rsplit_once('.') {
        Some((owner, last)) if last.starts_with(owner.rsplit('.').next().unwrap_or(owner)) => {
            camel(last)
        }
        _ => camel(key),
    }
}

/// The values of an enumeration without those that differ from another in case only, such as
/// `GLACIER` and `Glacier`: of these, the one that comes first in ASCII order.
pub fn offered(values: &[String]) -> Vec<&String> {
    values
        .iter()
        .filter(|value| {
            !values
                .iter()
                .any(|other| other < *value && other.eq_ignore_ascii_case(value))
        })
        .collect()
}

/// Everything about the definition `key` that the generated code shows, written out.
fn signature(shape: &Shape, key: &str) -> String {
    let mut text = String::new();
    write(shape, key, &mut BTreeSet::new(), &mut text);
    text
}

fn write<'a>(shape: &'a Shape, key: &'a str, open: &mut BTreeSet<&'a str>, text: &mut String) {
    if let Some(values) = shape.choices.get(key) {
        text.push_str(&values.join("|"));
        return;
    }
    // A definition within itself: its name says enough.
    if !open.insert(key) {
        text.push_str(key);
        return;
    }
    text.push('{');
    for property in shape.objects.get(key).into_iter().flatten() {
        text.push_str(&format!(
            "{} {} {} {} {:?} ",
            property.name,
            property.required,
            property.read_only,
            property.write_only,
            property.on_change
        ));
        write_kind(shape, &property.kind, open, text);
        text.push(';');
    }
    text.push('}');
    open.remove(key);
}

fn write_kind<'a>(
    shape: &'a Shape,
    kind: &'a Kind,
    open: &mut BTreeSet<&'a str>,
    text: &mut String,
) {
    match kind {
        Kind::List(inner, ordered) => {
            text.push_str(if *ordered { "list " } else { "set " });
            write_kind(shape, inner, open, text);
        }
        Kind::Map(inner) => {
            text.push_str("map ");
            write_kind(shape, inner, open, text);
        }
        Kind::Object(key) | Kind::Choice(key) => write(shape, key, open, text),
        scalar => text.push_str(&format!("{scalar:?}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shape(resource: &str, tag: Value) -> Shape {
        let schema = json!({
            "properties": {"Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}}},
            "definitions": {"Tag": tag},
        });
        Shape::read(&format!("AWS::A::{resource}"), schema).unwrap()
    }

    fn tag(value: &str) -> Value {
        json!({"type": "object", "properties": {"Key": {"type": "string", "maxLength": 9}, value: {"type": "string"}}})
    }

    fn names(shapes: Vec<Shape>) -> Vec<String> {
        let service = Service::new("A", shapes).unwrap();
        let definitions = service.definitions();
        definitions.into_keys().map(str::to_owned).collect()
    }

    #[test]
    fn equal_definitions_are_one_type() {
        let shapes = vec![shape("Key", tag("Value")), shape("Role", tag("Value"))];
        assert_eq!(names(shapes), ["Tag"]);
    }

    #[test]
    fn different_definitions_carry_the_resource() {
        let shapes = vec![shape("Key", tag("Value")), shape("Role", tag("Val"))];
        assert_eq!(names(shapes), ["KeyTag", "RoleTag"]);
    }

    #[test]
    fn a_definition_never_takes_the_name_of_a_resource() {
        let shapes = vec![shape("Tag", tag("Value"))];
        assert_eq!(names(shapes), ["TagTag"]);
    }

    #[test]
    fn an_owners_name_is_not_said_twice() {
        assert_eq!(short_name("Bucket.AccessControl"), "BucketAccessControl");
        assert_eq!(short_name("Key.KeySpec"), "KeySpec");
        assert_eq!(short_name("Tag"), "Tag");
    }

    #[test]
    fn of_two_spellings_one_is_offered() {
        let values = ["Glacier", "STANDARD", "GLACIER"].map(str::to_owned);
        assert_eq!(offered(&values), ["STANDARD", "GLACIER"]);
    }

    #[test]
    fn values_that_would_be_one_variant_are_an_error() {
        let schema = json!({"properties": {"P": {"type": "string", "enum": ["a-b", "a_b"]}}});
        let shapes = vec![Shape::read("AWS::A::B", schema).unwrap()];
        let error = Service::new("A", shapes).unwrap_err();
        assert!(error.to_string().contains("B.P"), "{error}");
    }
}
