//! `key-rotation`: encryption keys rotate.

use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "key-rotation",
    severity: Severity::Error,
    what: "Encryption keys rotate.",
    why: "A key that never changes protects ever more data, and its loss ever more of it.",
    fix: "set EnableKeyRotation to true",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::KMS::Key") {
        let spec = view.text(&["KeySpec"]);
        let is_symmetric = spec.is_none_or(|spec| spec == "SYMMETRIC_DEFAULT");
        let is_imported = view.is(&["Origin"], "EXTERNAL");
        if is_symmetric && !is_imported && !view.is(&["EnableKeyRotation"], "true") {
            let path = ["EnableKeyRotation"];
            let severity = subject.of_house_unless(view.get(&path).is_some());
            report.of(severity, view.path(&path), "the key doesn't rotate");
        }
    }
}
