//! `cargo xtask`: the door to every command.

use clap::Parser;
use std::process::ExitCode;
use xtask::cli::{Cli, Command};
use xtask::workspace::Workspace;
use xtask::{check, diff, doctor, generate, manual, preview, publisher, release, vendor};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.write_global();
    match run(&cli) {
        Ok(code) => code,
        Err(message) => {
            let red = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{red}error:{red:#} {message}");
            ExitCode::from(2)
        }
    }
}

/// Exit codes: 0 done, 1 findings or refused, 2 wrong use or unreadable input, 3 AWS can't be
/// reached.
fn run(cli: &Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let workspace = Workspace::containing(&std::env::current_dir()?)?;
    match &cli.command {
        Command::Generate(args) => generate::run(&workspace, args),
        Command::Check(args) => check::run(&workspace, args),
        Command::Diff(args) => diff::run(&workspace, args),
        Command::Release(args) => release::run(&workspace, args),
        Command::Preview => preview::run(&workspace),
        Command::Plan(_) | Command::Preflight(_) | Command::Status(_) | Command::Rollback(_) => {
            publisher::start(&workspace)
        }
        Command::Publish(_) => {
            // What is published is what was released; a catalog that does not stand is not
            // published at all.
            let checked = check::before_publishing(&workspace)?;
            if checked == ExitCode::SUCCESS {
                publisher::start(&workspace)
            } else {
                Ok(checked)
            }
        }
        Command::Doctor(args) => doctor::run(&workspace, args),
        Command::Completions(args) => Ok(manual::completions(args, &mut std::io::stdout())),
        Command::Man(args) => manual::man(args, &mut std::io::stdout()),
        Command::Vendor(args) => {
            let (report, is_clean) = vendor::run(args, workspace.root())?;
            print!("{report}");
            Ok(if is_clean {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}
