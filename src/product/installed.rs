//! What a launched product has on it, for those who choose among products.

use serde::Serialize;

/// A line of a product page: a piece of software, and which one of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// What it is: `Operating system`, `RStudio`.
    pub what: String,
    /// Its version, container image or source, as the settings name it.
    pub which: String,
}

impl Installed {
    /// A line.
    pub fn new(what: impl Into<String>, which: impl Into<String>) -> Installed {
        Installed {
            what: what.into(),
            which: which.into(),
        }
    }
}
