//! Each running product, and what an update does to it: the decision alone. Reading accounts is
//! the publisher's.

use super::accounts::{Account, Accounts};
use super::{Effect, Running, Update};
use crate::cfn::{Scenario, Template};
use crate::product::{Key, VersionName};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A product that somebody runs, as an account tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningProduct {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who launched it, as the account names them.
    pub owner: String,
    /// The version that it runs; none: it is one that nobody here knows.
    pub version: Option<VersionName>,
    /// The version as the account calls it.
    pub version_name: String,
    /// The values of its parameters, or why they can't be read.
    pub values: Result<Scenario, String>,
}

/// What an update does to a running product.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who launched it.
    pub owner: String,
    /// The version that it runs.
    pub version: String,
    /// The values that were chosen for it.
    pub values: Scenario,
    /// Whether it runs the version already that it would be updated to.
    pub is_current: bool,
    /// The worst that an update does to it; none: that isn't known.
    pub effect: Option<Effect>,
    /// What it does, in a sentence.
    pub sentence: String,
    /// What is lost, each with what becomes of it.
    pub lost: Vec<String>,
    /// What was chosen for it and can't be kept.
    pub asked: Vec<String>,
    /// What happens, one line each, worst first.
    pub lines: Vec<String>,
}

/// The running products of one product of the catalog, worst first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fleet {
    /// The product's key.
    pub product: Key,
    /// What people call it.
    pub name: String,
    /// The version that they are updated to.
    pub to: VersionName,
    /// Each running product.
    pub members: Vec<Member>,
}

