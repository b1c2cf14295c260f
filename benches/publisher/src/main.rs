//! `catalog-publisher`: the program `publisher`, on a checkout of copies. A crate of its own, so that
//! the other benchmarks don't compile the AWS SDK.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    publisher::exit(&Cli::parse(), benchmarks::workspace).await
}
