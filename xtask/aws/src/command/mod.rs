//! The command line: the same grammar as `cargo xtask`, of which this program is a part.

mod adopt;
mod confirm;
mod diff;
mod environment_session;
mod fleet;
mod form;
mod history;
mod import;
mod journey;
mod offered;
mod plan;
mod preflight;
mod prices;
mod prove;
mod provisioned;
mod publish;
mod stand_in;
mod status;
mod visitor;

use crate::command_error::{CommandError, Exit};
pub use fleet::read as fleets;

use crate::repository::Repository;
use xtask::cli::{Command, VendorArgs, VendorCommand};
use xtask::workspace::Workspace;

/// Runs a command that needs AWS, for each environment in turn. Answers whether all is well; when
/// not, the exit code is 1.
///
/// # Errors
/// What the command can't do, with its exit code.
pub async fn run(command: &Command, workspace: Workspace) -> Result<bool, CommandError> {
    let mut repository = Repository::read(workspace)?;
    match command {
        Command::Plan(args) => plan::run(&repository, args).await,
        Command::Publish(args) => publish::run(&repository, args).await,
        Command::Rollback(args) => publish::roll_back(&repository, args).await,
        Command::Withdraw(args) => publish::withdraw(&repository, args).await,
        Command::Adopt(args) => adopt::run(&repository, args).await,
        Command::Import(args) => import::run(&repository, args).await,
        Command::Try(args) => journey::run(&mut repository, args).await,
        Command::Prove(args) => prove::run(&mut repository, args).await,
        Command::Status(args) => status::run(&repository, args).await,
        Command::Diff(args) => diff::run(&repository, args).await,
        Command::Fleet(args) => fleet::run(&repository, args).await,
        Command::Preflight(args) => preflight::run(&repository, args).await,
        Command::Vendor(
            args @ VendorArgs {
                command: VendorCommand::Prices(prices),
                ..
            },
        ) => prices::run(&repository, prices, args).await,
        _ => Err(
            CommandError::input("this program carries out the commands that need AWS")
                .hint("run `cargo xtask --help`"),
        ),
    }
}

/// A file of several environments would be ambiguous.
fn only_one_for(option: &str, count: usize) -> Result<(), CommandError> {
    if count > 1 {
        return Err(CommandError {
            exit: Exit::Input,
            ..CommandError::new(format!("`{option}` is for one environment"))
                .hint("run the command once for each environment")
        });
    }
    Ok(())
}
