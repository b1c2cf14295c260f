//! The products, built from what stands on disk: one at a time, or the whole catalog in memory.

use crate::external::ExternalEntry;
use crate::generated;
use crate::history::History;
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::check::{Suppressed, suppressions};
use compute_catalog::environment::Environments;
use compute_catalog::product::{AccountExports, Built, Key, Product, ProductError};
use compute_catalog::yaml::{InputError, Location, WriteError, choice};
use rayon::prelude::*;
use std::fmt;

/// Every product, built.
pub struct BuiltProducts {
    /// The accounts.
    pub environments: Environments,
    /// The products, by key.
    pub entries: Vec<BuiltProduct>,
    /// The products that an engine makes, by key: there is nothing to build.
    pub external: Vec<ExternalEntry>,
}

/// One product, with its versions.
pub struct BuiltProduct {
    /// Its key.
    pub key: Key,
    /// Its template, or why there is none.
    pub built: Result<Built, Vec<ProductError>>,
    /// The template as its file; empty where there is none.
    pub text: String,
    /// Its versions.
    pub history: History,
}

impl BuiltProduct {
    /// Reads a product's files and builds it.
    ///
    /// # Errors
    /// Files that can't be read, a template that can't be written.
    fn load(
        workspace: &Workspace,
        product: &dyn Product,
        exports: &AccountExports,
    ) -> Result<BuiltProduct, CatalogError> {
        let key = product.key().clone();
        let sources = workspace.sources(&key)?;
        let history = workspace.history(&key)?;
        let built = product.build(&sources, exports);
        let text = match &built {
            Ok(built) => generated::template(&key, &built.template).map_err(CatalogError::Write)?,
            Err(_) => String::new(),
        };
        Ok(BuiltProduct {
            built,
            text,
            key,
            history,
        })
    }

    /// Every suppression of the product, with its key and logical id.
    pub fn suppressed(&self) -> Vec<Suppressed> {
        let templates = self.built.iter().map(|built| &built.template);
        let found = templates.flat_map(suppressions);
        found
            .map(|(id, suppression)| (self.key.to_string(), id, suppression))
            .collect()
    }
}

