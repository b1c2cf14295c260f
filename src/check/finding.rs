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
    /// The line of a script that it is about.
    #[serde(skip)]
    pub(super) line: Option<ScriptLine>,
    /// The text by which settings are found that it is about, where that isn't the value itself.
    #[serde(skip)]
    pub(super) setting: Option<String>,
}

/// A line of a script, and what stands above it there: `fi` stands in many lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ScriptLine {
    text: String,
    above: Vec<String>,
}

impl ScriptLine {
    /// A line whose text says which it is.
    pub fn alone(line: &str) -> ScriptLine {
        ScriptLine {
            text: line.trim().to_owned(),
            above: Vec::new(),
        }
    }

    /// A line of a script, by its number from 1.
    pub fn of(script: &str, number: usize) -> ScriptLine {
        let mut above: Vec<String> = script
            .lines()
            .take(number)
            .map(|line| line.trim().to_owned())
            .collect();
        ScriptLine {
            text: above.pop().unwrap_or_default(),
            above,
        }
    }

    /// The line of a file that it is: of those that may be, the one before which as many stand as above
    /// it in its script.
    fn place<'f>(
        &self,
        lines: impl Iterator<Item = (usize, &'f str)>,
        is_it: impl Fn(&str, &str) -> bool,
    ) -> Option<(usize, &'f str)> {
        let before = self.above.iter().filter(|line| is_it(line, &self.text));
        let mut lines = lines.filter(|(_, line)| is_it(line, &self.text)).peekable();
        let first = lines.peek().copied();
        lines.nth(before.count()).or(first)
    }

    /// How much of what stands above it a file holds.
    fn share(&self, text: &str) -> usize {
        let long = self.above.iter().filter(|line| line.len() > 12);
        long.filter(|line| text.contains(line.as_str())).count()
    }
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
    fn edit(
        &self,
        value: &str,
        segments: &[String],
        script: Option<&ScriptLine>,
    ) -> Option<String> {
        let name = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_owned);
        if let Some(wanted) = script.filter(|line| !line.text.is_empty()) {
            // The file of that name first, then any script, then a text in a model.
            let of_name = |path: &str| segments.iter().any(|one| name(one) == name(path));
            let mut sources: Vec<&(String, String)> = self.sources.iter().collect();
            sources.sort_by_cached_key(|(path, text)| {
                let share = std::cmp::Reverse(wanted.share(text));
                (!of_name(path), share, path.ends_with(".rs"))
            });
            let found = sources.into_iter().find_map(|(path, text)| {
                let (line, _) = wanted.place((1..).zip(text.lines()), is_of_line)?;
                Some(format!("{path}:{line}"))
            });
            if found.is_some() {
                return found;
            }
        }
        if let Some((file, text)) = self.settings
            && let Some(line) = line_of(text, value)
        {
            return Some(format!("{file}:{line}"));
        }
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
        let declares = match segments.first().map(String::as_str) {
            Some("Parameters") => ".parameter(",
            Some("Mappings") => ".mapping(",
            Some("Conditions") => ".condition(",
            Some("Outputs") => ".output(",
            _ => ".resource(",
        };
        let property = segments.get(3).map(|name| format!(".{}(", snake(name)));
        let named = self.sources.iter().find_map(|(path, text)| {
            let lines: Vec<&str> = text.lines().collect();
            // The declaration, which may stand on the line before; a name means other things as well.
            let declared = (0..lines.len()).find(|at| {
                let before = at.checked_sub(1).and_then(|at| lines.get(at));
                let mut near = before.into_iter().chain(lines.get(*at));
                lines.get(*at).is_some_and(|line| line.contains(&id))
                    && near.any(|line| line.contains(declares))
            });
            let at = declared.or_else(|| lines.iter().position(|line| line.contains(&id)))?;
            // A resource is made in the lines around its name: there stands its property, or the value.
            let near = at.saturating_sub(AROUND)..(at + AROUND).min(lines.len());
            let mut near = near.filter_map(|index| Some((index, *lines.get(index)?)));
            let own = near.find(|(_, line)| {
                property.as_ref().is_some_and(|name| line.contains(name))
                    || value.len() > 3 && line.contains(&format!("\"{value}\""))
            });
            Some(format!("{path}:{}", own.map_or(at, |(index, _)| index) + 1))
        });
        // What isn't made by a model is made of that file alone.
        named.or_else(|| {
            let (file, text) = self.settings.filter(|_| self.sources.is_empty())?;
            let line = self.statement(value, segments).or_else(|| {
                let lines: Vec<&str> = text.lines().collect();
                let holds = |line: &&str| value.len() > 3 && line.contains(value);
                Some(lines.iter().rposition(holds)? + 1)
            });
            Some(format!("{file}:{}", line.unwrap_or(1)))
        })
    }

    /// The line of a statement of a policy that gives a value, or the last that begins the statement: a
    /// name that stands twice is wrong where it stands again.
    fn statement(&self, value: &str, segments: &[String]) -> Option<usize> {
        let (_, text) = self.settings?;
        let (_, made) = self.template;
        let tree = crate::yaml::read(made).ok()?;
        let at = segments.iter().position(|one| one == "Statement")?;
        let mut path = segments.get(..at + 2)?.to_vec();
        path.push("Sid".to_owned());
        let line = tree.locate(&path, false).line;
        let sid = made.lines().nth(line.checked_sub(1)?)?;
        let sid = sid.split_once("Sid: ")?.1.trim();
        let begins = |line: &str| {
            line.split_once("sid: ")
                .is_some_and(|(_, own)| own.trim() == sid)
        };
        let lines: Vec<&str> = text.lines().collect();
        let begin = lines.iter().rposition(|line| begins(line))?;
        let own = lines
            .iter()
            .skip(begin + 1)
            .take_while(|line| !line.contains("sid: "));
        let given = own
            .enumerate()
            .find(|(_, line)| value.len() > 3 && line.contains(value));
        Some(begin + 1 + given.map_or(0, |(index, _)| index + 1))
    }
}

