//! Rules: what must hold of a template, a ledger and a catalog beyond what their types say.

mod finding;
mod ledger;
mod limits;
mod schema;
mod suppressed;

pub use finding::Finding;
pub use suppressed::suppressions;

use crate::cfn::Template;
use crate::product::Key;
use crate::release::Ledger;
use std::collections::BTreeMap;

/// Applies every rule for templates, but where a resource suppresses it. `body` is the template as
/// it is written.
pub fn check_template(product: &Key, template: &Template, body: &str) -> Vec<Finding> {
    let mut findings = schema::check(product, template);
    findings.extend(limits::check(product, template, body));
    let mut findings = suppressed::apply(product, template, findings);
    findings.sort();
    findings
}

/// Applies the rules for a ledger and its frozen bodies.
pub fn check_ledger(
    product: &Key,
    ledger: &Ledger,
    bodies: &BTreeMap<String, Vec<u8>>,
) -> Vec<Finding> {
    ledger::check(product, ledger, bodies)
}
