//! `ledger`: released bodies are what their ledger says.

use super::super::{Check, Finding, Rule, Severity};

/// The rule.
pub(in crate::check) const RULE: Rule = Rule {
    id: "ledger",
    severity: Severity::Error,
    what: "Released bodies are what their ledger says.",
    why: "What people launched must stay what was reviewed, to the byte.",
    fix: "restore the file from git and release a new version",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/managing-versions.html",
    check: Check::Own,
};

/// What is wrong with a ledger and its bodies.
pub(in crate::check) fn check(
    product: &crate::product::Key,
    ledger: &crate::release::Ledger,
    bodies: &std::collections::BTreeMap<String, Vec<u8>>,
    is: crate::product::ProductType,
) -> Vec<Finding> {
    let faults = ledger.faults(product, bodies).into_iter();
    faults
        .chain(ledger.type_fault(product, is))
        .map(|fault| {
            let path = crate::cfn::Path::of([format!("history/{}", fault.version)]);
            Finding {
                hint: fault.hint,
                ..RULE.finding(&fault.product, path, fault.message)
            }
        })
        .collect()
}
