//! `import`: hand-written templates become a typed model, and the versions that run a ledger.
//!
//! A template is read, every name in it becomes a variable, every value an expression of the
//! generated types (`value`), and the whole a `mod.rs` (`model`) whose test holds its template
//! to the imported one. What a model can't say stops the import: nothing is dropped.

mod account;
mod actions;
mod comments;
mod defaults;
mod document;
mod expression;
mod files;
mod form;
mod held;
mod library;
mod model;
mod module;
mod order;
mod original;
mod place;
mod placement;
mod policy;
mod product;
mod report;
mod resource;
mod scope;
mod source;
mod suggestions;
mod tags;
mod types;
mod value;
mod versions;
mod writer;

use crate::cli::ImportArgs;
use crate::console;
use crate::named_file;
use crate::start;
use crate::workspace::{Workspace, WorkspaceError};
use original::Original;
use product::{Product, place};
use std::error::Error;
use std::process::ExitCode;
use versions::{Imported, Versions};

pub use account::account;
pub use held::{HeldAction, HeldCatalog, HeldConstraint, HeldPortfolio, HeldProduct, HeldVersion};

/// Imports templates as a product: all files of it, or none.
///
/// # Errors
/// Files that can't be read or written, and lists that only a person can add to.
pub fn run(workspace: &Workspace, args: &ImportArgs) -> Result<ExitCode, Box<dyn Error>> {
    let versions = args.versions.iter();
    let mut versions: Vec<Imported> = versions
        .map(|given| {
            let text = named_file::read(&given.file, u64::MAX)?;
            Ok(Imported {
                name: given.name,
                shown: given.file.display().to_string(),
                text,
                description: None,
            })
        })
        .collect::<Result<_, WorkspaceError>>()?;
    versions.sort_by_key(|version| version.name);
    let original = match (&args.file, versions.last()) {
        (Some(file), _) => {
            let text = named_file::read(file, u64::MAX).map_err(WorkspaceError::from)?;
            Original::read(&file.display().to_string(), text)
        }
        // What runs in its newest version is what a model goes on from.
        (None, Some(newest)) => Original::read(&newest.shown, newest.text.clone()),
        (None, None) => return Err("name a template, or versions with --version".into()),
    };
    let Some(original) = original else {
        return Ok(ExitCode::from(2));
    };
    let Some(versions) = Versions::of(versions, &args.environments) else {
        return Ok(ExitCode::from(2));
    };
    let Some(key) = &args.product else {
        return Err("name the product with --product".into());
    };
    let product = Product {
        key,
        portfolio: args.portfolio.as_ref(),
        name: None,
        placement: start::PLACEMENT.map(str::to_owned).into(),
        is_offline: args.offline,
        is_suppressed: args.suppress,
    };
    let made = workspace.all_or_nothing(|| place(workspace, &product, &original, &versions))?;
    let Some(told) = made else {
        return Ok(ExitCode::FAILURE);
    };
    console::print(&told)?;
    Ok(ExitCode::SUCCESS)
}
