//! An environment, opened: its session, and what it should have.

use crate::command_error::CommandError;
use crate::destination::destination;
use crate::local;
use crate::read::{Hints, observe};
use crate::repository::Repository;
use crate::session::Session;
use compute_catalog::environment::Environment;
use compute_catalog::product::Key;
use compute_catalog::publish::{Desired, Inspection, Promotion, Proof};
use local_aws::Server;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use xtask::cli::{EnvironmentArgs, InsistArgs, ProofArgs};

/// An environment, opened.
pub(super) struct EnvironmentSession<'a> {
    pub session: Session,
    pub desired: Desired,
    pub environment: &'a Environment,
    /// Kept running as long as the session is used.
    pub server: Option<Server>,
}

impl<'a> EnvironmentSession<'a> {
    /// What the account is held against, beside what it should have. `own_exports` are the names under
    /// which the catalog's own stacks export.
    pub(super) fn inspection<'s>(
        &'s self,
        repository: &'s Repository,
        own_exports: &'s BTreeSet<String>,
    ) -> Inspection<'s> {
        Inspection {
            desired: &self.desired,
            environment: self.environment,
            organization: repository.organization(),
            catalog: repository.around(),
            own_exports,
        }
    }

    pub(super) async fn new(
        repository: &'a Repository,
        key: &Key,
        args: &EnvironmentArgs,
        proof: Proven<'_>,
    ) -> Result<EnvironmentSession<'a>, CommandError> {
        let environment = repository.environment(key)?;
        let mut desired = repository.desired(key)?;
        let server = if environment.local && args.endpoint_url.is_none() {
            let folder = repository.root().join("target/local-aws");
            Some(local::start(&folder, environment, repository.outside()?)?)
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
        if let Some(from) = &environment.promotes_from {
            desired.promotion = match proof {
                Proven::Unasked => None,
                Proven::ByFile(path) => Some(read_proof(repository, from, path)?),
                Proven::ByAccount => Some(proven(repository, from, endpoint).await?),
            };
        }
        Ok(EnvironmentSession {
            session,
            desired,
            environment,
            server,
        })
    }
}

/// How an environment learns what the one before has proven.
#[derive(Clone, Copy)]
pub(super) enum Proven<'a> {
    /// It doesn't matter.
    Unasked,
    /// A look at its account says it.
    ByAccount,
    /// A file says it that its publish has left.
    ByFile(&'a Path),
}

impl<'a> Proven<'a> {
    pub(super) fn by(insist: &InsistArgs, proof: &'a ProofArgs) -> Proven<'a> {
        match &proof.proof {
            _ if insist.insist => Proven::Unasked,
            Some(path) => Proven::ByFile(path),
            None => Proven::ByAccount,
        }
    }
}

fn read_proof(repository: &Repository, from: &Key, path: &Path) -> Result<Promotion, CommandError> {
    let name = path.display();
    let account = &repository.environment(from)?.account.value;
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandError::input(format!("the proof {name} can't be read")).because(error)
    })?;
    Proof::read(&text, from, account).map_err(|why| {
        CommandError::input(format!("the proof {name} proves nothing"))
            .because(why)
            .hint(format!(
                "publish to {from}, and take target/publish/{from}/proof.json as it is"
            ))
    })
}

/// What the environment before has published and verified.
async fn proven(
    repository: &Repository,
    from: &Key,
    endpoint: Option<String>,
) -> Result<Promotion, CommandError> {
    let explain = |failure: CommandError| CommandError {
        what: format!("cannot see what `{from}` has proven: {}", failure.what),
        // What is to be done isn't on the line of a file.
        parts: Vec::new(),
        hint: Some(format!(
            "give the proof that publishing to it has left, `--proof target/publish/{from}/proof.json`; or name a profile that may read that account in portfolios/environments/{from}.yaml; or publish without proof by `--insist`"
        )),
        ..failure
    };
    let environment = repository.environment(from)?;
    let mut desired = repository.desired(from)?;
    // Only versions prove anything.
    desired.stacks.clear();
    desired.stack_sets.clear();
    desired.shares.clear();
    desired.lacks.clear();
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
