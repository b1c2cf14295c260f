//! What versions published before this catalog promised. Their templates aren't kept; what stacks
//! of them hold is: parameters, resources, outputs, and the values that replace a resource when
//! they change.
//!
//! JSON, not YAML: nobody writes these facts by hand, and `check` reads them of every product.

use crate::cfn::IndexMap;
use crate::product::VersionName;
use crate::yaml::{InputError, Location};
use serde::Deserialize;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hash;

/// `products/<key>/published.json`: facts about what was published, never changed. A test of the
/// products holds their templates against them. `T` is what holds its texts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(deserialize = "T: Deserialize<'de> + Eq + Hash")
)]
pub struct Published<T: Eq + Hash = String> {
    /// The newest of these versions, where an update from it must not replace what it holds.
    #[serde(default)]
    pub newest: Option<NewestPublished<T>>,
    /// The versions.
    pub versions: IndexMap<VersionName, PublishedVersion<T>>,
}

/// The newest of the versions published before this catalog.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(deserialize = "T: Deserialize<'de> + Eq + Hash")
)]
pub struct NewestPublished<T: Eq + Hash = String> {
    /// Its name.
    pub version: VersionName,
    /// What is lost with each resource.
    pub classes: IndexMap<T, Loss>,
    /// The account of the stack whose values stand below.
    pub account: T,
    /// Its region.
    pub region: T,
    /// By resource and property: the values that replace the resource when they change.
    pub fixed: IndexMap<T, IndexMap<T, Json>>,
}

/// What is lost with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Loss {
    /// What a person put there.
    Data,
    /// A name or id that somebody outside holds.
    Identity,
    /// What a handler of its own keeps.
    Sticky,
    /// Nothing.
    Plain,
}

/// What a version promised.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(deserialize = "T: Deserialize<'de> + Eq + Hash")
)]
pub struct PublishedVersion<T: Eq + Hash = String> {
    /// Its parameters.
    pub parameters: IndexMap<T, PublishedParameter<T>>,
    /// Its resources, each with its type.
    pub resources: IndexMap<T, T>,
    /// Its outputs.
    pub outputs: Vec<T>,
}

/// A parameter of a published version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublishedParameter<T = String> {
    /// Its type.
    pub r#type: T,
    /// Its default.
    pub default: Option<T>,
    /// The least value of a number.
    pub least: Option<i64>,
    /// The greatest value of a number.
    pub most: Option<i64>,
    /// The values it took; none: any.
    #[serde(default = "Vec::new")]
    pub allowed_values: Vec<T>,
}

/// A text in the file, copied only where it has an escape.
#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, T: Deserialize<'de> + Eq + Hash> Published<T> {
    /// Reads the facts.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn read(file: &str, text: &'de str) -> Result<Published<T>, InputError> {
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let place = format!(" at line {line} column {column}");
            InputError {
                file: file.to_owned(),
                at: Location { line, column },
                message: message.trim_end_matches(place.as_str()).to_owned(),
                hint: Some("restore the file from git".to_owned()),
            }
        })
    }
}

impl Published {
    /// The resource types of all versions: all that most commands ask of the facts.
    ///
    /// # Errors
    /// As [`Published::read`].
    pub fn read_types(file: &str, text: &str) -> Result<BTreeSet<String>, InputError> {
        let facts: Published<Text<'_>> = Published::read(file, text)?;
        let mut types = BTreeSet::new();
        for version in facts.versions.values() {
            for Text(name) in version.resources.values() {
                if !types.contains(name.as_ref()) {
                    types.insert(name.as_ref().to_owned());
                }
            }
        }
        Ok(types)
    }
}
