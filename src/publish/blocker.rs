//! What keeps a plan from being carried out until a person has settled it.

use super::Subject;
use std::fmt;

/// Something that a person has to settle before the catalog can be published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Blocker {
    /// What it is about, such as `product notebook`.
    pub on: Subject,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  hint: {}", self.on, self.message, self.hint)
    }
}

impl std::error::Error for Blocker {}
