//! What the search of the preview looks through. It is a script, not a file of data: a browser loads
//! scripts from the disk, and nothing else.

use super::html::Section;
use serde::Serialize;

/// The sections of all pages, in the order in which they were printed.
#[derive(Default)]
pub(super) struct SearchIndex(Vec<Entry>);

#[derive(Serialize)]
struct Entry {
    /// The section's address from the site's root.
    address: String,
    /// The page's title.
    page: String,
    /// The section's heading.
    title: String,
    /// What it says.
    text: String,
}

impl SearchIndex {
    /// Adds the sections of a page.
    pub(super) fn add(&mut self, path: &str, page: &str, sections: &[Section]) {
        self.0.extend(sections.iter().map(|section| {
            Entry {
                address: format!("{path}#{}", section.anchor),
                page: page.to_owned(),
                title: section.title.clone(),
                text: section
                    .text
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
            }
        }));
    }

    /// The index as a script that a page loads.
    pub(super) fn script(&self) -> String {
        let entries: Vec<String> = self
            .0
            .iter()
            .map(|entry| serde_json::json!(entry).to_string())
            .collect();
        format!("globalThis.catalogIndex = [\n{}\n];\n", entries.join(",\n"))
    }
}
