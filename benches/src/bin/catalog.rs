//! `catalog`: the program `xtask`, on a checkout of copies.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;

fn main() -> ExitCode {
    xtask::exit(&Cli::parse(), benchmarks::workspace)
}
