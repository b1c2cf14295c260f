//! A finding: what a rule found, where, and what to do about it.

use serde::Serialize;
use std::fmt;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The product.
    pub product: String,
    /// Where in its template, ledger or files.
    pub path: String,
    /// The rule's id.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {} [{}]\n  hint: {}",
            self.product, self.path, self.message, self.rule, self.hint
        )
    }
}
