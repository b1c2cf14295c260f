//! The table of updates: from each version that can be running to the newest, in each account.

use super::escape::escape_markdown;
use crate::cfn::Template;
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
    /// What is replaced or removed, by its logical id; what only may be says so.
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
    let ids = |wanted: &[Effect], words: &str| -> Vec<String> {
        let of = update
            .impact
            .resources
            .iter()
            .filter(|one| wanted.contains(&one.effect));
        of.map(|one| format!("{words}{}", one.id)).collect()
    };
    let mut replaced = ids(&[Effect::Fails], "fails: ");
    replaced.extend(ids(&[Effect::Replaced, Effect::Removed], ""));
    replaced.extend(ids(&[Effect::Unknown], "may be: "));
    let mut lost: Vec<String> = Vec::new();
    for resource in &update.impact.resources {
        let words = match resource.effect {
            Effect::Unknown => "may be: ",
            _ => "",
        };
        for data in resource.data.iter().filter(|data| data.is_deleted) {
            let line = format!("{words}{}", data.what);
            if !lost.contains(&line) {
                lost.push(line);
            }
        }
    }
    UpdateRow {
        from: String::new(),
        accounts: Vec::new(),
        sentence: update.sentence(),
        replaced,
        interrupted: ids(&[Effect::Interrupted], ""),
        lost,
    }
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
                false => escape_markdown(&items.join(", ")),
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
