//! `launch-role-needs`: a launch role grants what every version of its product needs, to be made, changed and ended.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "launch-role-needs",
    severity: Severity::Error,
    what: "A launch role grants what every version of its product needs, to be made, changed and ended.",
    why: "A launch, an update or a termination fails half-way, and so does the rollback.",
    fix: "say in the foundation file, or in handlers.yaml, what the role needs",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html",
    check: Check::Own,
};
