//! What versions published before this catalog promised. Their templates aren't kept; what stacks
//! of them hold is: parameters, resources, outputs, and the values that replace a resource when
//! they change.
//!
//! JSON, not YAML: nobody writes these facts by hand, and `check` reads them of every product.

use crate::cfn::{IndexMap, Template};
use crate::product::VersionName;
use crate::yaml::{InputError, Location};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// `products/<key>/legacy.json`: facts about what was published, never changed. A test of the
/// products holds their templates against them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegacyVersions {
    /// The newest of these versions, where an update from it must not replace what it holds.
    #[serde(default)]
    pub newest: Option<NewestLegacyVersion>,
    /// The versions.
    pub versions: IndexMap<VersionName, LegacyVersion>,
    /// By account, what those versions called there what has another name in each account. The
    /// template beside the facts holds it: see [`LegacyVersions::with_names`].
    #[serde(skip)]
    pub names: IndexMap<String, IndexMap<String, String>>,
    /// The macros of that template.
    #[serde(skip)]
    pub macros: BTreeSet<String>,
}

/// The newest of the versions published before this catalog.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewestLegacyVersion {
    /// Its name.
    pub version: VersionName,
    /// What is lost with each resource.
    pub classes: IndexMap<String, Loss>,
    /// The account of the stack whose values stand below.
    pub account: String,
    /// Its region.
    pub region: String,
    /// By resource and property: the values that replace the resource when they change.
    pub fixed: IndexMap<String, IndexMap<String, Json>>,
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
#[serde(deny_unknown_fields)]
pub struct LegacyVersion {
    /// Its parameters.
    pub parameters: IndexMap<String, LegacyParameter>,
    /// Its resources, each with its type.
    pub resources: IndexMap<String, String>,
    /// Its outputs.
    pub outputs: Vec<String>,
}

/// A parameter of a published version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LegacyParameter {
    /// Its type.
    pub r#type: String,
    /// Its default.
    pub default: Option<String>,
    /// The least value of a number.
    pub least: Option<i64>,
    /// The greatest value of a number.
    pub most: Option<i64>,
    /// The values it took; none: any.
    #[serde(default)]
    pub allowed_values: Vec<String>,
}

impl LegacyVersions {
    /// The resource types of all versions.
    pub fn types(&self) -> BTreeSet<String> {
        let resources = self.versions.values().map(|version| &version.resources);
        resources
            .flat_map(|resources| resources.values().cloned())
            .collect()
    }

    /// The facts with what the template of such versions says of each account: the rows of its
    /// mappings that are called by an account.
    #[must_use]
    pub fn with_names(mut self, template: &Template) -> LegacyVersions {
        let rows = template.mappings.values().flatten();
        let is_account =
            |key: &str| key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
        for (account, row) in rows.filter(|(key, _)| is_account(key)) {
            let texts = row
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), value.scalar_text()?)));
            self.names.entry(account.clone()).or_default().extend(texts);
        }
        let macros = template.transform.iter().map(|one| one.name.clone());
        self.macros.extend(macros);
        self
    }

    /// A text of one account as it is in another: what has a name in both is called as there.
    pub fn translated(&self, text: &str, from: &str, to: &str) -> String {
        let here = self.names.get(from).into_iter().flatten();
        let there = |key: &String| self.names.get(to)?.get(key);
        let mut same = here.filter(|(_, name)| *name == text);
        let found = same.find_map(|(key, _)| there(key));
        found.cloned().unwrap_or_else(|| text.to_owned())
    }

    /// Reads the facts.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<LegacyVersions, InputError> {
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
