//! Findings and mistakes in files as people read them: what, the line with a caret under what is
//! meant, where to edit it, the next step. The one place that shows them, for both programs.

use crate::built::CatalogError;
use crate::console::{self, OutputError};
use crate::workspace::WorkspaceError;
use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use anstyle::AnsiColor;
use compute_catalog::check::{Finding, Place, Severity};
use compute_catalog::product::ProductError;
use compute_catalog::rehearsal;
use compute_catalog::yaml::{InputError, Location};
use std::error::Error;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

/// Prints findings as a result.
///
/// # Errors
/// Standard output can't be written.
pub fn print(findings: &[Finding]) -> Result<(), OutputError> {
    let width = console::width();
    for finding in findings {
        console::print_text(&format!("{}\n\n", of_finding(finding).shown(width)))?;
    }
    Ok(())
}

/// Says findings beside a result.
pub fn say(findings: &[Finding]) {
    for finding in findings {
        console::say(&of_finding(finding).shown(console::width()));
    }
}

/// A mistake in a file as people read it. `root` is the folder from which files are named.
pub fn of_input(mistake: &InputError, root: &Path) -> String {
    of_mistake(mistake, &text(root, &mistake.file)).shown(console::width())
}

/// What doesn't work in a product's life, as people read it. `root` is the folder from which files are
/// named.
pub fn of_rehearsal(finding: &rehearsal::Finding, root: &Path) -> String {
    let resource = match finding.logical_id.as_str() {
        "" => "the stack".to_owned(),
        id => format!("{id} ({})", finding.resource_type),
    };
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        rule: None,
        title: format!(
            "{}: {resource}: {}: {}",
            finding.product, finding.status, finding.message
        ),
        places: finding
            .places
            .iter()
            .map(|place| of_place(place, root))
            .collect(),
        notes: vec![format!("in: {}", finding.when())],
        hint: Some(finding.hint.as_str()).filter(|hint| !hint.is_empty()),
    };
    diagnostic.shown(console::width())
}

/// A line that a rehearsal names, and what stands there.
fn of_place(place: &rehearsal::Place, root: &Path) -> Marked {
    let text = text(root, &place.file);
    let line = text.lines().nth(place.line.saturating_sub(1));
    let indent = line.map_or(0, |line| line.len() - line.trim_start().len());
    let at = Location {
        line: place.line,
        column: indent + 1,
    };
    let mut found = Place::new(&place.file, &text, at);
    found.edit = place.source.clone();
    Marked {
        place: found,
        label: Some(place.what.clone()),
    }
}

/// One of the things that an error tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A mistake in a file that people write.
    Mistake(InputError),
    /// Something else, in words.
    Other(String),
}

/// What an error tells of, one by one.
pub fn parts(error: &(dyn Error + 'static)) -> Vec<Part> {
    if let Some(error) = error.downcast_ref::<WorkspaceError>() {
        return of_workspace(error);
    }
    match error.downcast_ref::<CatalogError>() {
        Some(CatalogError::Workspace(error)) => of_workspace(error),
        Some(CatalogError::Faults(faults)) => {
            let part = |fault: &ProductError| match fault.as_input() {
                Some(mistake) => Part::Mistake(mistake.clone()),
                None => Part::Other(fault.to_string()),
            };
            faults.iter().map(part).collect()
        }
        _ => vec![Part::Other(error.to_string())],
    }
}

fn of_workspace(error: &WorkspaceError) -> Vec<Part> {
    match error {
        WorkspaceError::Input(errors) => errors.iter().cloned().map(Part::Mistake).collect(),
        other => vec![Part::Other(other.to_string())],
    }
}

/// Says what keeps a command from its work. `root` is the folder from which files are named.
pub fn say_error(parts: &[Part], root: &Path) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            console::say("");
        }
        match part {
            Part::Mistake(mistake) => {
                let shown = of_mistake(mistake, &text(root, &mistake.file));
                console::say(&shown.shown(console::width()));
            }
            Part::Other(message) => console::error(message),
        }
    }
}

/// The text of a file in which a mistake was found. One that can't be read again only leaves its
/// line out.
pub fn text(root: &Path, file: &str) -> String {
    let bytes = std::fs::read(root.join(file)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is wrong, and where.
struct Diagnostic<'a> {
    severity: Severity,
    rule: Option<&'a str>,
    title: String,
    /// Where, the first of them first.
    places: Vec<Marked>,
    /// What else there is to know, a line each.
    notes: Vec<String>,
    hint: Option<&'a str>,
}

/// A place, and what stands there.
struct Marked {
    place: Place,
    label: Option<String>,
}

impl Marked {
    fn plain(place: Place) -> Marked {
        Marked { place, label: None }
    }
}

fn of_finding(finding: &Finding) -> Diagnostic<'_> {
    let is_of_file = |place: &Place| place.file == finding.product;
    let title = match finding.place.as_ref().is_some_and(is_of_file) {
        // The file and its line stand below.
        true => match finding.path.contains(char::is_alphabetic) {
            true => format!("{}: {}", finding.path, finding.message),
            false => finding.message.clone(),
        },
        false => format!("{}: {}: {}", finding.product, finding.path, finding.message),
    };
    Diagnostic {
        severity: finding.severity,
        rule: Some(finding.rule),
        title,
        places: finding
            .place
            .clone()
            .map(Marked::plain)
            .into_iter()
            .collect(),
        notes: Vec::new(),
        hint: Some(&finding.hint),
    }
}

