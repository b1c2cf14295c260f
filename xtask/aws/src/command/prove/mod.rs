//! `prove`: one launch of each product in an account, through Service Catalog's own API; its outputs
//! opened, a session started, its actions used; then its end. What runs is written down before it is
//! launched, and a run that was cut off is cleaned up by the next.

mod budget;
mod journal;
mod launch;
mod page;
mod place;
mod reach;

use super::confirm::confirmed;
use super::journey::given;
use super::offered::{Offered, offered};
use super::visitor::Visitor;
use crate::command_error::CommandError;
use crate::lock::{now_seconds, time};
use crate::read::{Hints, observe};
use crate::repository::Repository;
use compute_catalog::product::Key;
use compute_catalog::rehearsal::Behaviours;
use journal::{Journal, Launched, by_hand};
use launch::Prove;
use place::Place;
use std::collections::BTreeMap;
use std::time::Duration;
use xtask::cli::ProveArgs;
use xtask::console::print;

/// What was found of one product.
pub(super) struct Proved {
    product: Key,
    version: String,
    launched: Result<String, String>,
    used: Vec<String>,
    ended: Result<String, String>,
    /// A type and a state for each event of its stack.
    events: Vec<(String, String)>,
    /// What the template keeps when it ends.
    kept: Vec<String>,
}

impl Proved {
    fn is_well(&self) -> bool {
        let failed = |one: &String| one.contains("failed");
        self.launched.is_ok() && self.ended.is_ok() && !self.used.iter().any(failed)
    }

