//! `catalog-reach`: somebody can reach each portfolio, and launch from it.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-reach",
    severity: Severity::Error,
    what: "Somebody can reach each portfolio, and launch from it.",
    why: "What nobody can launch is kept and paid for all the same.",
    fix: "name a principal that may launch",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html",
    check: Check::Own,
};
