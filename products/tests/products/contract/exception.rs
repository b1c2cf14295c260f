//! Where a template departs from what stacks hold, and why: `contract.yaml`.

use super::departure::Departure;
use crate::catalog;
use compute_catalog::release::{Contract, Exception};

/// The contract of a product.
pub(super) fn contract_of(product: &str) -> Contract {
    let path = format!("products/{product}/contract.yaml");
    let read = Contract::read(&path, &catalog::read(&path));
    read.unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Whether it explains a departure.
pub(super) fn covers(exception: &Exception, departure: &Departure<'_>) -> bool {
    let at = exception.at.as_str();
    let is_there = match at.strip_suffix('*') {
        Some(start) => departure.at.starts_with(start),
        None => departure.at == at,
    };
    is_there
        && !(exception.older && departure.is_newest)
        && exception
            .r#type
            .as_deref()
            .is_none_or(|kind| departure.kind == Some(kind))
}
