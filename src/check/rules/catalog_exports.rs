//! `catalog-exports`: every import of a portfolio is of an export that the organisation declares.

use super::super::{Check, Rule, Severity};

/// The rule. [`crate::portfolio::faults`] looks.
pub(super) const RULE: Rule = Rule {
    id: "catalog-exports",
    severity: Severity::Error,
    what: "Every import of a portfolio is of an export that the organisation declares.",
    why: "CloudFormation refuses the stack in every account that lacks the export.",
    fix: "declare the export under `exports` of the organisation file, or correct the name",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html",
    check: Check::Own,
};
