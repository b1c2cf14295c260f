//! The files of a product, as the core sees them.

use super::{Key, ProductError};
use std::collections::BTreeMap;

/// A text file, by its path from the root of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, with forward slashes.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A product's settings, and every file under `products/` that a model may embed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `settings.yaml`.
    pub settings: SourceFile,
    /// Files by their path below `products/`, such as `linux-docker/files/ready.sh`.
    pub files: BTreeMap<String, String>,
}

impl Sources {
    /// The text of a file below `products/`.
    ///
    /// # Errors
    /// The file isn't there.
    pub fn file(&self, product: &Key, path: &str) -> Result<&str, ProductError> {
        self.files
            .get(path)
            .map(String::as_str)
            .ok_or_else(|| ProductError::MissingFile {
                product: product.to_string(),
                file: path.to_owned(),
            })
    }
}