impl Fleet {
    /// What an update of each to a version does. `versions` are those whose template or facts are
    /// known, `accounts` those in which products run, the one of these products among them or not.
    pub fn of(
        product: (&Key, &str),
        products: &[RunningProduct],
        versions: &[Running<'_>],
        to: (VersionName, &Template),
        (accounts, account): (&Accounts, &Account),
    ) -> Fleet {
        let accounts = accounts.alone(account);
        let mut known: BTreeMap<VersionName, Update> = BTreeMap::new();
        let mut members: Vec<Member> = Vec::new();
        for one in products {
            let running = versions
                .iter()
                .find(|version| Some(version.name) == one.version);
            let told = match (running, &one.values) {
                (_, Err(why)) => Err(format!("its parameters can't be read: {why}")),
                (None, _) => Err(format!(
                    "nothing is known of its version {}",
                    one.version_name
                )),
                (Some(running), Ok(_)) if running.name == to.0 => Ok(None),
                (Some(running), Ok(values)) => {
                    let whole = known
                        .entry(running.name)
                        .or_insert_with(|| Update::of(running, to.1, &accounts));
                    Ok(Some(whole.at(running, to.1, values, (&accounts, account))))
                }
            };
            members.push(member(one, told));
        }
        Fleet::worst_first(product, to.0, members)
    }

    /// Products of which nobody here knows what an update does, and why; but for those that run the version
    /// already.
    pub fn unknown(
        product: (&Key, &str),
        products: &[RunningProduct],
        to: VersionName,
        why: &str,
    ) -> Fleet {
        let told = |one: &RunningProduct| match one.version == Some(to) {
            true => Ok(None),
            false => Err(why.to_owned()),
        };
        let members = products.iter().map(|one| member(one, told(one)));
        Fleet::worst_first(product, to, members.collect())
    }

    fn worst_first(product: (&Key, &str), to: VersionName, mut members: Vec<Member>) -> Fleet {
        members.sort_by(|one, other| {
            rank(other)
                .cmp(&rank(one))
                .then_with(|| one.name.cmp(&other.name))
        });
        Fleet {
            product: product.0.clone(),
            name: product.1.to_owned(),
            to,
            members,
        }
    }

    /// The sum: `12 of EC2: Notebook: 7 would lose data, 5 restart`.
    pub fn sum(&self) -> String {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for member in &self.members {
            let group = group(member);
            match counts.iter_mut().find(|(name, _)| *name == group) {
                Some((_, count)) => *count += 1,
                None => counts.push((group, 1)),
            }
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        match parts.is_empty() {
            true => format!("{}: nobody runs it", self.name),
            false => format!(
                "{}, {} running: {}",
                self.name,
                self.members.len(),
                parts.join(", ")
            ),
        }
    }

    /// Whether what an update does to one of them isn't known.
    pub fn is_partly_unread(&self) -> bool {
        self.members.iter().any(|member| member.effect.is_none())
    }

    /// For a terminal: grouped, worst first.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.sum());
        let mut last = None;
        for member in &self.members {
            if last != Some(group(member)) {
                last = Some(group(member));
                let _ = writeln!(out, "\n  {}", group(member));
            }
            let _ = writeln!(
                out,
                "    {} ({}), {}, of {}",
                member.name, member.id, member.version, member.owner
            );
            let _ = writeln!(out, "      {}", member.sentence);
            for line in &member.lines {
                let _ = writeln!(out, "      {line}");
            }
            let values: Vec<String> = member
                .values
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            if !values.is_empty() {
                let _ = writeln!(out, "      with {}", values.join(", "));
            }
        }
        out
    }

    /// As a table in Markdown.
    pub fn markdown(&self) -> String {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let mut out = format!(
            "## {}\n\n| product | version | owner | an update to {} | lost |\n|---|---|---|---|---|\n",
            cell(&self.sum()),
            self.to
        );
        for member in &self.members {
            let _ = writeln!(
                out,
                "| {} `{}` | {} | {} | {} | {} |",
                cell(&member.name),
                member.id,
                member.version,
                cell(&member.owner),
                cell(&member.sentence),
                cell(&member.lost.join("; "))
            );
        }
        out
    }
}

/// One message for each owner, worst first, ready to send. `by` says until when they should have
/// saved what they need.
pub fn messages(fleets: &[Fleet], by: Option<&str>) -> Vec<(String, String)> {
    let mut owners: BTreeMap<&str, Vec<(&Fleet, &Member)>> = BTreeMap::new();
    for fleet in fleets {
        for member in &fleet.members {
            if !member.is_current {
                owners
                    .entry(&member.owner)
                    .or_default()
                    .push((fleet, member));
            }
        }
    }
    let mut messages: Vec<_> = owners.into_iter().collect();
    let worst =
        |members: &[(&Fleet, &Member)]| members.iter().map(|(_, member)| rank(member)).max();
    messages.sort_by(|one, other| worst(&other.1).cmp(&worst(&one.1)).then(one.0.cmp(other.0)));
    messages
        .into_iter()
        .map(|(owner, members)| {
            let mut out = format!("To: {owner}\n\nA newer version of what you run is ready.\n");
            for (fleet, member) in members {
                let _ = writeln!(
                    out,
                    "\n{} ({}), which runs {}: an update to {}\n  {}",
                    member.name, fleet.name, member.version, fleet.to, member.sentence
                );
                for lost in &member.lost {
                    let _ = writeln!(out, "  Lost: {lost}.");
                }
                if !member.lost.is_empty() {
                    let when =
                        by.map_or_else(|| "before you update".to_owned(), |by| format!("by {by}"));
                    let _ = writeln!(out, "  Copy what you need to another place {when}.");
                }
            }
            out.push_str(
                "\nYou choose when: in the catalog, under Provisioned products, Actions, Update.\n",
            );
            (owner.to_owned(), out)
        })
        .collect()
}

fn member(one: &RunningProduct, told: Result<Option<Update>, String>) -> Member {
    let empty = Scenario::default();
    let mut member = Member {
        id: one.id.clone(),
        name: one.name.clone(),
        owner: one.owner.clone(),
        version: one.version_name.clone(),
        values: one.values.as_ref().unwrap_or(&empty).clone(),
        is_current: false,
        effect: None,
        sentence: String::new(),
        lost: Vec::new(),
        asked: Vec::new(),
        lines: Vec::new(),
    };
    match told {
        Err(why) => member.sentence = format!("What an update does isn't known: {why}."),
        Ok(None) => {
            member.is_current = true;
            member.effect = Some(Effect::NoEffect);
            member.sentence = "It runs this version.".to_owned();
        }
        Ok(Some(update)) => {
            member.effect = Some(update.impact.worst());
            member.sentence = update.sentence();
            member.lines = update.lines();
            let data = update.impact.resources.iter().flat_map(|one| &one.data);
            for data in data.filter(|data| data.is_deleted) {
                let line = format!("{}: {}", data.what, data.message);
                if !member.lost.contains(&line) {
                    member.lost.push(line);
                }
            }
            member.asked = update.broken.iter().map(ToString::to_string).collect();
        }
    }
    member
}

/// What is lost is the worst, then what isn't known; of those that nothing befalls, those that are
/// asked for something come before those that have nothing to do.
fn rank(member: &Member) -> (bool, bool, Option<Effect>, bool, bool) {
    (
        !member.lost.is_empty(),
        member.effect.is_none(),
        member.effect.filter(|effect| effect.is_disruptive()),
        !member.asked.is_empty(),
        !member.is_current,
    )
}

fn group(member: &Member) -> &'static str {
    let is_certain = !matches!(member.effect, Some(Effect::Unknown));
    match (member.lost.is_empty(), member.effect) {
        (_, None) => "not known",
        (false, _) if is_certain => "would lose data",
        (false, _) => "may lose data",
        (true, Some(Effect::Fails)) => "can't be updated",
        (true, Some(Effect::Replaced | Effect::Removed)) => "would be replaced in parts",
        (true, Some(Effect::Unknown)) => "may be replaced in parts",
        (true, Some(Effect::Interrupted)) => "are interrupted",
        (true, Some(_)) if member.is_current => "run it already",
        (true, Some(_)) if !member.asked.is_empty() => "must be given other values",
        (true, Some(_)) => "go on",
    }
}
