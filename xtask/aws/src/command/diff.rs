//! `diff` against what is live: the account is read, the comparison itself is `cargo xtask`'s own.

use super::environment_session::{EnvironmentSession, Proven};
use crate::command_error::CommandError;
use crate::read::{Hints, live, observe};
use crate::repository::Repository;
use std::collections::BTreeMap;
use xtask::cli::{DiffArgs, EnvironmentArgs};

pub(super) async fn run(repository: &Repository, args: &DiffArgs) -> Result<bool, CommandError> {
    let environments = args.environments();
    let account = EnvironmentArgs {
        environments: environments.clone(),
        endpoint_url: args.endpoint_url.clone(),
    };
    let mut read = BTreeMap::new();
    for key in environments {
        let opened = EnvironmentSession::new(repository, &key, &account, Proven::Unasked).await?;
        let observed = observe(&opened.session, &opened.desired, &Hints::default()).await?;
        let found = live(&opened.session, &opened.desired, &observed).await?;
        read.insert(key, found);
    }
    let comparison = xtask::diff::compare(repository.workspace(), args, &read)
        .map_err(|error| CommandError::unreadable(error.as_ref()))?;
    comparison.print(args.format)?;
    match comparison.blind() {
        Some(message) => Err(CommandError::input(message)),
        None => Ok(!comparison.is_refused),
    }
}
