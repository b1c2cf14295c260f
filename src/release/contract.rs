//! Where a template departs from what stacks of published versions hold, and why.

use super::LegacyVersions;
use crate::cfn::{IndexMap, Template};
use crate::yaml::{InputError, Located, Location, choice, load};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// `products/<key>/contract.yaml`: where a template departs from what stacks hold. A test of the products
/// finds every departure without a line here, and every line without a departure.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// What is no longer taken over.
    pub exceptions: Vec<Exception>,
    /// Resources that an update replaces on purpose, with the reason: nothing is lost with them.
    #[serde(default)]
    pub replaced: IndexMap<String, String>,
    /// Properties that stay because their change would replace what runs.
    #[serde(default)]
    pub kept: Vec<KeptProperty>,
}

/// What is no longer taken over of what a version had.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Its path in that version, such as `Parameters.Size.MinValue`; `*` at the end stands for the rest.
    pub at: Located<String>,
    /// Only where the published resource has this type.
    pub r#type: Option<String>,
    /// Only for stacks of versions before the newest.
    #[serde(default)]
    pub older: bool,
    /// Why.
    #[schemars(length(min = 1))]
    pub reason: String,
}

/// A property that stays as it is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptProperty {
    /// Logical id and property: `Machine.SubnetId`.
    pub at: Located<String>,
    /// Why.
    #[schemars(length(min = 1))]
    pub reason: String,
}

impl Contract {
    /// Reads `contract.yaml`.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Contract, Vec<InputError>> {
        load(file, text)
    }

    /// The names in the file `file` that neither the template nor a published version has.
    pub fn unknown_names(
        &self,
        file: &str,
        template: &Template,
        published: &LegacyVersions,
    ) -> Vec<InputError> {
        let mut found = Vec::new();
        let mut unknown = |at: Location, message: String, name: &str, known: &BTreeSet<&str>| {
            found.push(InputError {
                file: file.to_owned(),
                at,
                message,
                hint: Some(choice(name, known.iter().copied())),
            });
        };
        let versions = || published.versions.values();
        for exception in &self.exceptions {
            let at = exception.at.value.as_str();
            let (section, rest) = at.split_once('.').unwrap_or((at, ""));
            let name = rest.split('.').next().unwrap_or_default();
            let known: BTreeSet<&str> = match section {
                "Parameters" => versions()
                    .flat_map(|version| version.parameters.keys())
                    .chain(template.parameters.keys())
                    .map(String::as_str)
                    .collect(),
                "Resources" => versions()
                    .flat_map(|version| version.resources.keys())
                    .map(String::as_str)
                    .collect(),
                "Outputs" => versions()
                    .flat_map(|version| &version.outputs)
                    .map(String::as_str)
                    .collect(),
                _ => {
                    let sections = BTreeSet::from(["Outputs", "Parameters", "Resources"]);
                    let message = format!("`{section}` is no section that stacks keep");
                    unknown(exception.at.at, message, section, &sections);
                    continue;
                }
            };
            if name != "*" && !known.contains(name) {
                let message = format!("no version has `{name}` under {section}");
                unknown(exception.at.at, message, name, &known);
            }
        }
        let ids: BTreeSet<&str> = template.resources.keys().map(String::as_str).collect();
        for kept in &self.kept {
            let at = kept.at.value.as_str();
            let (id, property) = at.split_once('.').unwrap_or((at, ""));
            match template.resources.get(id) {
                None => {
                    let message = format!("the template has no resource `{id}`");
                    unknown(kept.at.at, message, id, &ids);
                }
                Some(resource) if !resource.properties.contains_key(property) => {
                    let known = resource.properties.keys().map(String::as_str).collect();
                    let message = format!("`{id}` has no property `{property}`");
                    unknown(kept.at.at, message, property, &known);
                }
                Some(_) => {}
            }
        }
        for id in self.replaced.keys().filter(|id| !ids.contains(id.as_str())) {
            let message =
                format!("the template has no resource `{id}`, which is said to be replaced");
            unknown(Location { line: 1, column: 1 }, message, id, &ids);
        }
        found
    }
}
