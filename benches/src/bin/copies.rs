//! `copies N FOLDER`: makes a checkout of N products, copies of the real ones.

use benchmarks::{Copies, make};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use xtask::workspace::Workspace;

/// Makes a checkout of copies of the products
#[derive(Parser)]
struct Arguments {
    /// How many products: a multiple of the real ones
    products: usize,
    /// A folder that isn't there yet
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let workspace = Workspace::containing(&std::env::current_dir()?)?;
    let copies = Copies::of_products(arguments.products)?;
    Ok(make(workspace.root(), copies, &arguments.folder)?)
}
