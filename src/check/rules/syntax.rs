//! `syntax`: a template can be read.

use super::super::{Check, Finding, Place, Report, Rule, Severity, Subject};
use crate::cfn::{Path, ReadError, Step, Trail};
use crate::yaml::{self, Content, InputError, Scalar, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "syntax",
    severity: Severity::Error,
    what: "A template is YAML or JSON with the sections and functions that CloudFormation has.",
    why: "CloudFormation refuses it before it looks at anything else, and nothing else can be checked.",
    fix: "correct the line",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    // What is generated quotes what wants quotes: a test holds that.
    if subject.is_of_catalog {
        return;
    }
    let tree = yaml::read(subject.body);
    if let Ok(Content::Mapping(sections)) = tree.map(|tree| tree.content) {
        for (section, value) in &sections {
            doubtful(&Trail::top(&section.text), value, report);
        }
    }
}

/// Values that other readers of YAML take for a number of another base.
fn doubtful(at: &Trail<'_>, tree: &Tree, report: &mut Report) {
    match &tree.content {
        Content::Scalar { text, plain } => {
            if *plain && tree.tag.is_none() && matches!(yaml::resolve(text), Scalar::Ambiguous(_)) {
                let message = format!(
                    "`{text}` without quotes is a number of another base to some; quote it"
                );
                report.of(Severity::Warning, at.path(), message);
            }
        }
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                doubtful(&at.down(Step::Index(index)), item, report);
            }
        }
        Content::Mapping(entries) => {
            for (key, value) in entries {
                doubtful(&at.key(&key.text), value, report);
            }
        }
    }
}

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
