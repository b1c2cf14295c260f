//! `catalog`: the program `xtask`, on a checkout of copies.

use benchmarks::products_of;
use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;
use xtask::workspace::Workspace;

fn main() -> ExitCode {
    xtask::exit(&Cli::parse(), |folder| {
        let workspace = Workspace::containing(folder)?;
        let products = products_of(workspace.root())?;
        Ok(workspace.with_products(products))
    })
}
