//! A finding: what a rule found, where, and what to do about it.

use super::{Rule, Severity};
use crate::cfn::Path;
use crate::yaml::{InputError, Tree};
use serde::Serialize;
use std::fmt;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The product.
    pub product: String,
    /// Where in its template, ledger or files.
    pub path: String,
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// The line to look at, where there is one.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The path, cut.
    #[serde(skip)]
    pub(super) segments: Path,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file, from the root of the repository.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// The line's text.
    pub excerpt: String,
    /// Where a person edits it, where that is another file: `products/x/settings.yaml:12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<String>,
}

/// The files in which a product's findings are placed.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// The generated template: its path and text.
    pub template: (&'a str, &'a str),
    /// The settings from which it is made: their path and text.
    pub settings: Option<(&'a str, &'a str)>,
}

impl Finding {
    /// What is wrong in a file that people write, outside of any product. `text` is the file's.
    pub(super) fn in_file(rule: &Rule, error: &InputError, text: &str) -> Finding {
        let line = text.lines().nth(error.at.line.saturating_sub(1));
        Finding {
            product: error.file.clone(),
            path: error.at.to_string(),
            rule: rule.id,
            severity: rule.severity,
            message: error.message.clone(),
            hint: error.hint.clone().unwrap_or_else(|| rule.fix.to_owned()),
            place: Some(Place {
                file: error.file.clone(),
                line: error.at.line,
                column: error.at.column,
                excerpt: line.unwrap_or_default().trim().to_owned(),
                edit: None,
            }),
            segments: Path::default(),
        }
    }

    /// The finding with its line in the generated template, and in the settings where the value
    /// stands in one place there.
    #[must_use]
    pub fn placed(mut self, files: &Files<'_>, tree: &Tree) -> Finding {
        let at = tree.locate(self.segments.segments(), true);
        let (file, text) = files.template;
        let line = text
            .lines()
            .nth(at.line.saturating_sub(1))
            .unwrap_or_default();
        let value = line.rsplit(": ").next().unwrap_or_default();
        let value = value.trim().trim_start_matches("- ").trim_matches('"');
        let edit = files.settings.and_then(|(file, text)| {
            let mut found = text
                .lines()
                .enumerate()
                .filter(|(_, line)| value.len() > 3 && line.contains(value));
            let first = found.next()?;
            found
                .next()
                .is_none()
                .then(|| format!("{file}:{}", first.0 + 1))
        });
        self.place = Some(Place {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            excerpt: line.trim().to_owned(),
            edit,
        });
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}: {} [{}]",
            self.severity, self.product, self.path, self.message, self.rule
        )?;
        if let Some(place) = &self.place {
            write!(
                f,
                "\n  --> {}:{}:{}\n   | {}",
                place.file, place.line, place.column, place.excerpt
            )?;
            if let Some(edit) = &place.edit {
                write!(f, "\n  edit: {edit}")?;
            }
        }
        write!(f, "\n  hint: {}", self.hint)
    }
}
