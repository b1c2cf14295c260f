//! What `check` finds in a template before it is imported: suggestions, and what may stay for now.

use super::original::Original;
use compute_catalog::check::{Files, Finding, Severity, check_template};
use compute_catalog::product::Key;
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
pub struct Suggestions(Vec<Finding>);

impl Suggestions {
    /// Of a template on its way to a product: each at its line there.
    pub fn of(original: &Original, key: &Key) -> Suggestions {
        let found = check_template(key, &original.template, &original.text);
        let files = Files {
            template: (&original.shown, &original.text),
            settings: None,
            sources: &[],
        };
        let found = found
            .into_iter()
            .filter(|one| one.severity != Severity::Note);
        Suggestions(
            found
                .map(|one| one.placed(&files, &original.tree))
                .collect(),
        )
    }

    /// By logical id, the rules that find errors in the resource.
    pub fn errors(&self) -> BTreeMap<String, BTreeSet<&'static str>> {
        let mut errors: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
        let found = self.0.iter();
        for finding in found.filter(|one| one.severity == Severity::Error) {
            let mut path = finding.path.split('.');
            if let (Some("Resources"), Some(id)) = (path.next(), path.next()) {
                errors
                    .entry(id.to_owned())
                    .or_default()
                    .insert(finding.rule);
            }
        }
        errors
    }

    /// The list, errors first; `is_suppressed`: the model lets the errors of resources stay for now.
    pub fn told(&self, is_suppressed: bool) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut sorted: Vec<&Finding> = self.0.iter().collect();
        sorted.sort_by_key(|one| one.severity != Severity::Error);
        let lines: String = sorted
            .iter()
            .map(|finding| {
                let line = finding.place.as_ref().map_or(1, |place| place.line);
                format!(
                    "  {line}: {}[{}]: {}\n",
                    finding.severity, finding.rule, finding.message
                )
            })
            .collect();
        let errors = self.0.iter();
        let errors = errors.filter(|one| one.severity == Severity::Error).count();
        let hint = match (errors, is_suppressed) {
            (0, _) => "",
            (_, true) => {
                "  the model suppresses those of resources: fill in why each may stay, or mend it\n"
            }
            (_, false) => {
                "  errors keep it from being published: mend them in the model, or import with `--suppress` and fill in why each may stay\n"
            }
        };
        format!("what `check` finds in the template, by line:\n{lines}{hint}")
    }
}
