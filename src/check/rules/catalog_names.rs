//! `catalog-names`: every name in the catalog's files is that of something that exists.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-names",
    severity: Severity::Error,
    what: "Every name in the catalog's files is that of something that exists.",
    why: "A typing error would leave somebody without a product, and nobody would be told.",
    fix: "correct the name",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios.html",
    check: Check::Own,
};
