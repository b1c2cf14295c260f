//! `publisher`: the commands of `cargo xtask` that talk to AWS, as a program of their own.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;
use xtask::workspace::Workspace;

#[tokio::main]
async fn main() -> ExitCode {
    publisher::exit(&Cli::parse(), Workspace::containing).await
}
