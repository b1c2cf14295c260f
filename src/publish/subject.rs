//! What a blocker is about.

use crate::product::{Key, VersionName};
use crate::yaml::Location;
use serde::{Serialize, Serializer};
use std::fmt;

/// What a blocker is about. Files hold it as it is displayed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A product of ours.
    Product(Key),
    /// A version of it.
    Version(Key, VersionName),
    /// The template of a version, in the bucket.
    Template(Key, VersionName),
    /// A stack of the catalog.
    Stack(String),
    /// A stack set of the catalog.
    StackSet(String),
    /// An export of others, by the key under which products ask for it.
    Export {
        /// The key.
        key: String,
        /// Its name.
        name: String,
        /// Where the environment's file names it, where that does.
        at: Option<Location>,
    },
    /// Anything else in the account, such as `bucket example-templates`.
    Account(String),
}

impl Subject {
    /// The product that it is, or belongs to.
    pub fn product(&self) -> Option<&Key> {
        match self {
            Subject::Product(product)
            | Subject::Version(product, _)
            | Subject::Template(product, _) => Some(product),
            Subject::Stack(_)
            | Subject::StackSet(_)
            | Subject::Export { .. }
            | Subject::Account(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Product(product) => write!(f, "product {product}"),
            Subject::Version(product, version) => write!(f, "version {product} {version}"),
            Subject::Template(product, version) => write!(f, "template of {product} {version}"),
            Subject::Stack(name) => write!(f, "stack {name}"),
            Subject::StackSet(name) => write!(f, "stack set {name}"),
            Subject::Export { key, name, .. } => write!(f, "export {key} ({name})"),
            Subject::Account(what) => f.write_str(what),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
