//! The table of updates: from each version that can be running to the newest, in each account.

use super::escape::escape_markdown;
use crate::cfn::{IndexSet, Template};
use crate::change::{Accounts, Effect, Running, Update, from_versions};
use crate::product::{Key, VersionName};
use std::fmt::Write as _;

/// What updates of one product do.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateTable {
    /// The product's key.
    pub key: Key,
    /// Its name.
    pub name: String,
    /// The version that is updated to.
    pub to: VersionName,
    /// The rows, oldest versions first.
    pub rows: Vec<UpdateRow>,
}

/// Versions and accounts in which an update does the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateRow {
    /// The versions, in words.
    pub from: String,
    /// The accounts.
    pub accounts: Vec<String>,
    /// The sentence for people.
    pub sentence: String,
    /// What is replaced or removed, by its logical id, what holds data first: each group with what
    /// becomes of it, and what only may be replaced in one of its own.
    pub replaced: Vec<String>,
    /// What stops or restarts.
    pub interrupted: Vec<String>,
    /// The data that is lost.
    pub lost: Vec<String>,
}

impl UpdateTable {
    /// The table of a product: `updates` are those to its newest version in all accounts, of which
    /// `has` tells whether one can have a version.
    pub fn of(
        (key, name): (&Key, &str),
        running: &[Running<'_>],
        (to, template): (VersionName, &Template),
        updates: &[Update],
        accounts: &Accounts,
        has: &dyn Fn(VersionName, &str) -> bool,
    ) -> UpdateTable {
        let mut rows: Vec<(UpdateRow, Vec<VersionName>)> = Vec::new();
        let all: Vec<VersionName> = updates.iter().map(|update| update.from).collect();
        for account in accounts.iter() {
            let there = updates
                .iter()
                .filter(|update| has(update.from, &account.name));
            for update in there {
                let Some(version) = running.iter().find(|one| one.name == update.from) else {
                    continue;
                };
                let mut row = row(&update.in_account(version, template, (accounts, account)));
                row.accounts.push(account.name.clone());
                merge(&mut rows, row, update.from);
            }
        }
        // The same versions with the same effect in several accounts are one row.
        let mut merged: Vec<(UpdateRow, Vec<VersionName>)> = Vec::new();
        for (row, versions) in rows {
            let same = |(known, others): &&mut (UpdateRow, Vec<VersionName>)| {
                *others == versions && known.is_like(&row)
            };
            match merged.iter_mut().find(same) {
                Some((known, _)) => known.accounts.extend(row.accounts),
                None => merged.push((row, versions)),
            }
        }
        merged.sort_by(|one, other| one.1.cmp(&other.1));
        let rows = merged.into_iter().map(|(row, versions)| {
            let from = match from_versions(&versions, &all) {
                words if words.is_empty() => match versions.as_slice() {
                    [one] => one.to_string(),
                    [first, .., last] => format!("{first} to {last}"),
                    [] => String::new(),
                },
                words => words,
            };
            UpdateRow { from, ..row }
        });
        UpdateTable {
            key: key.clone(),
            name: name.to_owned(),
            to,
            rows: rows.collect(),
        }
    }
}

impl UpdateRow {
    fn is_like(&self, other: &UpdateRow) -> bool {
        self.sentence == other.sentence
            && self.replaced == other.replaced
            && self.interrupted == other.interrupted
            && self.lost == other.lost
    }
}

/// Adds a version to the row of its account that is like its own.
fn merge(rows: &mut Vec<(UpdateRow, Vec<VersionName>)>, row: UpdateRow, version: VersionName) {
    let same = |(known, _): &&mut (UpdateRow, Vec<VersionName>)| {
        known.accounts == row.accounts && known.is_like(&row)
    };
    match rows.iter_mut().find(same) {
        Some((_, versions)) => versions.push(version),
        None => rows.push((row, vec![version])),
    }
}

fn row(update: &Update) -> UpdateRow {
    let resources = &update.impact.resources;
    let ids = |wanted: &[Effect]| -> Vec<&str> {
        let mut of: Vec<_> = resources
            .iter()
            .filter(|one| wanted.contains(&one.effect))
            .collect();
        of.sort_by_key(|one| one.data.is_empty());
        of.into_iter().map(|one| one.id.as_str()).collect()
    };
    let lost = |is_certain: bool| -> Vec<&str> {
        let of = resources
            .iter()
            .filter(|one| (one.effect != Effect::Unknown) == is_certain);
        let data = of.flat_map(|one| &one.data).filter(|data| data.is_deleted);
        data.map(|data| data.what.as_str()).collect()
    };
    UpdateRow {
        from: String::new(),
        accounts: Vec::new(),
        sentence: update.sentence(),
        replaced: groups([
            ("fails: ", ids(&[Effect::Fails])),
            ("", ids(&[Effect::Replaced, Effect::Removed])),
            (MAY_BE, ids(&[Effect::Unknown])),
        ]),
        interrupted: groups([("", ids(&[Effect::Interrupted]))]),
        lost: groups([("", lost(true)), (MAY_BE, lost(false))]),
    }
}

/// How a group of what isn't certain begins.
const MAY_BE: &str = "may be: ";

/// Each group that has anything as one text, each of its members once.
fn groups<const N: usize>(groups: [(&str, Vec<&str>); N]) -> Vec<String> {
    let told = groups.into_iter().filter(|(_, all)| !all.is_empty());
    let text = |(words, all): (&str, Vec<&str>)| {
        let each: IndexSet<&str> = all.into_iter().collect();
        let each: Vec<&str> = each.into_iter().collect();
        format!("{words}{}", each.join(", "))
    };
    told.map(text).collect()
}

/// The page with the tables of all products.
pub fn update_page(tables: &[UpdateTable], command: &str) -> String {
    let mut out = format!(
        "<!-- Generated by `{command}`. Do not edit. -->\n# What an update to the newest version does\n\nFrom each version that can be running, in each account. Of versions from before this catalog no template is kept: what their stacks hold is told as far as it is known, and the rest as what may be.\n"
    );
    for table in tables {
        let _ = write!(
            out,
            "\n## {} (`{}`), to {}\n\n| From | Account | An update | Replaced or removed | Interrupted | Lost |\n|---|---|---|---|---|---|\n",
            escape_markdown(&table.name),
            table.key,
            table.to
        );
        for row in &table.rows {
            let list = |items: &[String]| match items.is_empty() {
                true => "nothing".to_owned(),
                false => escape_markdown(&items.join("; ")),
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                row.from,
                row.accounts.join(", "),
                escape_markdown(&row.sentence),
                list(&row.replaced),
                list(&row.interrupted),
                list(&row.lost)
            );
        }
    }
    out
}
