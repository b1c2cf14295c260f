//! The rows of a product page's longest tables in Markdown: what a cell says depends on its row in
//! more ways than a template can show at a glance.

use super::escape::{code_span, escape_markdown, escape_words, push_words};
use super::{Field, InstanceSize, OutputLine, ProductPage, VersionLine};
use serde::Serialize;

/// The tables.
#[derive(Debug, Serialize)]
pub(super) struct Tables {
    /// The form's groups.
    form: Vec<Table>,
    /// The sizes of instances, by the field that chooses among them.
    sizes: Vec<Table>,
    /// The rows of the outputs.
    outputs: String,
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
            rows: rows(sizes, size),
        });
        Tables {
            form: groups.collect(),
            sizes: sizes.collect(),
            outputs: rows(&page.outputs, output),
            versions: rows(&page.versions, version),
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

/// What it is called, what it means, its default, what it takes, what another value does.
fn field(field: &Field) -> [String; 5] {
    let mut meaning = escape_markdown(&field.help);
    if field.is_secret {
        meaning.push_str(" The value is hidden wherever the product is shown.");
    }
    let choices = || field.allowed_values.iter().map(|value| code_span(value));
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
            (false, false) => choices().collect::<Vec<_>>().join(", "),
            (false, true) => escape_markdown(&field.takes),
        },
        escape_markdown(&field.on_change),
    ]
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

/// Its name, what it brings, what an update to it does.
fn version(version: &VersionLine) -> [String; 3] {
    let mut told = String::new();
    for (index, one) in version.impact.iter().enumerate() {
        if index > 0 {
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
