//! What a running machine keeps, though a file that cfn-init writes there has another line.
//!
//! `cfn-hup` runs the scripts of a machine again when its metadata changes. What a script then does
//! with a value that changed, only the script knows; those that make something once and leave it to
//! its user say so in `products/<key>/kept.yaml`, by the key of the line. Tests of the products run
//! such scripts with another value.

use crate::cfn::{IndexMap, Intrinsic, Node};
use crate::yaml::{InputError, load};
use schemars::JsonSchema;
use serde::Deserialize;

/// What the machines of a product keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept(Vec<Keep>);

/// A line that changes less than it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Keep {
    /// The key of a `KEY=value` line that has another value.
    line: String,
    /// The keys whose values change nothing that is running then, this one among them.
    keeps: Vec<String>,
    /// What happens instead, and how to get the change.
    instead: String,
}

impl Kept {
    /// Reads `kept.yaml`.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Kept, Vec<InputError>> {
        load(file, text).map(Kept)
    }

    /// Every key that the file names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let each = self.0.iter();
        each.flat_map(|keep| keep.keeps.iter().chain([&keep.line]).map(String::as_str))
    }

    /// Whether a reason is of this file.
    pub(super) fn tells(&self, why: &str) -> bool {
        self.0.iter().any(|keep| keep.instead == why)
    }

    /// What happens where a file changes in such lines alone; nothing where any other line does.
    pub(super) fn instead(&self, before: Option<&Node>, after: Option<&Node>) -> Option<String> {
        let (before, after) = (lines(before?)?, lines(after?)?);
        let keys = before.keys().chain(after.keys());
        let changed: Vec<&String> = keys
            .filter(|key| before.get(*key) != after.get(*key))
            .collect();
        let mut kept: Vec<&String> = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for keep in &self.0 {
            if changed.contains(&&keep.line) && !kept.contains(&&keep.line) {
                kept.extend(&keep.keeps);
                told.push(&keep.instead);
            }
        }
        let is_all = !changed.is_empty() && changed.iter().all(|key| kept.contains(key));
        is_all.then(|| told.join("; "))
    }
}

/// The values of a file of `KEY=value` lines; none where a line is something else.
fn lines(node: &Node) -> Option<IndexMap<String, String>> {
    let text = match node.as_intrinsic() {
        // What isn't known of it stays as it is written, and is the same on both sides or differs.
        Some(Intrinsic::Sub { text, variables }) => {
            variables.iter().fold(text.clone(), |text, (name, value)| {
                text.replace(&format!("${{{name}}}"), &value.to_json().to_string())
            })
        }
        _ => node.as_str()?.to_owned(),
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (key, value) = line.split_once('=')?;
            Some((key.to_owned(), value.to_owned()))
        })
        .collect()
}
