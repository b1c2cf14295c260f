//! The rows of a product page's tables in Markdown: what a cell says depends on its row in more ways
//! than a template can show at a glance.

use super::escape::{code_span, escape_markdown, escape_words, push_words};
use super::form::Choice;
use super::product::OfferingLine;
use super::retention::Retention;
use super::{CommunityLine, Field, InstanceSize, OutputLine, ProductPage, VersionLine};
use crate::product::Installed;
use serde::Serialize;

/// The tables.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tables {
    /// The rows of the portfolios that offer it.
    offerings: String,
    /// The rows of the communities that find it.
    communities: String,
    /// The rows of what a launched product has on it.
    installed: String,
    /// The form's groups.
    form: Vec<Table>,
    /// The sizes of instances, by the field that chooses among them.
    sizes: Vec<Table>,
    /// The heads of the columns of their prices; empty where no price is known.
    price_heads: String,
    /// What separates the heads from the rows.
    price_rules: String,
    /// The rows of the outputs.
    outputs: String,
    /// The rows of what stays and what goes.
    retention: String,
    /// The rows of the versions.
    versions: String,
}

/// A table: what it is called, and its rows.
#[derive(Debug, Serialize)]
struct Table {
    label: String,
    rows: String,
}

impl Tables {
    /// The tables of a page.
    pub fn of(page: &ProductPage) -> Tables {
        let groups = page.form.groups.iter().map(|group| Table {
            label: group.label.clone(),
            rows: rows(&group.fields, field),
        });
        let sizes = page.sizes.iter().map(|(label, sizes)| Table {
            label: label.clone(),
            rows: size_rows(sizes),
        });
        let is_one = page.costs.len() == 1;
        let heads = page.costs.iter().flat_map(|cost| {
            let place = match is_one {
                true => String::new(),
                false => format!(", {}", cost.region),
            };
            [format!(" An hour{place} |"), format!(" A month{place} |")]
        });
        let heads: Vec<String> = heads.collect();
        let updates = page.updates.iter();
        let told_above: Vec<String> = updates
            .map(|update| format!("From {}: {}", update.versions, update.sentence))
            .collect();
        Tables {
            price_rules: "--:|".repeat(heads.len()),
            price_heads: heads.concat(),
            offerings: rows(&page.offerings, offering),
            communities: rows(&page.communities, community),
            installed: rows(&page.installed, installed),
            form: groups.collect(),
            sizes: sizes.collect(),
            outputs: rows(&page.outputs, output),
            retention: rows(&page.retention, retention),
            versions: rows(&page.versions, |one| version(one, &told_above)),
        }
    }
}

/// A row of cells for each item, a line each.
pub(super) fn rows<T, const CELLS: usize>(
    items: &[T],
    cells: impl Fn(&T) -> [String; CELLS],
) -> String {
    let mut rows = String::new();
    for item in items {
        if !rows.is_empty() {
            rows.push('\n');
        }
        for cell in cells(item) {
            rows.extend(["| ", &cell, " "]);
        }
        rows.push('|');
    }
    rows
}

/// Its name, what it is for, who sees it.
fn offering(offering: &OfferingLine) -> [String; 3] {
    let seen_by: Vec<String> = offering
        .communities
        .iter()
        .map(|name| escape_markdown(name))
        .collect();
    [
        escape_markdown(&offering.name),
        escape_markdown(&offering.description),
        match seen_by.is_empty() {
            true => "no community".to_owned(),
            false => seen_by.join("; "),
        },
    ]
}

/// Its name, where it logs in, its connect kit.
fn community(community: &CommunityLine) -> [String; 3] {
    [
        escape_markdown(&community.name),
        format!("<{}>", community.login),
        format!("[Connect kit](../connect/{}/README.md)", community.key),
    ]
}

/// What it is, which one. The model writes code spans into the second.
fn installed(line: &Installed) -> [String; 2] {
    [escape_markdown(&line.what), escape_words(&line.which)]
}

