//! `adopt`: what an account had before this catalog, written into its environment's file.

use super::environment_session::{EnvironmentSession, Proven};
use super::only_one_for;
use crate::command_error::CommandError;
use crate::read::{Hints, in_the_way, observe};
use crate::repository::Repository;
use compute_catalog::environment::environment_path;
use compute_catalog::publish::Adoption;
use xtask::cli::AdoptArgs;
use xtask::console::{print, waiting};

pub(super) async fn run(repository: &Repository, args: &AdoptArgs) -> Result<bool, CommandError> {
    let environments = &args.environment.environments;
    only_one_for("adopt", environments.len())?;
    let Some(key) = environments.first() else {
        return Ok(true);
    };
    let waiting = waiting("Reading the account.");
    let opened =
        EnvironmentSession::new(repository, key, &args.environment, Proven::Unasked).await?;
    let observed = observe(&opened.session, &opened.desired, &Hints::default()).await?;
    let live = in_the_way::list(&opened.session)
        .await
        .map_err(CommandError::from)?;
    drop(waiting);
    let recorded = &opened.environment.portfolios;
    let portfolios: Vec<_> = repository
        .around()
        .portfolios
        .iter()
        .filter(|(key, _)| !recorded.contains_key(*key))
        .map(|(key, file)| {
            let body = &file.body;
            (key.clone(), body.name.to_string(), body.stack.to_string())
        })
        .collect();
    let adoption = Adoption::of(&opened.desired, &observed, &portfolios, &live);
    let path = environment_path(key);
    for line in &adoption.unclear {
        print(&format!("{line}\n"))?;
    }
    if adoption.products.is_empty() && adoption.portfolios.is_empty() {
        print("Nothing of this account has the name of ours without being known.\n")?;
        return Ok(adoption.unclear.is_empty());
    }
    let workspace = repository.workspace();
    let before = workspace
        .read(&path)
        .map_err(|error| CommandError::unreadable(&error))?;
    let after = adoption
        .recorded(&before)
        .map_err(|why| CommandError::input(format!("{path} is left as it is: {why}")))?;
    workspace
        .write(&path, after.as_bytes())
        .map_err(|error| CommandError::unreadable(&error))?;
    print(&format!("{path}\n"))?;
    let old: Vec<&str> = before.lines().collect();
    for line in after.lines().filter(|line| !old.contains(line)) {
        print(&format!("+ {line}\n"))?;
    }
    print("Review what was written with `git diff`, then `cargo xtask plan`.\n")?;
    Ok(adoption.unclear.is_empty())
}