/// So many lines above and below its name a resource is made in a model.
const AROUND: usize = 25;

/// The line of settings that gives a value: the only one with just this value, or, of a value that is
/// long enough to say something, the only one that holds it.
fn line_of(text: &str, value: &str) -> Option<usize> {
    if value.is_empty() {
        return None;
    }
    let only = |is_it: &dyn Fn(&str) -> bool| {
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| is_it(line));
        match (lines.next(), lines.next()) {
            (Some((line, _)), None) => Some(line),
            _ => None,
        }
    };
    let gives = |line: &str| {
        let line = line.split(" #").next().unwrap_or(line).trim();
        let given = line.split_once(": ").map(|(_, given)| given);
        let given = given
            .or_else(|| line.strip_prefix("- "))
            .unwrap_or_default();
        given.trim_matches(['"', '\'']) == value
    };
    only(&gives).or_else(|| match value.len() > 3 {
        true => only(&|line| line.contains(value)),
        false => None,
    })
}

/// A property's name as its method has it: `RetentionInDays` is `retention_in_days`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Whether a line of a file is this line of a script, which may have been filled in: `${…}` in it
/// stands for what the file has there.
fn is_of_line(line: &str, wanted: &str) -> bool {
    let line = line.trim().trim_start_matches("r#\"").trim_matches('"');
    if line == wanted || wanted.len() > 12 && line.contains(wanted) {
        return true;
    }
    let fixed: Vec<&str> = wanted
        .split("${")
        .enumerate()
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once('}').map_or(part, |(_, rest)| rest),
        })
        .collect();
    let is_filled = fixed.len() > 1 && fixed.iter().map(|part| part.len()).sum::<usize>() > 12;
    let mut rest = line;
    is_filled
        && fixed.iter().all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
}

impl Finding {
    /// The finding of a ledger with its line in `versions.yaml`.
    #[must_use]
    pub fn in_ledger(mut self, file: &str, text: &str) -> Finding {
        let version = self.path.trim_start_matches("history/");
        let version = version.trim_end_matches(".yaml");
        let version = version.trim_end_matches(".tar.gz").to_owned();
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
        let mut at = tree.locate(self.segments.segments(), true);
        let (file, text) = files.template;
        // A line of a block stands below its key as it is.
        if let Some(wanted) = &self.line {
            let below = (1..).zip(text.lines()).skip(at.line.saturating_sub(1));
            let found = wanted.place(below, |line, wanted| line.trim().contains(wanted));
            if let Some((line, whole)) = found {
                at.line = line;
                at.column = whole.chars().count() - whole.trim().chars().count() + 1;
            }
        }
        let mut place = Place::new(file, text, at);
        let value = place.text.rsplit(": ").next().unwrap_or_default();
        let value = value.trim().trim_start_matches("- ");
        // Of a list, a mapping or a reference, what the finding quotes says more.
        let quoted = || self.message.split('`').nth(1).unwrap_or_default();
        let value = match value.strip_prefix("!Sub ") {
            Some(text) => text.trim_matches('"'),
            None if value.ends_with(':') || value.starts_with('!') => quoted(),
            None => value.trim_matches('"'),
        };
        let setting = self.setting.as_deref().zip(files.settings);
        let setting = setting.and_then(|(wanted, (file, text))| {
            let mut lines = (1..).zip(text.lines());
            let (line, _) = lines.find(|(_, line)| line.contains(wanted))?;
            Some(format!("{file}:{line}"))
        });
        place.edit =
            setting.or_else(|| files.edit(value, self.segments.segments(), self.line.as_ref()));
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
