//! The error of every page that can't be made.

use std::fmt;

/// Why a page can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// The page, or the file whose text does not fit.
    pub page: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.page, self.message)
    }
}

impl std::error::Error for PageError {}
