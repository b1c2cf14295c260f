//! A rule: what must hold, why, how to mend it, and who says so.

use super::{Finding, Place, Severity, Subject};
use crate::cfn::{IndexSet, Path};
use crate::yaml::InputError;

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// A template.
    Template(fn(&Subject<'_>, &mut Report)),
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
pub struct Report(IndexSet<(Path, String)>);

impl Report {
    /// Notes a finding.
    pub fn at(&mut self, path: Path, message: impl Into<String>) {
        self.0.insert((path, message.into()));
    }
}

impl Rule {
    /// What the rule finds in a template.
    pub fn findings(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let Check::Template(check) = self.check else {
            return Vec::new();
        };
        let mut report = Report::default();
        check(subject, &mut report);
        report
            .0
            .into_iter()
            .map(|(path, message)| self.finding(&subject.product.to_string(), path, message))
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
        }
    }

    /// A finding of this rule in a file that people write, outside of any product. `text` is the
    /// file's.
    pub(super) fn in_file(&self, error: &InputError, text: &str) -> Finding {
        let line = text.lines().nth(error.at.line.saturating_sub(1));
        Finding {
            product: error.file.clone(),
            path: error.at.to_string(),
            rule: self.id,
            severity: self.severity,
            message: error.message.clone(),
            hint: error.hint.clone().unwrap_or_else(|| self.fix.to_owned()),
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
}
