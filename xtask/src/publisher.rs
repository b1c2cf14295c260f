//! The publisher: a program of its own, so that the commands of every day never compile the AWS
//! SDK. It is built when a command first needs it, and started with the same arguments.

use crate::workspace::Workspace;
use std::process::{Command, ExitCode};

/// Builds the publisher and runs it with this process's arguments.
///
/// # Errors
/// Cargo or the publisher can't be started.
pub fn start(workspace: &Workspace) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--locked", "--package", "publisher", "--"])
        .args(std::env::args_os().skip(1))
        .current_dir(workspace.root())
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    // Ended by a signal: part-way, and resumable.
    Ok(ExitCode::from(code.unwrap_or(1)))
}