/// What it is called, what it means, its default, what it takes, what another value does.
fn field(field: &Field) -> [String; 5] {
    let mut meaning = escape_markdown(&field.help);
    if field.is_secret {
        meaning.push_str(" The value is hidden wherever the product is shown.");
    }
    let choice = |choice: &Choice| match choice.cost.is_empty() {
        true => code_span(&choice.value),
        false => format!(
            "{} ({})",
            code_span(&choice.value),
            escape_markdown(&choice.cost)
        ),
    };
    let choices = || {
        let all = field
            .choices
            .iter()
            .map(choice)
            .collect::<Vec<_>>()
            .join(", ");
        match field.costs_are_of.is_empty() {
            true => all,
            false => format!("{all}. {}", escape_markdown(&field.costs_are_of)),
        }
    };
    [
        escape_markdown(&field.label) + "<br>" + &code_span(&field.name),
        meaning,
        match field.default.as_deref() {
            None => "none: fill it in".to_owned(),
            Some("") => "empty".to_owned(),
            Some(value) => code_span(value),
        },
        match (field.is_size, field.allowed_values.is_empty()) {
            (true, _) => "see “Sizes” below".to_owned(),
            (false, false) => choices(),
            (false, true) => escape_markdown(&field.takes),
        },
        escape_markdown(&field.on_change),
    ]
}

/// A row for each size, with what it costs in each region.
fn size_rows(sizes: &[InstanceSize]) -> String {
    let row = |one: &InstanceSize| {
        let prices = one
            .prices
            .iter()
            .flat_map(|price| [&price.hour, &price.month]);
        let prices = prices.map(|price| price.as_deref().unwrap_or("–"));
        let prices = prices.map(|price| format!(" {price} |"));
        let row = rows(std::slice::from_ref(one), size);
        row + &prices.collect::<String>()
    };
    sizes.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// Its name, vCPUs, memory, architectures.
fn size(size: &InstanceSize) -> [String; 4] {
    let unknown = || "–".to_owned();
    let default = match size.is_default {
        true => " (default)",
        false => "",
    };
    [
        code_span(&size.name) + default,
        size.vcpus.map_or_else(unknown, |vcpus| vcpus.to_string()),
        size.memory_gib.clone().unwrap_or_else(unknown),
        code_span(&size.architectures),
    ]
}

/// Its name, what it is and when.
fn output(output: &OutputLine) -> [String; 2] {
    let mut what = escape_markdown(&output.description);
    if !output.when.is_empty() {
        what.extend([" (only where ", &escape_markdown(&output.when), ")"]);
    }
    [code_span(&output.name), what]
}

/// What it is and when, what termination does to it, what replacement does.
fn retention(retention: &Retention) -> [String; 3] {
    let (what, id) = (escape_markdown(&retention.what), code_span(&retention.id));
    [
        match retention.when.as_str() {
            "" => format!("{what} ({id})"),
            when => format!("{what} ({id}, only where {})", escape_markdown(when)),
        },
        escape_markdown(&retention.on_terminate),
        escape_markdown(&retention.on_replace),
    ]
}

/// Its name, what it brings, what an update to it does.
/// What stands above the table already isn't told again, where it is all that the version does.
fn version(version: &VersionLine, told_above: &[String]) -> [String; 3] {
    let is_above = |line: &&String| told_above.contains(line);
    let (above, own): (Vec<&String>, Vec<&String>) = version.impact.iter().partition(is_above);
    let is_newest = !told_above.is_empty() && above.len() == told_above.len();
    let lines = match is_newest {
        true => own,
        false => version.impact.iter().collect(),
    };
    let mut told = match is_newest {
        true => "See “Updating it” above.".to_owned(),
        false => String::new(),
    };
    for one in lines {
        if !told.is_empty() {
            told.push_str("<br>");
        }
        push_words(one, &mut told);
    }
    let place = escape_markdown(&version.environments);
    [
        code_span(&version.name),
        escape_words(&version.description),
        match (version.is_adopted, place.as_str()) {
            (true, "") => "Published before this catalog.".to_owned(),
            (true, place) => format!("Published before this catalog in {place}."),
            (false, _) if told.is_empty() => "Nothing that a running product notices.".to_owned(),
            (false, _) => told,
        },
    ]
}
