//! The table of what launch roles grant, before and now.

use super::{LaunchRole, Unscoped};
use crate::portfolio::foundation::LaunchRoleFile;
use crate::product::Key;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is told of one role.
#[derive(Clone, Debug)]
pub struct TableRow {
    product: Key,
    /// The number of actions before.
    before: Option<u32>,
    now: usize,
    unscoped: Vec<Unscoped>,
    withheld: Vec<Unscoped>,
}

impl TableRow {
    /// What is told of the role that a file asks for.
    pub fn of(file: &LaunchRoleFile, role: &LaunchRole) -> TableRow {
        TableRow {
            product: file.product.value.clone(),
            before: file.legacy_actions,
            now: role.actions.len(),
            unscoped: role.unscoped.clone(),
            withheld: role.withheld.clone(),
        }
    }
}

/// The table, as a Markdown page: the counts, then each action granted on any resource.
pub fn table(rows: &[TableRow]) -> String {
    let mut page = String::from(
        "# What launch roles grant\n\n\
         Compiled from the products' templates. Written by `cargo xtask generate`.\n\n\
         | product | actions before | actions now | of them on any resource |\n\
         |---|---:|---:|---:|\n",
    );
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a String never fails.
        let _ = page.write_fmt(text);
        page.push('\n');
    };
    for row in rows {
        let before = row
            .before
            .map_or_else(|| "–".to_owned(), |count| count.to_string());
        let (now, any) = (row.now, row.unscoped.len());
        line(format_args!(
            "| {} | {before} | {now} | {any} |",
            row.product
        ));
    }
    let mut section = |title: &str, entries: fn(&TableRow) -> &Vec<Unscoped>| {
        line(format_args!("\n## {title}\n"));
        line(format_args!(
            "| action | reason | products |\n|---|---|---|"
        ));
        let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for row in rows {
            for entry in entries(row) {
                reasons
                    .entry((&entry.action, &entry.reason))
                    .or_default()
                    .push(row.product.as_str());
            }
        }
        for ((action, reason), products) in reasons {
            line(format_args!(
                "| {action} | {reason} | {} |",
                products.join(", ")
            ));
        }
    };
    section("On any resource, and why", |row| &row.unscoped);
    if rows.iter().any(|row| !row.withheld.is_empty()) {
        section("Named by AWS's schemas, and not granted", |row| {
            &row.withheld
        });
    }
    page
}
