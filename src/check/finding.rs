//! A finding: what a rule found, where, and what to do about it.

use super::Severity;
use crate::cfn::Path;
use crate::yaml::{Location, Tree};
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
    /// The line's text, without what it is indented by.
    pub excerpt: String,
    /// The line's text as it stands.
    #[serde(skip)]
    pub text: String,
    /// Where a person edits it, where that is another file: `products/x/settings.yaml:12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<String>,
}

impl Place {
    /// A line of a file of this text.
    pub fn new(file: &str, text: &str, at: Location) -> Place {
        let line = text.lines().nth(at.line.saturating_sub(1));
        let line = line.unwrap_or_default().trim_end();
        Place {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            // A template on one line is no excerpt.
            excerpt: line.trim_start().chars().take(LONGEST).collect(),
            text: line.to_owned(),
            edit: None,
        }
    }
}

/// How many characters of a line stand in a document.
const LONGEST: usize = 200;

/// The files in which a product's findings are placed.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// The generated template: its path and text.
    pub template: (&'a str, &'a str),
    /// The settings from which it is made: their path and text.
    pub settings: Option<(&'a str, &'a str)>,
    /// The files from which it is made otherwise, models first, then what is written on machines:
    /// the path and text of each.
    pub sources: &'a [(String, String)],
}

impl Files<'_> {
    /// Where a person edits a value: its line in the settings, where it stands in one place there;
    /// the file that is written on machines; the line of the model that names the logical id.
    fn edit(&self, value: &str, segments: &[String]) -> Option<String> {
        if let Some((file, text)) = self.settings
            && value.len() > 3
        {
            let mut lines = (1..).zip(text.lines());
            let mut found = lines.by_ref().filter(|(_, line)| line.contains(value));
            if let (Some((line, _)), None) = (found.next(), found.next()) {
                return Some(format!("{file}:{line}"));
            }
        }
        let name = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_owned);
        let written = segments.iter().filter(|one| one.contains(['/', '\\']));
        for written in written {
            let source = self.sources.iter().find(|(path, _)| {
                let same = name(path) == name(written);
                same && !path.ends_with(".rs")
            });
            if let Some((path, _)) = source {
                return Some(format!("{path}:1"));
            }
        }
        let id = format!("\"{}\"", segments.get(1)?);
        self.sources.iter().find_map(|(path, text)| {
            let mut lines = (1..).zip(text.lines());
            let (line, _) = lines.find(|(_, line)| line.contains(&id))?;
            Some(format!("{path}:{line}"))
        })
    }
}

impl Finding {
    /// The finding of a ledger with its line in `versions.yaml`.
    #[must_use]
    pub fn in_ledger(mut self, file: &str, text: &str) -> Finding {
        let version = self.path.trim_start_matches("history/");
        let version = version.trim_end_matches(".yaml").to_owned();
        let mut lines = (1..).zip(text.lines());
        let named = lines.find(|(_, line)| line.trim_end().ends_with(&format!("name: {version}")));
        let (line, column) = named.map_or((1, 1), |(line, text)| {
            (
                line,
                1 + text.len() - text.trim_start_matches([' ', '-']).len(),
            )
        });
        self.place = Some(Place::new(file, text, Location { line, column }));
        self
    }

    /// The finding with its line in the generated template, and with the place where a person
    /// edits it, where that can be told.
    #[must_use]
    pub fn placed(mut self, files: &Files<'_>, tree: &Tree) -> Finding {
        let at = tree.locate(self.segments.segments(), true);
        let (file, text) = files.template;
        let mut place = Place::new(file, text, at);
        let value = place.text.rsplit(": ").next().unwrap_or_default();
        let value = value.trim().trim_start_matches("- ").trim_matches('"');
        place.edit = files.edit(value, self.segments.segments());
        self.place = Some(place);
        self
    }
}

/// In one line, with the next step: where there is a file, whoever shows the finding shows its line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}: {} [{}]\n  hint: {}",
            self.severity, self.product, self.path, self.message, self.rule, self.hint
        )
    }
}
