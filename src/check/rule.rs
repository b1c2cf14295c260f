//! A rule: what must hold, why, how to mend it, and who says so.

use super::finding::ScriptLine;
use super::{CatalogReport, CheckContext, Finding, Place, Severity, Subject};
use crate::cfn::{IndexSet, Path};
use crate::portfolio::CatalogFiles;
use crate::yaml::InputError;

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// A template.
    Template(fn(&Subject<'_>, &mut Report)),
    /// The files that people write: portfolios, foundation, end users and tag options.
    Catalog(fn(&CatalogFiles, &CheckContext<'_>, &mut CatalogReport)),
    /// Something else, which its own function looks at: a ledger, the suppressions.
    Own,
}

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id: stable, in lower case with hyphens. Suppressions name it.
    pub id: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What must hold.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// How to mend it: the hint of each finding.
    pub fix: &'static str,
    /// The page that says so.
    pub source: &'static str,
    /// What looks.
    pub check: Check,
}

/// What a rule found in one template, each once.
#[derive(Clone, Debug, Default)]
pub struct Report(IndexSet<Told>);

/// What is reported: where, what, of which severity where that isn't the rule's, and the line of a
/// script that it is about.
type Told = (Path, String, Option<Severity>, Option<ScriptLine>);

impl Report {
    /// Reports a finding of the rule's severity.
    pub fn at(&mut self, path: Path, message: impl Into<String>) {
        self.0.insert((path, message.into(), None, None));
    }

    /// Reports a finding of another severity than the rule's.
    pub fn of(&mut self, severity: Severity, path: Path, message: impl Into<String>) {
        self.0.insert((path, message.into(), Some(severity), None));
    }

    /// Reports a finding in a line of the script that stands at a path.
    pub fn line(&mut self, path: Path, line: &str, message: impl Into<String>) {
        self.script(None, path, ScriptLine::alone(line), message.into());
    }

    /// The same by the line's number, from 1, where many lines may say the same.
    pub fn numbered(
        &mut self,
        severity: Option<Severity>,
        path: Path,
        (script, line): (&str, usize),
        message: impl Into<String>,
    ) {
        self.script(severity, path, ScriptLine::of(script, line), message.into());
    }

    fn script(
        &mut self,
        severity: Option<Severity>,
        path: Path,
        line: ScriptLine,
        message: String,
    ) {
        // What is said of several lines, or of several forms of one, is said once.
        let is_told = |told: &Told| told.0 == path && told.1 == message;
        if !self.0.iter().any(is_told) {
            self.0.insert((path, message, severity, Some(line)));
        }
    }
}

impl Rule {
    /// Whether it says how a product of the catalog is made, rather than what any template needs.
    pub fn is_for_products(&self) -> bool {
        matches!(self.id, "description" | "launch-form")
    }

    /// What the rule finds in a template.
    pub fn findings(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let Check::Template(check) = self.check else {
            return Vec::new();
        };
        let mut report = Report::default();
        check(subject, &mut report);
        self.told(subject.product, report)
    }

    /// The findings of this rule in what was reported of a product's template.
    pub(super) fn told(&self, product: &str, report: Report) -> Vec<Finding> {
        report
            .0
            .into_iter()
            .map(|(path, message, severity, line)| Finding {
                severity: severity.unwrap_or(self.severity),
                line,
                ..self.finding(product, path, message)
            })
            .collect()
    }

    /// A finding of this rule.
    pub fn finding(&self, product: &str, path: Path, message: String) -> Finding {
        Finding {
            product: product.to_owned(),
            path: path.to_string(),
            rule: self.id,
            severity: self.severity,
            message,
            hint: self.fix.to_owned(),
            place: None,
            segments: path,
            line: None,
            setting: None,
        }
    }

    /// A finding of this rule in a file that people write, outside of any product. `text` is the
    /// file's.
    pub(super) fn in_file(&self, error: &InputError, text: &str) -> Finding {
        Finding {
            product: error.file.clone(),
            path: error.at.to_string(),
            rule: self.id,
            severity: self.severity,
            message: error.message.clone(),
            hint: error.hint.clone().unwrap_or_else(|| self.fix.to_owned()),
            place: Some(Place::new(&error.file, text, error.at)),
            segments: Path::default(),
            line: None,
            setting: None,
        }
    }
}

/// Something wrong with the files.
#[derive(Clone, Debug)]
pub struct CatalogFault {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What and where.
    pub error: InputError,
}

impl CatalogFault {
    /// As a finding. `text` is the file's.
    pub fn finding(&self, text: &str) -> Finding {
        self.rule.in_file(&self.error, text)
    }
}
