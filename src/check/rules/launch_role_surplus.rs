//! `launch-role-surplus`: a launch role grants nothing that no version of its product needs.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "launch-role-surplus",
    severity: Severity::Warning,
    what: "A launch role grants nothing that no version of its product needs.",
    why: "What nobody needs is only of use to an attacker.",
    fix: "delete the line",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    check: Check::Own,
};
