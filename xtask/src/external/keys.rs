//! Which products an engine makes: those whose folders hold `external.yaml`.

use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::product::Key;
use compute_catalog::yaml::InputError;

impl Workspace {
    /// The keys of the products that an engine makes: those whose folders hold `external.yaml`.
    ///
    /// # Errors
    /// Folders that can't be read, names of folders that are no keys, products that have a model too.
    pub fn external(&self) -> Result<Vec<Key>, WorkspaceError> {
        let mut keys = Vec::new();
        let mut errors = Vec::new();
        for (name, is_folder) in self.entries_if_there("products")? {
            let file = format!("products/{name}/external.yaml");
            if !is_folder || !self.root().join(&file).is_file() {
                continue;
            }
            let fault = |message: String, hint: &str| InputError {
                file: file.clone(),
                at: Default::default(),
                message,
                hint: Some(hint.to_owned()),
            };
            match name.parse::<Key>() {
                Err(error) => errors.push(fault(error.to_string(), "rename the folder")),
                Ok(key) if self.offers(&key) => errors.push(fault(
                    "the product has a settings.yaml too: either a model makes it or an engine"
                        .to_owned(),
                    "give each a folder of its own",
                )),
                Ok(key) => keys.push(key),
            }
        }
        match errors.is_empty() {
            true => Ok(keys),
            false => Err(WorkspaceError::Input(errors)),
        }
    }

    /// Where a product that an engine makes is described.
    pub fn external_path(&self, product: &Key) -> String {
        format!("products/{product}/external.yaml")
    }

    /// The folder with what its engine reads.
    pub fn artifact_path(&self, product: &Key) -> String {
        format!("products/{product}/artifact")
    }
}
