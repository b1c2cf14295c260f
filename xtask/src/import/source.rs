//! A template, with all that a model is made of.

use super::library::Library;
use compute_catalog::cfn::Template;
use compute_catalog::product::Key;
use std::collections::{BTreeMap, BTreeSet};

/// A template on its way to a model.
pub struct Source<'a> {
    /// The product's key.
    pub key: &'a Key,
    /// The template.
    pub template: &'a Template,
    /// Its comments, by the entry that each belongs to.
    pub comments: &'a BTreeMap<String, Vec<String>>,
    /// By logical id, the rules that are suppressed until somebody says why.
    pub suppressed: &'a BTreeMap<String, BTreeSet<&'static str>>,
    /// The vendored types.
    pub library: &'a Library,
}
