//! `publisher`: the commands of `cargo xtask` that talk to AWS, as a program of their own.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let folder = std::env::current_dir().unwrap_or_else(|_| ".".into());
    match publisher::command(&cli.command, &folder).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}
