//! `boundary`: no role of a product grants what the permissions boundary keeps from it.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "boundary",
    severity: Severity::Error,
    what: "No role of a product grants what the permissions boundary keeps from it.",
    why: "What lies beyond the boundary is refused without a word in the template.",
    fix: "widen the boundary, with the reason, or take the action from the role",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    check: Check::Own,
};
