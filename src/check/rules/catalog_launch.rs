//! `catalog-launch`: a product is launched in one way in a portfolio: once, as one role, or by a stack set.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-launch",
    severity: Severity::Error,
    what: "A product is launched in one way in a portfolio: once, as one role, or by a stack set.",
    why: "Service Catalog takes one launch constraint for a product in a portfolio, and none beside a stack set; without any, people launch with their own permissions.",
    fix: "place the product once, and say how it is launched",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html",
    check: Check::Own,
};
