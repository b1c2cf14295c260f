//! `catalog-abilities`: what an end-user role may do has a policy.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-abilities",
    severity: Severity::Error,
    what: "What an end-user role may do has a policy.",
    why: "The role would be made without it, and people would be refused.",
    fix: "add the ability under `policies`",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/permissions-end-users.html",
    check: Check::Own,
};
