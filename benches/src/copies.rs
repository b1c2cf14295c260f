//! Which copies there are, and their keys.

use compute_catalog::product::{Key, KeyError, Product};
use std::path::Path;
use xtask::workspace::{Workspace, WorkspaceError};

/// A number of copies of each product. The first is the original, under its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies(usize);

impl Copies {
    /// As many as make this number of products.
    ///
    /// # Errors
    /// A number that isn't a multiple of the number of products.
    pub fn of_products(count: usize) -> Result<Copies, String> {
        let originals = products::all().len();
        match count.checked_div(originals) {
            Some(copies) if copies > 0 && copies * originals == count => Ok(Copies(copies)),
            _ => Err(format!(
                "{count} products can't be copies of {originals}\n  hint: a multiple of {originals}"
            )),
        }
    }

    /// Their numbers, from 0.
    pub fn numbers(self) -> std::ops::Range<usize> {
        0..self.0
    }
}

/// The name of a copy, where the original has this one.
pub(crate) fn copy_name(original: &str, number: usize) -> String {
    match number {
        0 => original.to_owned(),
        _ => format!("{original}-{number}"),
    }
}

/// A checkout that [`make`](crate::make) made: each folder is a product with the model of its
/// original.
///
/// # Errors
/// A folder that can't be read, a name that is no key.
pub fn workspace(folder: &Path) -> Result<Workspace, WorkspaceError> {
    let workspace = Workspace::containing(folder)?;
    let folder = workspace.root().join("products");
    let products = products_of(&folder).map_err(|cause| WorkspaceError::Io {
        what: "read",
        path: folder,
        cause,
    })?;
    Ok(workspace.with_products(products))
}

fn products_of(folder: &Path) -> std::io::Result<Vec<Box<dyn Product>>> {
    let originals = products::all();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let folder = entry?;
        let name = folder.file_name().to_string_lossy().into_owned();
        if !folder.path().join("settings.yaml").is_file() {
            continue;
        }
        let original = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let original = original.trim_end_matches('-');
        let model = originals
            .iter()
            .find(|product| [name.as_str(), original].contains(&product.key().as_str()));
        if let Some(model) = model {
            let key: Key = name
                .parse()
                .map_err(|error: KeyError| std::io::Error::other(error.to_string()))?;
            found.push(model.under(key));
        }
    }
    found.sort_by(|a, b| a.key().cmp(b.key()));
    Ok(found)
}
