//! Where a template departs from what stacks hold, and why: `contract.yaml`.

use super::departure::Departure;
use crate::catalog;
use compute_catalog::yaml::load;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// `contract.yaml`: where a template departs from what stacks hold.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    pub exceptions: Vec<Exception>,
    /// Resources that an update replaces on purpose: nothing is lost with them.
    #[serde(default)]
    pub replaced: IndexMap<String, String>,
    /// Properties that stay because their change would replace what runs.
    #[serde(default)]
    pub kept: Vec<Kept>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// Logical id and property.
    pub at: String,
    pub reason: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    pub at: String,
    /// Only where the published resource has this type.
    r#type: Option<String>,
    /// Only for stacks of versions before the newest.
    #[serde(default)]
    older: bool,
    pub reason: String,
}

impl Contract {
    /// The contract of a product.
    pub fn of(product: &str) -> Contract {
        let path = format!("products/{product}/contract.yaml");
        load(&path, &catalog::read(&path)).unwrap_or_else(|errors| panic!("{errors:#?}"))
    }
}

impl Exception {
    /// Whether it explains a departure.
    pub fn covers(&self, departure: &Departure<'_>) -> bool {
        let is_there = match self.at.strip_suffix('*') {
            Some(start) => departure.at.starts_with(start),
            None => departure.at == self.at,
        };
        is_there
            && !(self.older && departure.is_newest)
            && self
                .r#type
                .as_deref()
                .is_none_or(|kind| departure.kind == Some(kind))
    }
}
