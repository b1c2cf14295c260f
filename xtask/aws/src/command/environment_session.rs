//! An environment, opened: its session, and what it should have.

use crate::command_error::CommandError;
use crate::local;
use crate::read::{Hints, observe};
use crate::repository::{Repository, destination};
use crate::session::Session;
use compute_catalog::environment::Environment;
use compute_catalog::product::Key;
use compute_catalog::publish::{Desired, Promotion};
use local_aws::Server;
use std::collections::BTreeMap;
use xtask::cli::EnvironmentArgs;

/// An environment, opened.
pub(super) struct EnvironmentSession<'a> {
    pub session: Session,
    pub desired: Desired,
    pub environment: &'a Environment,
    /// Kept running as long as the session is used.
    _server: Option<Server>,
}

impl<'a> EnvironmentSession<'a> {
    pub(super) async fn new(
        repository: &'a Repository,
        key: &Key,
        args: &EnvironmentArgs,
        insist: bool,
    ) -> Result<EnvironmentSession<'a>, CommandError> {
        let environment = repository.environment(key)?;
        let mut desired = repository.desired(key)?;
        let server = if environment.local && args.endpoint_url.is_none() {
            let account = environment.account.as_str();
            Some(local::start(
                repository.root(),
                account,
                &environment.region,
            )?)
        } else {
            None
        };
        let endpoint = match &server {
            Some(server) => Some(server.endpoint().to_owned()),
            None => args.endpoint_url.clone(),
        };
        let is_one_of_several = args.environments.len() > 1;
        let to = destination(key, environment, endpoint.clone(), is_one_of_several)?;
        let session = Session::open(&to).await?;
        if server.is_some() {
            local::seed_local(&session, repository, key).await?;
        }
        if let Some(from) = environment.promotes_from.as_ref().filter(|_| !insist) {
            desired.promotion = Some(proven(repository, from, endpoint).await?);
        }
        Ok(EnvironmentSession {
            session,
            desired,
            environment,
            _server: server,
        })
    }
}

/// What the environment before has published and verified.
async fn proven(
    repository: &Repository,
    from: &Key,
    endpoint: Option<String>,
) -> Result<Promotion, CommandError> {
    let explain = |failure: CommandError| CommandError {
        what: format!("cannot see what `{from}` has proven: {}", failure.what),
        hint: Some(format!(
            "name a profile that may read that account in portfolios/environments/{from}.yaml, or publish without its proof by `--insist`"
        )),
        ..failure
    };
    let environment = repository.environment(from)?;
    let mut desired = repository.desired(from)?;
    // Only versions prove anything.
    desired.stacks.clear();
    desired.stack_sets.clear();
    desired.shares.clear();
    let to = destination(from, environment, endpoint, true)?;
    let session = Session::open(&to).await.map_err(explain)?;
    let observed = observe(&session, &desired, &Hints::default())
        .await
        .map_err(explain)?;
    Ok(Promotion::of(&desired, &observed))
}

/// By environment, in the order in which they were asked for.
pub(super) fn labelled<T>(items: Vec<(Key, T)>) -> BTreeMap<String, T> {
    items
        .into_iter()
        .map(|(key, item)| (key.to_string(), item))
        .collect()
}