fn of_mistake<'a>(mistake: &'a InputError, text: &str) -> Diagnostic<'a> {
    Diagnostic {
        severity: Severity::Error,
        rule: None,
        title: mistake.message.clone(),
        places: vec![Marked::plain(Place::new(&mistake.file, text, mistake.at))],
        notes: Vec::new(),
        hint: mistake.hint.as_deref(),
    }
}

impl Diagnostic<'_> {
    /// As a terminal of that many columns shows it, in colour.
    fn shown(&self, width: Option<usize>) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut title = level.primary_title(&self.title);
        if let Some(rule) = self.rule {
            title = title.id(rule);
        }
        let mut group = title.elements(Vec::<Origin<'_>>::new());
        for Marked { place, label } in &self.places {
            let origin = || Origin::path(&place.file);
            group = match place {
                place if place.line == 0 => group.element(origin()),
                place if place.text.trim().is_empty() => {
                    group.element(origin().line(place.line).char_column(place.column))
                }
                place => {
                    let mark = AnnotationKind::Primary.span(meant(&place.text, place.column));
                    group.element(
                        Snippet::source(&place.text)
                            .line_start(place.line)
                            .path(&place.file)
                            .annotation(match label {
                                Some(label) => mark.label(label),
                                None => mark,
                            }),
                    )
                }
            };
        }
        let renderer = Renderer::styled()
            .error(AnsiColor::Red.on_default().bold())
            .term_width(width.unwrap_or(DEFAULT_TERM_WIDTH));
        let mut out = renderer.render(&[group]);
        let mut edits: Vec<&String> = Vec::new();
        for edit in self
            .places
            .iter()
            .filter_map(|marked| marked.place.edit.as_ref())
        {
            if !edits.contains(&edit) {
                edits.push(edit);
                let _ = write!(out, "\n  edit: {edit}");
            }
        }
        for note in &self.notes {
            let _ = write!(out, "\n  {note}");
        }
        if let Some(hint) = self.hint {
            let _ = write!(out, "\n  hint: {hint}");
        }
        console::painted(&out)
    }
}

/// What is meant on a line, by the column where it begins: a key, a text in quotes, or the value up
/// to a comment. In bytes.
fn meant(line: &str, column: usize) -> Range<usize> {
    let begin = line
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(line.len(), |(index, _)| index);
    let rest = &line[begin..];
    let first = rest.chars().next();
    let quoted = first
        .filter(|first| matches!(first, '"' | '\''))
        .and_then(|quote| {
            let end = rest[1..].find(quote)?;
            Some(end + 2)
        });
    let key = || {
        let end = rest
            .find(": ")
            .or_else(|| rest.ends_with(':').then(|| rest.len() - 1))?;
        // What a key holds no brackets of is one.
        (!rest[..end].contains(['{', '[', ','])).then_some(end)
    };
    let value = || {
        let end = rest.find(" #").unwrap_or(rest.len());
        let is_continued = line[..begin].trim().is_empty() && rest[..end].trim_end().ends_with(',');
        let is_one_of_several =
            (opened(&line[..begin]) || is_continued) && !rest.starts_with(['[', '{']);
        let ends = rest[..end].find([',', ']', '}']);
        ends.filter(|_| is_one_of_several).unwrap_or(end)
    };
    let length = quoted.or_else(key).unwrap_or_else(value);
    begin..begin + rest[..length].trim_end().len()
}

/// Whether a bracket is open at the end of a text, or a list goes on there that began on a line
/// before.
fn opened(before: &str) -> bool {
    let count = |ones: [char; 2]| before.matches(ones).count();
    count(['[', '{']) > count([']', '}']) || before.trim_end().ends_with(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_a_key_or_a_value_and_never_a_comment() {
        for (line, column, expected) in [
            ("  name: x", 3, "name"),
            ("  name: x", 9, "x"),
            ("  name:", 3, "name"),
            ("  name: \"a: b\" # why", 9, "\"a: b\""),
            ("  types: [a, b] # why", 10, "[a, b]"),
            ("  - t3.micro", 5, "t3.micro"),
            ("  size: { least: 30, most: 50 }", 18, "30"),
            ("    m5.large, m5.xlarge,", 15, "m5.xlarge"),
            ("    m5.large, m5.xlarge,", 5, "m5.large"),
            ("  übung: é", 10, "é"),
            ("", 1, ""),
            ("short", 40, ""),
        ] {
            assert_eq!(&line[meant(line, column)], expected, "{line:?} {column}");
        }
    }
}
