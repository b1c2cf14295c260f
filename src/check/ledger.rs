//! `ledger`: released bodies are what their ledger says.

use super::Finding;
use crate::product::Key;
use crate::release::Ledger;
use std::collections::BTreeMap;

pub(super) fn check(
    product: &Key,
    ledger: &Ledger,
    bodies: &BTreeMap<String, Vec<u8>>,
) -> Vec<Finding> {
    ledger
        .faults(product, bodies)
        .into_iter()
        .map(|fault| Finding {
            product: fault.product,
            path: format!("history/{}", fault.version),
            rule: "ledger",
            message: fault.message,
            hint: fault.hint,
        })
        .collect()
}
