//! `fleet`: each running product, and what an update does to it. Nothing is changed.

use super::environment_session::{EnvironmentSession, Proven};
use crate::command_error::CommandError;
use crate::read::provisioned::{Provisioned, parameters, provisioned};
use crate::read::{Hints, observe};
use crate::repository::Repository;
use crate::session::Session;
use compute_catalog::cfn::Scenario;
use compute_catalog::change::{Account, Fleet, RunningProduct, messages};
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::{Desired, Observed};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use xtask::cli::{DiffFormat, FleetArgs};
use xtask::console::{painted, print, print_text, waiting};
use xtask::document;
use xtask::running::RunningVersions;

pub(super) async fn run(repository: &Repository, args: &FleetArgs) -> Result<bool, CommandError> {
    repository.keys(&args.keys)?;
    let mut all = BTreeMap::new();
    let mut is_read = true;
    for key in &args.environment.environments {
        let waiting = waiting("Reading the account.");
        let opened =
            EnvironmentSession::new(repository, key, &args.environment, Proven::Unasked).await?;
        let observed = observe(&opened.session, &opened.desired, &Hints::default()).await?;
        let fleets = read(
            repository,
            key,
            &opened.session,
            &opened.desired,
            &observed,
            args,
        )
        .await?;
        drop(waiting);
        is_read &= fleets.iter().all(|fleet| !fleet.is_partly_unread());
        match (args.owners, args.format) {
            (true, DiffFormat::Json) => {}
            (true, _) => {
                for (_, message) in messages(&fleets, args.by.as_deref()) {
                    print(&format!("{message}\n----\n\n"))?;
                }
            }
            (false, DiffFormat::Text) => {
                for fleet in &fleets {
                    print_text(&painted(&format!("{}\n", fleet.text())))?;
                }
            }
            (false, DiffFormat::Markdown) => {
                for fleet in &fleets {
                    print(&format!("{}\n", fleet.markdown()))?;
                }
            }
            (false, DiffFormat::Json) => {}
        }
        all.insert(key.to_string(), fleets);
    }
    if args.format == DiffFormat::Json {
        match args.owners {
            true => {
                let by_environment: BTreeMap<&String, Vec<_>> = all
                    .iter()
                    .map(|(key, fleets)| {
                        let messages = messages(fleets, args.by.as_deref());
                        let one = |(owner, text): (String, String)| json!({ "owner": owner, "message": text });
                        (key, messages.into_iter().map(one).collect())
                    })
                    .collect();
                document::print("fleet", &by_environment)?;
            }
            false => document::print("fleet", &all)?,
        }
    }
    match is_read {
        true => Ok(true),
        false => Err(
            CommandError::input("what an update does to some of them isn't known")
                .hint("they stand above, with the reason"),
        ),
    }
}

