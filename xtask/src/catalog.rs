//! The whole catalog in memory: every product built from what stands on disk.

use crate::generated;
use crate::parallel::each;
use crate::workspace::{History, Workspace, WorkspaceError};
use compute_catalog::check::{Suppressed, suppressions};
use compute_catalog::environment::Environments;
use compute_catalog::product::{Built, Fault, Key, Product, Surroundings};
use compute_catalog::yaml::{WriteError, nearest};
use std::fmt;

/// Every product, built.
pub struct Catalog {
    /// The accounts.
    pub environments: Environments,
    /// The products, by key.
    pub entries: Vec<Entry>,
}

/// One product, with its versions.
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Its template, or why there is none.
    pub built: Result<Built, Vec<Fault>>,
    /// The template as its file; empty where there is none.
    pub text: String,
    /// Its versions.
    pub history: History,
}

/// Why there is no catalog.
#[derive(Debug)]
pub enum CatalogError {
    /// Something on disk can't be read.
    Workspace(WorkspaceError),
    /// Products that can't be built, every reason.
    Faults(Vec<Fault>),
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

impl Catalog {
    /// Reads and builds the products of these keys; all of them when there is no key. A product that
    /// has no settings isn't offered here.
    ///
    /// # Errors
    /// Unreadable files, and keys that no product has. A product that can't be built is an entry
    /// with its faults.
    pub fn load(workspace: &Workspace, keys: &[Key]) -> Result<Catalog, CatalogError> {
        let environments = workspace.environments()?;
        let surroundings = environments.surroundings();
        let all = workspace.products();
        for key in keys {
            if !all.iter().any(|product| product.key() == key) {
                return Err(unknown_key(key, all));
            }
        }
        let wanted: Vec<_> = all
            .iter()
            .filter(|product| keys.is_empty() || keys.contains(product.key()))
            .collect();
        let entries = each(&wanted, |product| {
            entry(workspace, product.as_ref(), &surroundings)
        });
        Ok(Catalog {
            environments,
            entries: entries.into_iter().collect::<Result<_, _>>()?,
        })
    }

    /// Every suppression of the products, with its product and logical id.
    ///
    /// # Errors
    /// Every fault of every product that can't be built.
    pub fn suppressed(&self) -> Result<Vec<Suppressed>, CatalogError> {
        let built = self.built()?;
        let all = built.iter().flat_map(|(entry, built)| {
            let found = suppressions(&built.template).into_iter();
            found.map(|(id, suppression)| (entry.key.to_string(), id, suppression))
        });
        Ok(all.collect())
    }

    /// The built products.
    ///
    /// # Errors
    /// Every fault of every product that can't be built.
    pub fn built(&self) -> Result<Vec<(&Entry, &Built)>, CatalogError> {
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

fn entry(
    workspace: &Workspace,
    product: &dyn Product,
    surroundings: &Surroundings,
) -> Result<Entry, CatalogError> {
    let key = product.key().clone();
    let sources = workspace.sources(&key)?;
    let history = workspace.history(&key)?;
    let built = product.build(&sources, surroundings);
    let text = match &built {
        Ok(built) => generated::template(&key, &built.template).map_err(CatalogError::Write)?,
        Err(_) => String::new(),
    };
    Ok(Entry {
        built,
        text,
        key,
        history,
    })
}

fn unknown_key(key: &Key, all: &[Box<dyn Product>]) -> CatalogError {
    let known: Vec<&str> = all.iter().map(|product| product.key().as_str()).collect();
    let hint = nearest(key.as_str(), known.iter().copied()).map_or_else(
        || format!("one of: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    CatalogError::UnknownKey(format!("there is no product `{key}`\n  hint: {hint}"))
}
