//! A local AWS that stands for the account of an environment: the same account and region, what others
//! have there, and the catalog, published by the commands' own engine.

use super::environment_session::{EnvironmentSession, Proven};
use crate::command_error::CommandError;
use crate::destination::is_this_machine;
use crate::local;
use crate::pace::Pace;
use crate::repository::Repository;
use crate::run::{Approval, Publish};
use crate::session::{Destination, Session};
use crate::terminal::Terminal;
use compute_catalog::product::Key;
use compute_catalog::publish::{Desired, Options, Plan, Request};
use local_aws::Server;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use xtask::cli::{EnvironmentArgs, TryArgs};
use xtask::console::progress;

/// A local AWS in which products are tried.
pub(super) struct StandIn {
    pub session: Session,
    pub desired: Desired,
    /// Kept running as long as the session is used.
    pub server: Option<Server>,
}

impl StandIn {
    /// The local AWS that a product is tried in, with the product in it.
    ///
    /// # Errors
    /// No such environment or product, a server that isn't of this machine, what keeps the product
    /// from being published.
    pub async fn of_try(
        repository: &mut Repository,
        args: &TryArgs,
    ) -> Result<StandIn, CommandError> {
        let endpoint = args.endpoint_url.as_deref();
        if let Some(endpoint) = endpoint
            && !is_this_machine(endpoint)
        {
            return Err(
                CommandError::input(format!("{endpoint} is no server on this machine")).hint(
                    "products are tried in a local AWS; without `--endpoint-url` one is started",
                ),
            );
        }
        let key = match &args.environment {
            Some(key) => key.clone(),
            None => repository.first_to_try()?,
        };
        if repository.environment(&key)?.local {
            return StandIn::published(repository, key, args).await;
        }
        repository.keys(std::slice::from_ref(&args.key))?;
        StandIn::open(repository, &key, endpoint).await
    }

    /// A local AWS that stands for an environment, with the catalog in it.
    ///
    /// # Errors
    /// No such environment, what keeps the catalog from being published.
    pub async fn open(
        repository: &mut Repository,
        key: &Key,
        endpoint: Option<&str>,
    ) -> Result<StandIn, CommandError> {
        repository.stand_for(key)?;
        let repository = &*repository;
        let environment = repository.environment(key)?;
        let folder = repository.root().join("target/try").join(key.as_str());
        let server = match endpoint {
            Some(_) => None,
            None => {
                let state = folder.join("local-aws");
                Some(local::start(&state, environment, repository.outside()?)?)
            }
        };
        let own = server.as_ref().map(Server::endpoint);
        let session = Session::open(&Destination {
            account: environment.account.value.clone(),
            account_at: None,
            region: environment.region.value.clone(),
            profile: None,
            endpoint: own.or(endpoint).map(str::to_owned),
            dummy_credentials: true,
            pace: Pace::LOCAL,
        })
        .await?;
        local::seed_local(&session, repository, key).await?;
        let mut desired = repository.desired(key)?;
        // Whom portfolios are shared with, the journey doesn't meet.
        desired.stack_sets.clear();
        desired.shares.clear();
        progress(&format!(
            "Publishing the catalog to a local AWS that stands for {key}, account {}.",
            session.account
        ));
        let never = AtomicBool::new(false);
        let end = Publish {
            session: &session,
            desired: &desired,
            options: Options::default(),
            // A portfolio waits for all of its products.
            request: Request::Publish(BTreeSet::new()),
            approval: Approval::Ask(&|_: &Plan| Ok(true)),
            inspection: None,
            break_lock: false,
            folder: &folder,
            terminal: &Terminal::quiet(),
            stop: &never,
        }
        .run()
        .await?;
        let left = end.left().into_iter().flat_map(|left| &left.blockers);
        let left: Vec<String> = left
            .map(|blocker| format!("{}: {}", blocker.on, blocker.message))
            .collect();
        if !left.is_empty() {
            let failure = CommandError::new(format!("the catalog isn't whole in `{key}`"));
            return Err(left.into_iter().fold(failure, CommandError::because));
        }
        Ok(StandIn {
            session,
            desired,
            server,
        })
    }

    /// The local environment, as `publish` has left it.
    async fn published(
        repository: &Repository,
        key: Key,
        args: &TryArgs,
    ) -> Result<StandIn, CommandError> {
        let environment = EnvironmentArgs {
            environments: vec![key.clone()],
            endpoint_url: args.endpoint_url.clone(),
        };
        let opened =
            EnvironmentSession::new(repository, &key, &environment, Proven::Unasked).await?;
        Ok(StandIn {
            session: opened.session,
            desired: opened.desired,
            server: opened.server,
        })
    }
}
