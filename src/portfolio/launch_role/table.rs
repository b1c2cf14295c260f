//! The table of what launch roles grant, before and now.

use super::LaunchRole;
use crate::product::Key;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One role.
#[derive(Clone, Debug)]
pub struct TableRow<'a> {
    /// The product.
    pub product: &'a Key,
    /// The number of actions before.
    pub before: Option<u32>,
    /// The role now.
    pub role: &'a LaunchRole,
}

/// The table, as a Markdown page: the counts, then each action granted on any resource.
pub fn table(rows: &[TableRow<'_>]) -> String {
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
        let (now, any) = (row.role.actions.len(), row.role.unscoped.len());
        line(format_args!(
            "| {} | {before} | {now} | {any} |",
            row.product
        ));
    }
    line(format_args!("\n## On any resource, and why\n"));
    line(format_args!(
        "| action | reason | products |\n|---|---|---|"
    ));
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        for entry in &row.role.unscoped {
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
    page
}
