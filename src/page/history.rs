//! The versions of a product, as those who run it read them.

use super::LaunchForm;
use crate::product::VersionName;
use crate::release::{Ledger, Origin};
use indexmap::IndexSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionLine {
    /// Its name.
    pub name: String,
    /// Why it was made.
    pub description: String,
    /// What an update to it does to running products, in sentences.
    pub impact: Vec<String>,
    /// Whether it was published before this catalog.
    pub is_adopted: bool,
    /// Where an legacy version is published.
    pub environments: String,
}

/// The versions, newest first. What an update does to each resource is for reviewers, who read it in
/// comparisons; here it stands in sentences.
pub(super) fn history(
    ledger: &Ledger,
    narrowed: &BTreeMap<VersionName, Vec<String>>,
    form: &LaunchForm,
) -> Vec<VersionLine> {
    let mut versions: Vec<_> = ledger.versions.iter().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.name));
    versions
        .into_iter()
        .map(|version| {
            let mut description = version.description.clone();
            let (impact, is_adopted, environments) = match &version.origin {
                Origin::Released { note, .. } => {
                    let (brings, mut told) = parted(&version.description, note);
                    description = brings;
                    let narrowed = narrowed.get(&version.name).map_or(&[][..], Vec::as_slice);
                    told.extend(asked_anew(narrowed, form));
                    if let Some(reason) = ledger.barred(version.name) {
                        told = vec![format!("Nobody can launch it or update to it: {reason}")];
                    }
                    (told, false, Vec::new())
                }
                Origin::Legacy { environments, .. } => (Vec::new(), true, environments.clone()),
            };
            let environments: Vec<&str> = environments.iter().map(|key| key.as_str()).collect();
            VersionLine {
                name: version.name.to_string(),
                description,
                impact,
                is_adopted,
                environments: environments.join(", "),
            }
        })
        .collect()
}

/// A description as its two parts: why the version was made, and what an update to it does, a
/// sentence for each group of versions. One that doesn't begin with the note stays whole.
fn parted(description: &str, note: &str) -> (String, Vec<String>) {
    let note = note.trim();
    let Some(rest) = description.strip_prefix(note) else {
        return (description.to_owned(), Vec::new());
    };
    let end = rest.find(|c: char| !c.is_ascii_punctuation());
    let (end, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let rest = rest.trim();
    let mut sentences: Vec<String> = Vec::new();
    for part in rest.split_inclusive(". ").filter(|part| !part.is_empty()) {
        match sentences.last_mut() {
            // What follows speaks of the same versions.
            Some(last) if !part.starts_with("From ") => last.push_str(part),
            _ => sentences.push(part.to_owned()),
        }
    }
    let sentences = sentences.iter().map(|one| one.trim().to_owned());
    (format!("{note}{end}"), sentences.collect())
}

/// Parameters of which values are no longer offered, by their labels: whoever has such a value chooses
/// another. Which values those are, the form shows.
fn asked_anew(narrowed: &[String], form: &LaunchForm) -> Option<String> {
    let label = |name: &String| {
        let label = form.field(name).map_or(name, |field| &field.label);
        format!("“{label}”")
    };
    let labels: IndexSet<String> = narrowed.iter().map(label).collect();
    let labels = Vec::from_iter(labels).join(" and ");
    (!labels.is_empty())
        .then(|| format!("Choose anew for {labels}, where what you have is no longer offered."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_parted_where_its_note_ends() {
        let text = "Why. From v1.0.0: Restarts it. Finish your work first. From v2.0.0: Nothing.";
        let (brings, sentences) = parted(text, "Why");
        assert_eq!(brings, "Why.");
        assert_eq!(
            sentences,
            [
                "From v1.0.0: Restarts it. Finish your work first.",
                "From v2.0.0: Nothing."
            ]
        );
        let other = parted("Another text", "Why");
        assert_eq!(other, ("Another text".to_owned(), Vec::new()));
    }
}
