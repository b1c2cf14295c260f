//! `syntax`: a template can be read.

use super::super::{Check, Finding, Place, Rule, Severity};
use crate::cfn::{Path, ReadError};
use crate::yaml::InputError;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "syntax",
    severity: Severity::Error,
    what: "A template is YAML or JSON with the sections and functions that CloudFormation has.",
    why: "CloudFormation refuses it before it looks at anything else, and nothing else can be checked.",
    fix: "correct the line",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
    check: Check::Own,
};

/// The finding of a file that people write and that can't be read. `text` is the file's.
pub(in crate::check) fn input(error: &InputError, text: &str) -> Finding {
    let mut finding = RULE.in_file(error, text);
    finding.severity = Severity::Error;
    finding
}

/// The finding of something that can't be read, where no line is known.
pub(in crate::check) fn unreadable_input(message: &str) -> Finding {
    RULE.finding("catalog", Path::default(), message.to_owned())
}

/// The findings of a file that can't be read as a template.
pub(in crate::check) fn unreadable(file: &str, text: &str, errors: &[ReadError]) -> Vec<Finding> {
    let finding = |error: &ReadError| Finding {
        place: Some(Place::new(file, text, error.at)),
        ..RULE.finding(file, Path::default(), error.message.clone())
    };
    errors.iter().map(finding).collect()
}