/// The fleets of an environment. Products that nobody runs have none.
///
/// # Errors
/// Calls that AWS refuses; files that can't be read.
pub async fn read(
    repository: &Repository,
    environment: &Key,
    session: &Session,
    desired: &Desired,
    observed: &Observed,
    args: &FleetArgs,
) -> Result<Vec<Fleet>, CommandError> {
    let running = provisioned(session).await?;
    let is_ours = |one: &&Provisioned| observed.products.contains_key(&one.product);
    let values = match running.iter().any(|one| is_ours(&one)) {
        true => parameters(session).await?,
        false => BTreeMap::new(),
    };
    let here = repository.environment(environment)?;
    let account = Account {
        name: environment.to_string(),
        id: here.account.to_string(),
        region: here.region.value.clone(),
    };
    let mut fleets = Vec::new();
    for product in &desired.products {
        if !args.keys.is_empty() && !args.keys.contains(&product.key) {
            continue;
        }
        let live = observed.products.values().find(|live| live.is_of(product));
        let Some(live) = live else {
            continue;
        };
        let mine: Vec<RunningProduct> = running
            .iter()
            .filter(|one| one.product == live.id)
            .map(|one| {
                let version = live
                    .versions
                    .iter()
                    .find(|version| version.id == one.version);
                let version_name =
                    version.map_or_else(|| one.version.clone(), |version| version.name.clone());
                RunningProduct {
                    id: one.id.clone(),
                    name: one.name.clone(),
                    owner: one.owner.clone(),
                    version: version_name.parse().ok(),
                    version_name,
                    values: values_of(one, &values),
                }
            })
            .collect();
        if mine.is_empty() {
            continue;
        }
        let Some(entry) = repository.entry(&product.key) else {
            // An engine makes it.
            let versions = product.versions.iter().filter(|one| one.barred.is_none());
            let newest = versions.map(|version| version.name).max();
            if let Some(to) = args.to.filter(|to| product.version(*to).is_none()) {
                return Err(unreleased(to, &product.key));
            }
            if let Some(to) = args.to.or(newest) {
                let named = (&product.key, product.texts.name.as_str());
                fleets.push(Fleet::unknown(named, &mine, to, "its engine decides"));
            }
            continue;
        };
        let facts = repository
            .workspace()
            .legacy_versions(&product.key)
            .map_err(|error| CommandError::unreadable(&error))?;
        let versions = RunningVersions::read(&product.key, &entry.history, facts)
            .map_err(CommandError::input)?;
        let to: VersionName = match (args.to, entry.history.ledger.newest_living()) {
            (Some(to), _) => to,
            (None, Some(newest)) => newest.name,
            (None, None) => continue,
        };
        let Some(template) = versions.template(to) else {
            return Err(unreleased(to, &product.key));
        };
        let accounts = repository.accounts(&product.key)?;
        let name = entry.built.as_ref().map_or_else(
            |_| product.key.to_string(),
            |built| built.entry.name.clone(),
        );
        fleets.push(Fleet::of(
            (&product.key, &name),
            &mine,
            &versions.all(),
            (to, template),
            (&accounts, &account),
        ));
    }
    Ok(fleets)
}

fn unreleased(to: VersionName, product: &Key) -> CommandError {
    CommandError::input(format!("no version {to} of {product} was released here"))
        .hint("`cargo xtask status` lists what there is")
}

fn values_of(one: &Provisioned, stacks: &BTreeMap<String, Scenario>) -> Result<Scenario, String> {
    let Some(stack) = &one.stack else {
        return Err("Service Catalog names no stack".to_owned());
    };
    let found = stacks.get(stack);
    found
        .cloned()
        .ok_or_else(|| format!("there is no stack {stack}"))
}

/// What `plan` and `publish` end with: one line for each product that people run. What couldn't be
/// read is told, and never passes for nobody running anything.
pub(super) struct Sums {
    environment: Key,
    lines: Result<Vec<String>, CommandError>,
}

impl Sums {
    /// Reads them.
    pub async fn read(
        repository: &Repository,
        environment: &Key,
        session: &Session,
        desired: &Desired,
        observed: &Observed,
    ) -> Sums {
        let args = FleetArgs::default();
        let fleets = read(repository, environment, session, desired, observed, &args).await;
        Sums {
            environment: environment.clone(),
            lines: fleets.map(|fleets| fleets.iter().map(Fleet::sum).collect()),
        }
    }

    /// They couldn't be read.
    pub fn unread(environment: &Key, error: CommandError) -> Sums {
        Sums {
            environment: environment.clone(),
            lines: Err(error),
        }
    }

    /// Whether they were read.
    pub fn is_read(&self) -> bool {
        self.lines.is_ok()
    }

    /// The lines, for people; nothing where nobody runs anything.
    pub fn text(&self) -> String {
        let lines = self.lines.as_deref().unwrap_or_default();
        let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
        match lines.is_empty() {
            true => String::new(),
            false => format!(
                "\nAn update to the newest version:\n{}  hint: `cargo xtask fleet --env {}` names each\n",
                lines.concat(),
                self.environment
            ),
        }
    }

    /// Why they couldn't be read.
    pub fn warning(&self) -> Option<String> {
        let error = self.lines.as_ref().err()?;
        let causes = error.causes.iter();
        let causes: Vec<String> = causes
            .map(|cause| format!("  because: {cause}\n"))
            .collect();
        Some(format!(
            "warning: what an update does to what people run in {} couldn't be read: {}\n{}  hint: `cargo xtask fleet --env {}` reads it again",
            self.environment,
            error.what,
            causes.concat(),
            self.environment
        ))
    }

    /// For programs: the lines, or why there are none.
    pub fn json(&self) -> Json {
        match &self.lines {
            Ok(lines) => json!({ "sums": lines }),
            Err(error) => json!({ "unread": error.to_string() }),
        }
    }
}
