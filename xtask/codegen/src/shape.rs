//! A resource type as the generator sees it: with the references between definitions resolved to
//! names, before Rust names are chosen.

use std::collections::BTreeMap;

use serde_json::Value;

use super::name::snake;
use crate::vendored::IMMUTABLE;

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

impl Property {
    /// Whether `new` takes it: it must be there, and a template can set it.
    pub fn is_argument(&self) -> bool {
        self.required && !self.read_only
    }
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
    /// `S3` in `AWS::S3::Bucket`.
    pub fn service(&self) -> &str {
        self.type_name.split("::").nth(1).unwrap_or_default()
    }

    /// `Bucket` in `AWS::S3::Bucket`.
    pub fn resource(&self) -> &str {
        self.type_name.rsplit("::").next().unwrap_or_default()
    }

    /// Whether an attribute has a name of its own in Rust: `A.B` takes that of `AB`.
    pub fn is_named(&self, attribute: &str) -> bool {
        let same = |other: &&String| snake(other) == snake(attribute);
        self.attributes.keys().find(same).map(String::as_str) == Some(attribute)
    }

    /// The keys of its objects and enumerations.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.objects.keys().chain(self.choices.keys())
    }
}
