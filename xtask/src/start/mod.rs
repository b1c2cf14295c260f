//! A catalog from nothing: `init` makes a repository, `new product` a product in one.
//!
//! What they write stands in `files/` and `kind/`. The models in `kind/` are compiled here too, so
//! that none is written that doesn't compile.

mod addition;
mod external;
mod init;
pub mod kind;
pub mod names;
mod product;

pub use addition::item_under;
pub use init::run as init;
pub use kind::PLACEMENT;
pub use product::{offer, place};

use crate::cli::NewProductArgs;
use crate::console;
use crate::workspace::Workspace;
use kind::Start;
use std::error::Error;
use std::process::ExitCode;

/// Makes a product of a kind: all files of it, or none.
///
/// # Errors
/// Files that can't be read or written, lists that only a person can add to.
pub fn new_product(
    workspace: &Workspace,
    args: &NewProductArgs,
) -> Result<ExitCode, Box<dyn Error>> {
    let portfolio = args.portfolio.as_ref();
    let made = workspace.all_or_nothing(|| match args.kind {
        Start::Model(kind) => product::run(workspace, &args.key, kind, portfolio),
        Start::External => external::run(workspace, &args.key, portfolio),
    })?;
    let Some(told) = made else {
        return Ok(ExitCode::FAILURE);
    };
    console::print(&told)?;
    Ok(ExitCode::SUCCESS)
}