    /// One that isn't launched, and why; its end is still to come.
    fn not_launched(product: &Key, offered: &Offered, why: &str) -> Proved {
        Proved {
            product: product.clone(),
            version: offered.version_name.clone(),
            launched: Err(why.to_owned()),
            used: Vec::new(),
            ended: Err("not yet".to_owned()),
            events: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn tell(&self) -> Result<(), CommandError> {
        print(&format!("  launched: {}\n", said(&self.launched)))?;
        for one in &self.used {
            print(&format!("  {one}\n"))?;
        }
        print(&format!("  ended: {}\n\n", said(&self.ended)))?;
        Ok(())
    }
}

/// How something ended, for people.
fn said(outcome: &Result<String, String>) -> String {
    match outcome {
        Ok(text) => text.clone(),
        Err(why) => format!("failed: {why}"),
    }
}

/// What is to be launched.
struct Wanted {
    offered: Offered,
    bound: Duration,
    values: BTreeMap<String, String>,
}

pub(super) async fn run(
    repository: &mut Repository,
    args: &ProveArgs,
) -> Result<bool, CommandError> {
    let keys = repository.keys(&args.keys)?;
    for key in &keys {
        repository.launchable(key)?;
    }
    let mut values = by_product(&args.set)?;
    let place = Place::open(repository, args).await?;
    let Place {
        session, desired, ..
    } = &place;
    let mut journal = Journal::open(&place.folder, &session.account)?;
    let observed = observe(session, desired, &Hints::default()).await?;
    let mut wanted = BTreeMap::new();
    for product in &desired.products {
        if keys.is_empty() && repository.entry(&product.key).is_none() {
            let line = format!(
                "{}: not launched: its engine isn't known here\n",
                product.key
            );
            print(&line)?;
            continue;
        }
        if keys.is_empty() || keys.contains(&product.key) {
            let offered = offered(session, desired, &observed, &product.key).await?;
            let bound = bound(repository, &product.key, &offered)?;
            let values = values.remove(&product.key.to_string()).unwrap_or_default();
            wanted.insert(
                product.key.clone(),
                Wanted {
                    offered,
                    bound,
                    values,
                },
            );
        }
    }
    if let Some(product) = values.keys().next() {
        return Err(CommandError::input(format!(
            "`--set {product}.…` is for a product that isn't launched"
        )));
    }
    let first = wanted
        .values()
        .next()
        .map(|one| one.offered.product.clone());
    let who = place.launcher(args, first.as_deref()).await?;
    let prove = Prove {
        session,
        who: &who,
        is_aws: place.is_aws,
    };
    if !clean_up(&prove, &mut journal, args).await? {
        return Ok(false);
    }
    if args.clean_up {
        return nothing_else(&prove, wanted.keys()).await;
    }
    let bounds: Vec<(Key, Duration)> = wanted
        .iter()
        .map(|(key, one)| (key.clone(), one.bound))
        .collect();
    budget::check(&bounds, args.hours)?;
    if place.is_aws && !args.yes && !confirm(&bounds, &place)? {
        print("Nothing was launched.\n")?;
        return Ok(true);
    }
    let mut proved = Vec::new();
    let mut is_cut_off = false;
    for (key, one) in wanted {
        let launched = Launched::now(&key);
        print(&format!("{key} {}\n", one.offered.version_name))?;
        prove.refuse_taken(&launched).await?;
        journal.begin(launched.clone())?;
        let work =
            tokio::time::timeout(one.bound, prove.live(&launched, &one.offered, &one.values));
        let mut found = tokio::select! {
            done = work => match done {
                Ok(Ok(found)) => found,
                Ok(Err(error)) => Proved::not_launched(&key, &one.offered, &error.to_string()),
                Err(_) => Proved::not_launched(&key, &one.offered, "it took longer than its bound"),
            },
            _ = tokio::signal::ctrl_c() => {
                is_cut_off = true;
                print("Stopped: what was launched is ended.\n")?;
                Proved::not_launched(&key, &one.offered, "stopped from the keyboard")
            }
        };
        // Whatever became of it, it is ended.
        prove.finish(&launched, &mut found).await;
        match found.ended {
            Ok(_) => journal.end(&launched)?,
            // What can't be ended isn't launched a second time in another form.
            Err(_) => is_cut_off = true,
        }
        found.tell()?;
        proved.push(found);
        if is_cut_off {
            break;
        }
    }
    write(args, &place, &who, &proved)?;
    left(&journal, args)?;
    Ok(!is_cut_off && proved.iter().all(Proved::is_well))
}

/// Ends what an earlier run has left. Answers whether nothing of it is left.
async fn clean_up(
    prove: &Prove<'_>,
    journal: &mut Journal,
    args: &ProveArgs,
) -> Result<bool, CommandError> {
    for one in journal.left() {
        print(&format!(
            "An earlier run left {}, launched at {}: it is ended first.\n",
            one.name,
            time(one.since)
        ))?;
        match prove.end(&one).await? {
            Ok(_) => journal.end(&one)?,
            Err(why) => print(&format!("  failed: {why}\n"))?,
        }
    }
    left(journal, args)?;
    Ok(journal.left().is_empty())
}

/// Looks for what has the names of a run and stands in no journal here: that of a run from another
/// checkout, or from this one before its `target/` was deleted.
async fn nothing_else(
    prove: &Prove<'_>,
    products: impl Iterator<Item = &Key>,
) -> Result<bool, CommandError> {
    let mut is_clean = true;
    for key in products {
        let one = Launched::now(key);
        if prove.is_there(&one).await? {
            is_clean = false;
            print(&format!(
                "{} is there, and the journal of this checkout doesn't know it.\n  hint: where nobody is proving, end it by hand: `{}`\n",
                one.name,
                by_hand(&one.name)
            ))?;
        }
    }
    if is_clean {
        print("Nothing is left of an earlier run.\n")?;
    }
    Ok(is_clean)
}

/// Says what still runs, and how a person ends it.
fn left(journal: &Journal, args: &ProveArgs) -> Result<(), CommandError> {
    let local = if args.local {
        " --local --out FILE"
    } else {
        ""
    };
    for one in journal.left() {
        print(&format!(
            "{} is still there, and costs: it stays in {}.\n  hint: end it by `cargo xtask prove --env {}{local} --clean-up`, or by hand: `{}`\n",
            one.name,
            journal.path().display(),
            args.environment,
            by_hand(&one.name)
        ))?;
    }
    Ok(())
}

/// `KEY.NAME=VALUE`, by product.
fn by_product(set: &[String]) -> Result<BTreeMap<String, BTreeMap<String, String>>, CommandError> {
    let mut values: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in given(set)? {
        let (product, name) = name.split_once('.').ok_or_else(|| {
            CommandError::input(format!("`--set {name}=…` names no product"))
                .hint("write it as `--set KEY.NAME=VALUE`")
        })?;
        let of_product = values.entry(product.to_owned()).or_default();
        of_product.insert(name.to_owned(), value);
    }
    Ok(values)
}

/// For how long one of the version that is offered may stand.
fn bound(repository: &Repository, key: &Key, offered: &Offered) -> Result<Duration, CommandError> {
    let unreadable = |why: String| {
        CommandError::input(format!("{key} {} can't be read", offered.version_name)).because(why)
    };
    let entry = repository
        .entry(key)
        .ok_or_else(|| unreadable("there is no such product".to_owned()))?;
    let version = offered.version_name.parse();
    let version = version.map_err(|_| unreadable("its name is none of the ledger".to_owned()))?;
    let template = entry.history.template(key, version).map_err(unreadable)?;
    budget::bound(&template).map_err(unreadable)
}

fn confirm(bounds: &[(Key, Duration)], place: &Place) -> Result<bool, CommandError> {
    let names: Vec<&str> = bounds.iter().map(|(key, _)| key.as_str()).collect();
    let most: Duration = bounds.iter().map(|(_, bound)| *bound).sum();
    let question = format!(
        "Launch {} in account {}, one after the other, for at most {:.2} hours in all, and end each?",
        names.join(", "),
        place.session.account,
        most.as_secs_f64() / 3600.0
    );
    let nobody =
        CommandError::input("there is nobody to ask whether to launch").hint("insist with `--yes`");
    confirmed(&question, nobody)
}

/// Puts the run on the page.
fn write(
    args: &ProveArgs,
    place: &Place,
    who: &Visitor,
    proved: &[Proved],
) -> Result<(), CommandError> {
    let path = &place.page;
    let failed = |verb: &str, error: std::io::Error| {
        CommandError::input(format!("cannot {verb} {}", path.display())).because(error)
    };
    let former = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed("read", error)),
    };
    let behaviours = Behaviours::known().map_err(|errors| {
        errors.iter().fold(
            CommandError::input("the file of behaviours can't be read"),
            CommandError::because,
        )
    })?;
    let moment = time(now_seconds());
    let run = page::Run {
        environment: args.environment.as_str(),
        account: place.session.account.as_str(),
        is_aws: place.is_aws,
        who: &who.role,
        day: moment.split('T').next().unwrap_or(&moment),
    };
    let text = page::page(&former, &run, proved, &behaviours.facts);
    std::fs::write(path, text).map_err(|error| failed("write", error))?;
    print(&format!("What this shows stands in {}.\n", path.display()))?;
    Ok(())
}
