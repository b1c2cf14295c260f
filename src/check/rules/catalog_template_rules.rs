//! `catalog-template-rules`: a template rule names parameters that every active version has.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-template-rules",
    severity: Severity::Error,
    what: "A template rule names parameters that every active version has.",
    why: "Constraints hold for all versions of a product: a version that lacks the parameter can no longer be launched or updated.",
    fix: "name a parameter of every active version, or retire the versions that lack it",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-template_constraint_rules.html",
    check: Check::Own,
};
