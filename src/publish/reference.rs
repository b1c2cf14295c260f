//! Values that a step needs and that may not exist when the plan is made.

use crate::product::Key;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value, or where it will come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Reference {
    /// PlanInput now.
    Value(String),
    /// The id of a product of ours, `prod-…`.
    ProductId(Key),
    /// An output of a stack of ours.
    #[serde(rename_all = "camelCase")]
    StackOutput {
        /// The stack's name.
        stack: String,
        /// The output's logical id.
        output: String,
    },
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Value(value) => f.write_str(value),
            Reference::ProductId(key) => write!(f, "the id of {key}"),
            Reference::StackOutput { stack, output } => write!(f, "{output} of stack {stack}"),
        }
    }
}
