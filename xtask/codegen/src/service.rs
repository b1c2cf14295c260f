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

/// A definition: the shape that it stands in, and its key there.
type Owner<'a> = (&'a Shape, &'a String);

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
        let resources = shapes.iter().map(resource).collect();
        Self::with(name, shapes, Vec::new(), &resources)
    }

    /// Names everything in the library's shapes as there, and in those that an organisation has added by
    /// its resource: what it adds later, up to all of AWS's `resources` of the service, renames nothing
    /// that its models name already.
    ///
    /// # Errors
    /// Two things that would have the same Rust name.
    pub fn with(
        name: &str,
        library: Vec<Shape>,
        added: Vec<Shape>,
        resources: &BTreeSet<String>,
    ) -> Result<Self, Error> {
        let mut wanted: BTreeMap<String, BTreeMap<String, Vec<Owner<'_>>>> = BTreeMap::new();
        for shape in &library {
            for key in shape.keys() {
                wanted
                    .entry(short_name(key))
                    .or_default()
                    .entry(signature(shape, key))
                    .or_default()
                    .push((shape, key));
            }
        }
        let mut names = BTreeMap::new();
        // What each name is of: a shared one is of one signature.
        let mut shared: BTreeMap<String, String> = BTreeMap::new();
        let mut taken = resources.clone();
        let mut clash = None;
        let mut take = |chosen: &String| {
            if !taken.insert(chosen.clone()) {
                clash.get_or_insert(chosen.clone());
            }
        };
        for (short, signatures) in wanted {
            let is_shared = signatures.len() == 1 && !resources.contains(&short);
            for (signature, owners) in signatures {
                let mut own = BTreeSet::new();
                for (shape, key) in owners {
                    let chosen = match format!("{}{short}", resource(shape)) {
                        _ if is_shared => short.clone(),
                        long if resources.contains(&long) => long_name(shape, key, resources),
                        long => long,
                    };
                    own.insert(chosen.clone());
                    names.insert((shape.type_name.clone(), key.clone()), chosen);
                }
                own.iter().for_each(&mut take);
                if is_shared {
                    shared.insert(short.clone(), signature);
                }
            }
        }
        for shape in &added {
            for key in shape.keys() {
                let short = short_name(key);
                let chosen = match shared.get(&short) {
                    Some(known) if *known == signature(shape, key) => short,
                    _ => {
                        let long = long_name(shape, key, resources);
                        take(&long);
                        long
                    }
                };
                names.insert((shape.type_name.clone(), key.clone()), chosen);
            }
        }
        if let Some(chosen) = clash {
            return Err(Error::new(format!(
                "AWS::{name}: two definitions would both be the Rust type {chosen}"
            ))
            .hint("xtask/codegen/src/service.rs decides the names"));
        }
        let mut shapes = library;
        shapes.extend(added);
        shapes.sort_by(|a, b| a.type_name.cmp(&b.type_name));
        Ok(Self {
            name: name.to_owned(),
            shapes,
            names,
        })
    }

    /// The service with some of its resource types, under the same names.
    pub fn of(&self, is_wanted: impl Fn(&&Shape) -> bool) -> Service {
        Service {
            name: self.name.clone(),
            shapes: self.shapes.iter().filter(is_wanted).cloned().collect(),
            names: self.names.clone(),
        }
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

/// The Rust name of a resource type.
fn resource(shape: &Shape) -> String {
    camel(shape.resource())
}

/// The Rust name of a definition with its resource's in front, which nothing else of the service has,
/// whatever else stands there: not another resource type, nor a definition of one.
fn long_name(shape: &Shape, key: &str, resources: &BTreeSet<String>) -> String {
    let resource = resource(shape);
    let short = short_name(key);
    // Whose definition a name looks like.
    let owner = |name: &str| {
        let names = resources.iter().filter(|owner| name.starts_with(*owner));
        names.max_by_key(|owner| owner.len()).cloned()
    };
    let is_own = |name: &str| owner(name).as_ref() == Some(&resource) && name != resource;
    if is_own(&short) {
        return short;
    }
    let long = format!("{resource}{short}");
    let stands = |other: &String| short_name(other) == long;
    match is_own(&long) && !shape.keys().any(stands) {
        true => long,
        false => format!("{long}Property"),
    }
}

/// Whether each value of an enumeration has a variant of its own.
pub fn are_told_apart(values: &[String]) -> bool {
    let offered = offered(values);
    let variants: BTreeSet<String> = offered.iter().map(|value| variant(value)).collect();
    variants.len() == offered.len()
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
    fn of_two_attributes_of_one_name_the_first_has_it() {
        let schema = json!({
            "properties": {"CaData": {"type": "string"}, "Ca": {"type": "object", "properties": {"Data": {"type": "string"}}}},
            "readOnlyProperties": ["/properties/CaData", "/properties/Ca/Data"],
        });
        let shape = Shape::read("AWS::A::B", schema).unwrap();
        assert_eq!(shape.attributes.len(), 2);
        assert!(shape.is_named("Ca.Data") && !shape.is_named("CaData"));
    }

    #[test]
    fn values_that_would_be_one_variant_are_text() {
        let schema = json!({"properties": {"P": {"type": "string", "enum": ["a-b", "a_b"]}}});
        let shape = Shape::read("AWS::A::B", schema).unwrap();
        assert_eq!(shape.properties[0].kind, Kind::Text);
        assert_eq!(names(vec![shape]), [""; 0]);
    }

    /// The names of what is added, by its type.
    fn added(library: &[Shape], added: &[Shape]) -> BTreeMap<String, String> {
        let resources = ["Key", "Role", "KeyTag", "Volume"]
            .map(str::to_owned)
            .into();
        let service = Service::with("A", library.to_vec(), added.to_vec(), &resources).unwrap();
        let names = service.names.into_iter();
        names.map(|((name, _), chosen)| (name, chosen)).collect()
    }

    #[test]
    fn what_is_added_later_renames_nothing() {
        let (key, role) = (shape("Key", tag("Value")), shape("Role", tag("Val")));
        let volume = shape("Volume", tag("V"));
        let one = added(&[], std::slice::from_ref(&role));
        let all = added(&[], &[key.clone(), role.clone(), volume.clone()]);
        assert_eq!(one["AWS::A::Role"], "RoleTag");
        assert_eq!(all["AWS::A::Role"], "RoleTag");
        // A resource type, vendored or not, has that name.
        assert_eq!(all["AWS::A::Key"], "KeyTagProperty");
        // What the library has keeps its name, and is shared where it is the same.
        let alone = added(std::slice::from_ref(&role), &[]);
        let beside = added(
            std::slice::from_ref(&role),
            &[volume, shape("Key", tag("Val"))],
        );
        assert_eq!(alone["AWS::A::Role"], "Tag");
        assert_eq!(beside["AWS::A::Role"], "Tag");
        assert_eq!(beside["AWS::A::Key"], "Tag");
        assert_eq!(beside["AWS::A::Volume"], "VolumeTag");
    }
}
