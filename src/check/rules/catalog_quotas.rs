//! `catalog-quotas`: the catalog keeps to Service Catalog's quotas.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-quotas",
    severity: Severity::Error,
    what: "The catalog keeps to Service Catalog's quotas.",
    why: "The stack fails in the middle of its update.",
    fix: "divide what is too large",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html",
    check: Check::Own,
};
