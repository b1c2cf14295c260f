//! `catalog-tag-options`: tag options don't conflict, with each other or with what templates tag.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-tag-options",
    severity: Severity::Error,
    what: "Tag options don't conflict, with each other or with what templates tag.",
    why: "The launch form comes back empty, or the launch fails.",
    fix: "leave one of them",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html",
    check: Check::Own,
};
