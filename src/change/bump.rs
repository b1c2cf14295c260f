//! What a release must be called, and what it tells the people whose products are running.

use super::accounts::Accounts;
use super::update::updates_to;
use super::{Body, Break, Changes, Running, Update, told, updates};
use crate::cfn::Template;
use crate::product::{Bump, VersionName};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

/// What a change requires of its release.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The least bump.
    pub bump: Bump,
    /// Why, worst first: the lines of the ledger.
    pub reasons: Vec<String>,
    /// What the update does, in sentences for the people whose products are running, worst first.
    pub sentence: String,
    /// What it does from each version that can be running, oldest first.
    pub updates: Vec<Update>,
    /// What of that isn't done already by an update to the newest version.
    #[serde(skip)]
    pub news: Vec<Update>,
}

impl Verdict {
    /// The verdict over updates to `new` from every version that can be running.
    ///
    /// The step is judged by what is done to products of the newest version, and by what is done
    /// to those of older ones beyond what an update to the newest does to them already. The
    /// sentence tells the whole.
    pub fn of(running: &[Running<'_>], new: &Template, accounts: &Accounts) -> Verdict {
        let updates = updates(running, new, accounts);
        let newest = running.iter().max_by_key(|one| one.name);
        let known = newest.and_then(|newest| updates_to(newest, running, accounts));
        Verdict::judged(updates, &known.unwrap_or_default())
    }

    /// The verdict over updates from every version that can be running, oldest first. `known` are
    /// those to the newest of these versions, where its template is kept.
    pub(super) fn judged(updates: Vec<Update>, known: &[Update]) -> Verdict {
        let Some(newest) = updates.last() else {
            return Verdict {
                bump: Bump::Patch,
                reasons: Vec::new(),
                sentence: "The first version.".to_owned(),
                updates,
                news: Vec::new(),
            };
        };
        let mut reasons = newest.lines();
        let is_addition = newest.changes.as_ref().is_some_and(adds);
        if newest.is_partly_known {
            reasons.push(format!(
                "{} was published before this catalog, and its template isn't kept: what else an update from it changes can't be told",
                newest.from
            ));
        }
        let mut news = Vec::new();
        let mut elsewhere = Vec::new();
        for update in &updates {
            if update.from == newest.from {
                news.push(update.clone());
                continue;
            }
            let known = known.iter().find(|known| known.from == update.from);
            let beyond = known.map_or_else(|| update.clone(), |known| update.beyond(known));
            elsewhere.push((update.from, beyond.lines()));
            news.push(beyond);
        }
        reasons.extend(other_versions(&elsewhere));
        let bump = match (reasons.is_empty(), is_addition) {
            (false, _) => Bump::Major,
            (true, true) => Bump::Minor,
            (true, false) => Bump::Patch,
        };
        Verdict {
            bump,
            reasons,
            sentence: sentences(&updates),
            updates,
            news,
        }
    }

    /// The parameters that no longer take values which running products have, each once; those of the
    /// newest version first.
    pub fn narrowed(&self) -> Vec<&str> {
        let news = self.news.split_last();
        let news = news
            .into_iter()
            .flat_map(|(newest, before)| std::iter::once(newest).chain(before));
        let broken = news.flat_map(|update| &update.broken);
        let narrowed = broken.filter(|broken| broken.kind == Break::Narrowed);
        let names: IndexSet<&str> = narrowed.map(|broken| broken.parameter.as_str()).collect();
        names.into_iter().collect()
    }

    /// The verdict over an update from one template to another, whatever they are called.
    pub fn between(old: &Template, new: &Template, accounts: &Accounts) -> Verdict {
        let running = Running {
            name: VersionName::FIRST,
            body: Body::Template(old),
        };
        Verdict::of(&[running], new, accounts)
    }
}

/// What updates do in sentences: each with the versions from which it holds, worst first.
pub fn sentences(updates: &[Update]) -> String {
    let told = told(updates);
    let lines: Vec<String> = told
        .into_iter()
        .map(|(versions, sentence)| match versions.is_empty() {
            true => sentence,
            false => format!("From {versions}: {sentence}"),
        })
        .collect();
    lines.join(" ")
}

/// What products of other versions meet, each line once with the versions it holds for.
fn other_versions(elsewhere: &[(VersionName, Vec<String>)]) -> Vec<String> {
    let mut lines: IndexMap<&String, Vec<VersionName>> = IndexMap::new();
    for (version, found) in elsewhere {
        for line in found {
            lines.entry(line).or_default().push(*version);
        }
    }
    lines
        .into_iter()
        .map(|(line, versions)| match versions.as_slice() {
            [first, .., last] if versions.len() > 3 => {
                format!(
                    "from {} versions between {first} and {last}: {line}",
                    versions.len()
                )
            }
            _ => {
                let names: Vec<String> = versions.iter().map(ToString::to_string).collect();
                format!("from {}: {line}", names.join(", "))
            }
        })
        .collect()
}

/// Whether people can do something that they couldn't.
fn adds(changes: &Changes) -> bool {
    use super::ChangeKind::Added;
    let parameter = changes.parameters.iter().any(|change| {
        let choices = |parameter: &Option<crate::cfn::Parameter>| {
            parameter
                .as_ref()
                .map(|parameter| (parameter.default.clone(), parameter.allowed_values.clone()))
        };
        change.fate == Added || choices(&change.old) != choices(&change.new)
    });
    let resource = changes
        .resources
        .iter()
        .any(|change| change.fate == Added || change.appears.is_some());
    parameter || resource || changes.outputs.iter().any(|change| change.fate == Added)
}
