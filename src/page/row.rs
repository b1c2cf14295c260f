//! The rows of a product page's longest tables, their cells in Markdown: what a cell says depends on
//! its row in more ways than a template can show at a glance.

use super::escape::{code_span, escape_markdown, escape_words};
use super::{Field, InstanceSize, ProductPage, VersionLine};
use serde::Serialize;

/// The tables.
#[derive(Debug, Serialize)]
pub(super) struct Tables {
    /// The form's groups.
    form: Vec<Table<FieldRow>>,
    /// The sizes of instances, by the field that chooses among them.
    sizes: Vec<Table<SizeRow>>,
    /// The versions.
    versions: Vec<VersionRow>,
}

/// A table and what it is called.
#[derive(Debug, Serialize)]
struct Table<R> {
    label: String,
    rows: Vec<R>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldRow {
    label: String,
    name: String,
    meaning: String,
    standard: String,
    takes: String,
    on_change: String,
}

#[derive(Debug, Serialize)]
struct SizeRow {
    name: String,
    vcpus: String,
    memory: String,
    architectures: String,
}

#[derive(Debug, Serialize)]
struct VersionRow {
    name: String,
    brings: String,
    does: String,
}

impl Tables {
    /// The tables of a page.
    pub fn of(page: &ProductPage) -> Tables {
        let groups = page.form.groups.iter().map(|group| Table {
            label: group.label.clone(),
            rows: group.fields.iter().map(FieldRow::of).collect(),
        });
        let sizes = page.sizes.iter().map(|(label, sizes)| Table {
            label: label.clone(),
            rows: sizes.iter().map(SizeRow::of).collect(),
        });
        Tables {
            form: groups.collect(),
            sizes: sizes.collect(),
            versions: page.versions.iter().map(VersionRow::of).collect(),
        }
    }
}

impl FieldRow {
    fn of(field: &Field) -> FieldRow {
        let mut meaning = escape_markdown(&field.help);
        if field.is_secret {
            meaning.push_str(" The value is hidden wherever the product is shown.");
        }
        let choices = || field.allowed_values.iter().map(|value| code_span(value));
        FieldRow {
            label: escape_markdown(&field.label),
            name: code_span(&field.name),
            meaning,
            standard: match field.default.as_deref() {
                None => "none: fill it in".to_owned(),
                Some("") => "empty".to_owned(),
                Some(value) => code_span(value),
            },
            takes: match (field.is_size, field.allowed_values.is_empty()) {
                (true, _) => "see “Sizes” below".to_owned(),
                (false, false) => choices().collect::<Vec<_>>().join(", "),
                (false, true) => escape_markdown(&field.takes),
            },
            on_change: escape_markdown(&field.on_change),
        }
    }
}

impl SizeRow {
    fn of(size: &InstanceSize) -> SizeRow {
        let unknown = || "–".to_owned();
        let default = match size.is_default {
            true => " (default)",
            false => "",
        };
        SizeRow {
            name: code_span(&size.name) + default,
            vcpus: size.vcpus.map_or_else(unknown, |vcpus| vcpus.to_string()),
            memory: size.memory_gib.clone().unwrap_or_else(unknown),
            architectures: code_span(&size.architectures),
        }
    }
}

impl VersionRow {
    fn of(version: &VersionLine) -> VersionRow {
        let told: Vec<String> = version.impact.iter().map(|one| escape_words(one)).collect();
        let place = escape_markdown(&version.environments);
        VersionRow {
            name: code_span(&version.name),
            brings: escape_words(&version.description),
            does: match (version.is_adopted, place.as_str(), told.is_empty()) {
                (true, "", _) => "Published before this catalog.".to_owned(),
                (true, place, _) => format!("Published before this catalog in {place}."),
                (false, _, true) => "Nothing that a running product notices.".to_owned(),
                (false, _, false) => told.join("<br>"),
            },
        }
    }
}
