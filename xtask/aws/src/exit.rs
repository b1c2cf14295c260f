//! From the command line to the command, and from its end to an exit code.

use crate::command_error::{CommandError, Exit};
use clap::Parser;
use compute_catalog::product::Product;
use std::path::Path;
use std::process::ExitCode;
use xtask::cli::Cli;
use xtask::console;
use xtask::document;
use xtask::workspace::{Workspace, WorkspaceError};

/// The program of a catalog with these products; `publisher` is its package.
pub fn main(products: Vec<Box<dyn Product>>, publisher: &'static str) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => {
            console::error(&format!("can't start the runtime: {cause}"));
            return ExitCode::from(2);
        }
    };
    runtime.block_on(exit(&Cli::parse(), |folder| {
        Workspace::of(folder, products, publisher)
    }))
}

/// Runs a command on the workspace that holds the current folder; 0 is well, 1 is not, and a failure
/// has an exit code of its own.
pub async fn exit(
    cli: &Cli,
    workspace: impl FnOnce(&Path) -> Result<Workspace, WorkspaceError>,
) -> ExitCode {
    cli.color.write_global();
    cli.verbosity.write_global();
    let folder = std::env::current_dir().unwrap_or_else(|_| ".".into());
    let mut root = folder.clone();
    let ran = match workspace(&folder) {
        Ok(workspace) => {
            root = workspace.root().to_owned();
            crate::command(&cli.command, workspace).await
        }
        Err(error) => Err(CommandError::unreadable(&error)),
    };
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            if failure.exit != Exit::ReaderGone {
                if let Some(command) = cli.documented() {
                    document::print_error(command, &failure, failure.exit as u8);
                }
                failure.say(&root);
            }
            ExitCode::from(failure.exit as u8)
        }
    }
}
