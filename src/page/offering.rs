//! A portfolio as those see it who launch from it.

use crate::product::Key;
use serde::Serialize;

/// A portfolio with its products and the tags that its launches ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offering {
    /// The portfolio's key.
    pub key: Key,
    /// The name that people see.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its products, in order.
    pub products: Vec<Key>,
    /// The tags that a launch asks for.
    pub tags: Vec<TagChoice>,
}

/// A tag with the values to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagChoice {
    /// The tag's key.
    pub key: String,
    /// The values, in order.
    pub values: Vec<String>,
}
