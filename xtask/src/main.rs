//! `cargo xtask`: the door to every command.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;
use xtask::workspace::Workspace;

fn main() -> ExitCode {
    xtask::exit(&Cli::parse(), Workspace::containing)
}
