//! The products, built from what stands on disk: one at a time, or the whole catalog in memory.

use crate::generated;
use crate::parallel::{each, each_once_ready};
use crate::workspace::{History, Workspace, WorkspaceError};
use compute_catalog::check::{Suppressed, suppressions};
use compute_catalog::environment::Environments;
use compute_catalog::product::{AccountExports, Built, Key, Product, ProductError};
use compute_catalog::yaml::{WriteError, nearest};
use std::cmp::Reverse;
use std::fmt;

/// Every product, built.
pub struct BuiltProducts {
    /// The accounts.
    pub environments: Environments,
    /// The products, by key.
    pub entries: Vec<BuiltProduct>,
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
        let account_exports = environments.account_exports();
        let entries = each(&wanted(workspace, keys)?, |product| {
            entry(workspace, *product, &account_exports)
        });
        Ok(BuiltProducts {
            environments,
            entries: entries.into_iter().collect::<Result<_, _>>()?,
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

/// Reads and builds the products one after the other on every core, and does the work with each.
/// Meanwhile one core does what there is to do beside; before, another reads what is needed for
/// all of them, the accounts among it. Nothing is kept of a product but what the work gives: a
/// catalog may have more products than fit into memory.
///
/// # Errors
/// What can't be read, and every fault of every product that can't be built.
pub fn each_product<G: AsRef<Environments> + Send + Sync, R: Send, B: Send>(
    workspace: &Workspace,
    products: &[&dyn Product],
    given: impl FnOnce() -> Result<G, WorkspaceError>,
    work: impl Fn(&G, &BuiltProduct, &Built) -> R + Sync,
    beside: impl FnOnce() -> B + Send,
) -> (Result<(G, Vec<R>), CatalogError>, B) {
    let ready = || {
        let given = given()?;
        let account_exports = given.as_ref().account_exports();
        Ok::<_, WorkspaceError>((given, account_exports))
    };
    let build = |(given, account_exports): &(G, AccountExports), index: &usize| {
        let entry = entry(workspace, products[*index], account_exports);
        let made = entry.map(|entry| match &entry.built {
            Ok(built) => Ok(work(given, &entry, built)),
            Err(faults) => Err(faults.clone()),
        });
        (*index, made)
    };
    let largest_first = largest_first(workspace, products);
    let (done, beside) = each_once_ready(ready, &largest_first, build, beside);
    let done = done.map_err(CatalogError::from);
    let done = done.and_then(|((given, _), done)| Ok((given, all_built(done)?)));
    (done, beside)
}

/// The places of the products, those with the largest templates first: where a large one comes last,
/// the other cores wait for it.
fn largest_first(workspace: &Workspace, products: &[&dyn Product]) -> Vec<usize> {
    let size = |product: &&dyn Product| {
        let path = workspace
            .root()
            .join(generated::template_path(product.key()));
        path.metadata().map_or(0, |template| template.len())
    };
    let sizes: Vec<u64> = products.iter().map(size).collect();
    let mut places: Vec<usize> = (0..products.len()).collect();
    places.sort_by_key(|place| Reverse(sizes[*place]));
    places
}

/// What was made of a product, or its faults.
type MaybeBuilt<R> = Result<Result<R, Vec<ProductError>>, CatalogError>;

/// What was made of every product, in the order of their places, or every fault of every product
/// that can't be built.
fn all_built<R>(mut done: Vec<(usize, MaybeBuilt<R>)>) -> Result<Vec<R>, CatalogError> {
    done.sort_by_key(|(place, _)| *place);
    let mut all = Vec::new();
    let mut faults = Vec::new();
    for (_, done) in done {
        match done? {
            Ok(result) => all.push(result),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(all)
    } else {
        Err(CatalogError::Faults(faults))
    }
}

/// The products of these keys; all of them when there is no key.
///
/// # Errors
/// Keys that no product has.
pub fn wanted<'a>(
    workspace: &'a Workspace,
    keys: &[Key],
) -> Result<Vec<&'a dyn Product>, CatalogError> {
    let all = workspace.products();
    for key in keys {
        if !all.iter().any(|product| product.key() == key) {
            return Err(unknown_key(key, all));
        }
    }
    let wanted = all
        .iter()
        .filter(|product| keys.is_empty() || keys.contains(product.key()));
    Ok(wanted.map(AsRef::as_ref).collect())
}

fn entry(
    workspace: &Workspace,
    product: &dyn Product,
    account_exports: &AccountExports,
) -> Result<BuiltProduct, CatalogError> {
    let key = product.key().clone();
    let sources = workspace.sources(&key)?;
    let history = workspace.history(&key)?;
    let built = product.build(&sources, account_exports);
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

fn unknown_key(key: &Key, all: &[Box<dyn Product>]) -> CatalogError {
    let known: Vec<&str> = all.iter().map(|product| product.key().as_str()).collect();
    let hint = nearest(key.as_str(), known.iter().copied()).map_or_else(
        || format!("one of: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    CatalogError::UnknownKey(format!("there is no product `{key}`\n  hint: {hint}"))
}
