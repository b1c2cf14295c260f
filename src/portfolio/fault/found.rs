//! Faults as they are found.

use super::{FileFault, FileRule};
use crate::yaml::{InputError, Location, nearest};

/// Faults as they are found.
#[derive(Default)]
pub(super) struct Found(Vec<FileFault>);

/// Faults of one file.
pub(super) struct InFile<'a> {
    path: &'a str,
    found: &'a mut Found,
}

impl Found {
    pub(super) fn in_file<'a>(&'a mut self, path: &'a str) -> InFile<'a> {
        InFile { path, found: self }
    }

    pub(super) fn sorted(self) -> Vec<FileFault> {
        let mut faults = self.0;
        faults.sort_by(|a, b| (&a.error, a.rule).cmp(&(&b.error, b.rule)));
        faults.dedup();
        faults
    }
}

impl InFile<'_> {
    pub(super) fn add(&mut self, rule: FileRule, at: Location, message: String, hint: &str) {
        self.found.0.push(FileFault {
            rule,
            error: InputError {
                file: self.path.to_owned(),
                at,
                message,
                hint: Some(hint.to_owned()),
            },
        });
    }

    /// A name that isn't among the valid ones.
    pub(super) fn unknown<'a>(
        &mut self,
        rule: FileRule,
        at: Location,
        kind: &str,
        name: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) {
        let valid: Vec<&str> = valid.into_iter().collect();
        let hint = match nearest(name, valid.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if valid.is_empty() => "there is none".to_owned(),
            None => format!("one of: {}", valid.join(", ")),
        };
        self.add(rule, at, format!("`{name}` is no {kind}"), &hint);
    }

    /// A number that one of Service Catalog's quotas bounds.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
    pub(super) fn at_most(
        &mut self,
        at: Location,
        count: usize,
        most: usize,
        what: &str,
        hint: &str,
    ) {
        if count > most {
            let message = format!("{count} {what}; Service Catalog takes {most}");
            self.add(FileRule::Quotas, at, message, hint);
        }
    }
}
