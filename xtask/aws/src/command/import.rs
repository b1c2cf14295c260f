//! `import --env`: what an account's Service Catalog holds, as models and data files.

use super::environment_session::{EnvironmentSession, Proven};
use crate::command_error::CommandError;
use crate::read::held;
use crate::repository::Repository;
use std::process::ExitCode;
use xtask::cli::{EnvironmentArgs, ImportArgs};

pub(super) async fn run(repository: &Repository, args: &ImportArgs) -> Result<bool, CommandError> {
    let Some(key) = &args.env else {
        return Err(CommandError::input("name the environment with --env"));
    };
    let environment = EnvironmentArgs {
        environments: vec![key.clone()],
        endpoint_url: args.endpoint_url.clone(),
    };
    let opened = EnvironmentSession::new(repository, key, &environment, Proven::Unasked).await?;
    let held = held::read(&opened.session)
        .await
        .map_err(CommandError::from)?;
    let ended = xtask::import::account(repository.workspace(), key, &held, args)
        .map_err(|error| CommandError::unreadable(error.as_ref()))?;
    Ok(ended == ExitCode::SUCCESS)
}
