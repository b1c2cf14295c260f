//! From the command line to the command, and from its end to an exit code.

use crate::cli::{
    Cli, Command, CompletionsArgs, ManArgs, New, PublishArgs, VendorArgs, VendorCommand,
};
use crate::console::{self, OutputError, READER_GONE};
use crate::workspace::{Workspace, WorkspaceError};
use crate::{
    access, check, completion, diagnostic, diff, doctor, document, generate, import, manual,
    preview, publisher, rehearse, release, start, vendor,
};
use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;
use compute_catalog::product::{Key, Product};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The program of a catalog with these products, whose publisher is the program of that package.
pub fn main(products: Vec<Box<dyn Product>>, publisher: &'static str) -> ExitCode {
    // A shell that asks for completions gets them here, and nothing else is done.
    CompleteEnv::with_factory(|| Cli::command().name("xtask").bin_name("xtask")).complete();
    exit(&Cli::parse(), |folder| {
        Workspace::of(folder, products, publisher)
    })
}

/// Runs a command on the workspace that holds the current folder. Exit codes: 0 done, 1 findings or
/// refused, 2 wrong use or unreadable input, 3 AWS can't be reached; 141 whoever read the output
/// went away.
pub fn exit(
    cli: &Cli,
    workspace: impl FnOnce(&Path) -> Result<Workspace, WorkspaceError>,
) -> ExitCode {
    cli.color.write_global();
    cli.verbosity.write_global();
    // From where the files are named in which mistakes are told.
    let mut root = PathBuf::from(".");
    let ran = match &cli.command {
        // Files need no catalog around them, and neither does what a rule says.
        Command::Diff(args) if !args.files().is_empty() => diff::run_files(args),
        Command::Check(args) if check::is_of_files(args) => check::run_files(args),
        Command::Explain(args) => check::explain(args),
        // What is said of the program itself is the same everywhere.
        Command::Completions(args) => completions(args),
        Command::Man(args) => manual(args),
        _ => std::env::current_dir()
            .map_err(Box::from)
            .and_then(|folder| {
                let workspace = workspace(&folder)?;
                root = workspace.root().to_owned();
                run(cli, &workspace)
            }),
    };
    match ran {
        Ok(code) => code,
        Err(error) => match error.downcast_ref() {
            Some(OutputError::ReaderGone) => ExitCode::from(READER_GONE),
            _ => {
                if let Some(command) = cli.documented() {
                    document::print_error(command, &error, 2);
                }
                diagnostic::say_error(&diagnostic::parts(error.as_ref()), &root);
                ExitCode::from(2)
            }
        },
    }
}

/// Starts the publisher. What it would refuse at once is told before it is built, which may take minutes.
fn start_publisher(cli: &Cli, workspace: &Workspace) -> Result<ExitCode, Box<dyn Error>> {
    let environments = workspace.environments()?;
    let named = cli.environments();
    if let Some(key) = named
        .iter()
        .find(|key| !environments.by_key.contains_key(**key))
    {
        return Err(environments.unknown(key).into());
    }
    publisher::start(workspace)
}

fn run(cli: &Cli, workspace: &Workspace) -> Result<ExitCode, Box<dyn Error>> {
    match &cli.command {
        Command::Generate(args) => generate::run(workspace, args),
        Command::Check(args) => check::run(workspace, args),
        Command::Explain(args) => check::explain(args),
        Command::Diff(args) => diff::run(workspace, args),
        Command::Rehearse(args) => rehearse::run(workspace, args),
        Command::Access(args) => access::run(workspace, args),
        Command::Release(args) => release::run(workspace, args),
        Command::Preview => preview::run(workspace),
        Command::Fleet(_)
        | Command::Plan(_)
        | Command::Preflight(_)
        | Command::Status(_)
        | Command::Rollback(_)
        | Command::Withdraw(_)
        | Command::Try(_)
        | Command::Prove(_)
        | Command::Adopt(_) => start_publisher(cli, workspace),
        Command::Publish(args) => {
            // What is published is what was released; a catalog that does not stand is not
            // published at all, nor a product that can't live where it goes.
            for gate in [check_gate, rehearsal_gate] {
                let passed = gate(workspace, args)?;
                if passed != ExitCode::SUCCESS {
                    return Ok(passed);
                }
            }
            start_publisher(cli, workspace)
        }
        Command::Init(args) => start::init(workspace, args),
        Command::Import(args) if args.env.is_some() => start_publisher(cli, workspace),
        Command::Import(args) => import::run(workspace, args),
        Command::New(New::Product(args)) => start::new_product(workspace, args),
        Command::Doctor(args) => doctor::run(workspace, args),
        Command::Completions(args) => completions(args),
        Command::Man(args) => manual(args),
        Command::Vendor(VendorArgs {
            command: VendorCommand::Prices(_),
            ..
        }) => start_publisher(cli, workspace),
        Command::Vendor(args) => {
            let ran = workspace.all_or_nothing(|| Ok(Some(vendor::run(args, workspace)?)))?;
            let (report, is_clean) = ran.unwrap_or_default();
            console::print(&report)?;
            Ok(match is_clean {
                true => ExitCode::SUCCESS,
                false => ExitCode::FAILURE,
            })
        }
    }
}

fn completions(args: &CompletionsArgs) -> Result<ExitCode, Box<dyn Error>> {
    console::print(&completion::script(args.shell)?)?;
    Ok(ExitCode::SUCCESS)
}

fn manual(args: &ManArgs) -> Result<ExitCode, Box<dyn Error>> {
    console::print(&manual::man(args)?)?;
    Ok(ExitCode::SUCCESS)
}

fn check_gate(workspace: &Workspace, _: &PublishArgs) -> Result<ExitCode, Box<dyn Error>> {
    check::before_publishing(workspace)
}

/// Nobody launches in the local AWS: no template knows its account.
fn rehearsal_gate(workspace: &Workspace, args: &PublishArgs) -> Result<ExitCode, Box<dyn Error>> {
    let environments = workspace.environments()?;
    let takes_launches = |key: &&Key| {
        let known = environments.by_key.get(*key);
        known.is_some_and(|environment| !environment.local)
    };
    let wanted = args.environment.environments.iter();
    let wanted: Vec<Key> = wanted.filter(takes_launches).cloned().collect();
    if wanted.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let rehearsal = rehearse::Wanted {
        keys: &args.keys,
        environments: &wanted,
        from: None,
        is_released: true,
        is_noted: false,
    };
    rehearse::before(workspace, &rehearsal, args.unrehearsed)
}
