//! `cargo xtask`: the door to every command.

use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;
use std::process::ExitCode;
use xtask::cli::Cli;
use xtask::workspace::Workspace;

fn main() -> ExitCode {
    // A shell that asks for completions gets them here, and nothing else is done.
    CompleteEnv::with_factory(|| Cli::command().name("xtask").bin_name("xtask")).complete();
    xtask::exit(&Cli::parse(), Workspace::containing)
}