/// Why there is no catalog.
#[derive(Debug)]
pub enum CatalogError {
    /// Something on disk can't be read.
    Workspace(WorkspaceError),
    /// Products that can't be built, every reason.
    Faults(Vec<ProductError>),
    /// A template that can't be written.
    Write(WriteError),
    /// A key that no product has.
    UnknownKey(String),
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogError::Workspace(error) => error.fmt(f),
            CatalogError::Faults(faults) => {
                for (index, fault) in faults.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    fault.fmt(f)?;
                }
                Ok(())
            }
            CatalogError::Write(error) => error.fmt(f),
            CatalogError::UnknownKey(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for CatalogError {}

impl From<WorkspaceError> for CatalogError {
    fn from(error: WorkspaceError) -> Self {
        CatalogError::Workspace(error)
    }
}

impl BuiltProducts {
    /// Reads and builds the products of these keys; all of them when there is no key. A product that
    /// has no settings isn't offered here.
    ///
    /// # Errors
    /// Unreadable files, and keys that no product has. A product that can't be built is an entry
    /// with its faults.
    pub fn load(workspace: &Workspace, keys: &[Key]) -> Result<BuiltProducts, CatalogError> {
        let environments = workspace.environments()?;
        let exports = environments.account_exports();
        let wanted = wanted(workspace, keys)?;
        let built: Vec<_> = wanted
            .into_par_iter()
            .map(|product| BuiltProduct::load(workspace, product, &exports))
            .collect();
        Ok(BuiltProducts {
            environments,
            entries: built.into_iter().collect::<Result<_, _>>()?,
            external: ExternalEntry::load(workspace, keys)?,
        })
    }

    /// The built products.
    ///
    /// # Errors
    /// Every fault of every product that can't be built.
    pub fn built(&self) -> Result<Vec<(&BuiltProduct, &Built)>, CatalogError> {
        let mut faults = Vec::new();
        let mut built = Vec::new();
        for entry in &self.entries {
            match &entry.built {
                Ok(product) => built.push((entry, product)),
                Err(found) => faults.extend(found.iter().cloned()),
            }
        }
        if faults.is_empty() {
            Ok(built)
        } else {
            Err(CatalogError::Faults(faults))
        }
    }
}

/// Builds the products on every core and does the work with each. Nothing is kept of a product but
/// what the work gives: the templates of the largest catalog would take hundreds of MB.
///
/// # Errors
/// What can't be read, and every fault of every product that can't be built.
pub fn map_products<R: Send>(
    workspace: &Workspace,
    environments: &Environments,
    products: &[&dyn Product],
    work: impl Fn(&BuiltProduct, &Built) -> R + Sync,
) -> Result<Vec<R>, CatalogError> {
    let exports = environments.account_exports();
    let done: Vec<Result<Result<R, Vec<ProductError>>, CatalogError>> = products
        .par_iter()
        .map(|product| {
            let product = BuiltProduct::load(workspace, *product, &exports)?;
            Ok(match &product.built {
                Ok(built) => Ok(work(&product, built)),
                Err(errors) => Err(errors.clone()),
            })
        })
        .collect();
    let (mut all, mut errors) = (Vec::new(), Vec::new());
    for done in done {
        match done? {
            Ok(result) => all.push(result),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(all)
    } else {
        Err(CatalogError::Faults(errors))
    }
}

/// The products of these keys that have a model; all of them when there is no key.
///
/// # Errors
/// Keys that no product has, and products of the repository that this program has no model of: nothing of
/// theirs is looked at, and what is generated of them would go.
pub fn wanted<'a>(
    workspace: &'a Workspace,
    keys: &[Key],
) -> Result<Vec<&'a dyn Product>, CatalogError> {
    let all = workspace.products();
    unlisted(workspace)?;
    let external = match keys
        .iter()
        .all(|key| all.iter().any(|one| one.key() == key))
    {
        true => Vec::new(),
        false => workspace.external()?,
    };
    for key in keys {
        if !all.iter().any(|product| product.key() == key) && !external.contains(key) {
            let models = all.iter().map(|product| product.key());
            return Err(unknown_key(key, models.chain(&external)));
        }
    }
    let wanted = all
        .iter()
        .filter(|product| keys.is_empty() || keys.contains(product.key()));
    Ok(wanted.map(AsRef::as_ref).collect())
}

/// # Errors
/// Folders with a product's settings and no model for them, or with its versions and no settings.
fn unlisted(workspace: &Workspace) -> Result<(), WorkspaceError> {
    let mut errors = Vec::new();
    for (name, is_folder) in workspace.entries_if_there("products")? {
        let file = format!("products/{name}/settings.yaml");
        let products = workspace.products();
        let is_known = products.iter().any(|one| one.key().as_str() == name);
        let folder = workspace.root().join("products").join(&name);
        let has = |file: &str| folder.join(file).is_file();
        if is_folder && !is_known && has("settings.yaml") {
            errors.push(InputError {
                file,
                at: Location::default(),
                message: format!("this program has no product `{name}`"),
                hint: Some(
                    "list its model in products/lib.rs; in the repository of another organisation, run that repository's own `cargo xtask`"
                        .to_owned(),
                ),
            });
        } else if is_folder && !is_known && has("history/versions.yaml") && !has("external.yaml") {
            errors.push(InputError {
                message: format!("the settings of `{name}` aren't there, and it has versions in its ledger"),
                hint: Some(format!(
                    "`git checkout HEAD -- {file}` brings them back; generated/schemas/{name}.json says what stands in them"
                )),
                at: Location::default(),
                file,
            });
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(WorkspaceError::Input(errors)),
    }
}

fn unknown_key<'a>(key: &Key, all: impl Iterator<Item = &'a Key>) -> CatalogError {
    let hint = choice(key.as_str(), all.map(Key::as_str));
    CatalogError::UnknownKey(format!("there is no product `{key}`\n  hint: {hint}"))
}
