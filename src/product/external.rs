//! A product that an engine of the organisation's own makes, as its author describes it.
//!
//! Nothing here reads what the engine reads: what the form asks is declared beside the files.

use super::CatalogEntry;
use crate::yaml::{InputError, Located, load};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// `external.yaml`: a product of the type `EXTERNAL`.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html>
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExternalProduct {
    /// The product's type.
    #[serde(rename = "type")]
    pub kind: ExternalType,
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// What the launch form asks, in its order: what the engine's parser finds in the files.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub parameters: Vec<ExternalParameter>,
}

/// The types of products that engines make and that can be made new. Service Catalog makes no new ones
/// of the type `TERRAFORM_OPEN_SOURCE`: what was of it is `EXTERNAL` now.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/update_terraform_open_source_to_external.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExternalType {
    /// An engine of the organisation's own.
    External,
}

/// A parameter, as the engine's parser answers it.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-parameters>
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExternalParameter {
    /// Its name in the files.
    #[schemars(length(min = 1, max = 1000))]
    pub key: Located<String>,
    /// What the engine takes it for: `string`, `bool`, …; Service Catalog gives it as text.
    #[serde(rename = "type", default = "text")]
    pub kind: String,
    /// What people read beside it.
    #[serde(default)]
    pub description: String,
    /// What it is where people write nothing; without one they have to.
    #[serde(default)]
    pub default: Option<String>,
    /// Whether it is kept out of logs.
    #[serde(default)]
    pub no_echo: bool,
}

fn text() -> String {
    "string".to_owned()
}

impl ExternalProduct {
    /// Reads the file.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(file: &str, text: &str) -> Result<ExternalProduct, Vec<InputError>> {
        let read: ExternalProduct = load(file, text)?;
        let mut known = BTreeSet::new();
        let twice = read
            .parameters
            .iter()
            .filter(|one| !known.insert(&one.key.value));
        let errors: Vec<InputError> = twice
            .map(|one| InputError {
                file: file.to_owned(),
                at: one.key.at,
                message: format!("the parameter `{}` stands a second time", one.key.value),
                hint: Some("one line a parameter".to_owned()),
            })
            .collect();
        match errors.is_empty() {
            true => Ok(read),
            false => Err(errors),
        }
    }
}
