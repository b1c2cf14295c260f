//! `offered-versions`: every version that an account offers can be launched there.
//!
//! What differs between accounts and regions stands in mappings, and a frozen body never changes: a
//! version that was released before an account came has no row for it.

use super::super::{CatalogFault, Check, Finding, Rule, Severity};
use super::references::{each_row_of_place, row_of};
use crate::cfn::{Path, Template, read};
use crate::environment::{Environment, Environments};
use crate::product::Key;
use crate::release::{Ledger, Origin, Version};
use crate::yaml::InputError;
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub(in crate::check) const RULE: Rule = Rule {
    id: "offered-versions",
    severity: Severity::Error,
    what: "Every version that an account offers can be launched there.",
    why: "A frozen body has the accounts and regions of the day on which it was released: in another, each launch fails.",
    fix: "release the product once more, now that the account is known",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html",
    check: Check::Own,
};

/// The versions that the environments offer and that lack them, at the account of each environment.
pub(in crate::check) fn check(
    product: &Key,
    ledger: &Ledger,
    bodies: &BTreeMap<String, Vec<u8>>,
    environments: &Environments,
) -> Vec<CatalogFault> {
    // No template holds the account of the local AWS.
    let real = environments.by_key.iter().filter(|(_, one)| !one.local);
    let real: Vec<(&Key, &Environment)> = real.collect();
    let newest_first: Vec<&Version> = ledger
        .released()
        .filter(|version| ledger.barred(version.name).is_none())
        .collect();
    let mut lacking: BTreeMap<&Key, Vec<String>> = BTreeMap::new();
    for (rank, version) in newest_first.iter().rev().enumerate() {
        let offering: Vec<_> = real
            .iter()
            .filter(|(_, one)| rank < one.retention.offered.max(1))
            .collect();
        let Some(body) = bodies.get(&format!("{}.yaml", version.name)) else {
            continue;
        };
        let Ok(text) = std::str::from_utf8(body) else {
            continue;
        };
        let Ok(template) = read(text) else {
            continue;
        };
        for (key, environment) in offering {
            if lacks(&template, environment) {
                lacking
                    .entry(key)
                    .or_default()
                    .push(version.name.to_string());
            }
        }
    }
    let fault = |(key, versions): (&Key, Vec<String>)| {
        let environment = environments.by_key.get(key)?;
        let (account, region) = (&environment.account, &environment.region);
        Some(CatalogFault {
            rule: &RULE,
            error: InputError {
                file: format!("portfolios/environments/{key}.yaml"),
                at: account.at,
                message: format!(
                    "`{key}` offers {} of `{product}`, which has no row for {} in {}: no launch works there",
                    versions.join(", "),
                    account.value,
                    region.value
                ),
                hint: Some(format!(
                    "`cargo xtask generate`, then `cargo xtask release {product} --bump minor --note TEXT`; or correct the account, or offer fewer versions by `retention`"
                )),
            },
        })
    };
    lacking.into_iter().filter_map(fault).collect()
}

/// Whether a mapping that is looked up by the account or region has no row for it.
fn lacks(template: &Template, environment: &Environment) -> bool {
    let mut is_lacking = false;
    each_row_of_place(template, &mut |_, rows, name| {
        is_lacking |= row_of(name, environment).is_some_and(|row| !rows.contains_key(row));
    });
    is_lacking
}

/// Environments that a ledger names and that there aren't.
pub(in crate::check) fn environments_of(
    product: &Key,
    ledger: &Ledger,
    environments: &Environments,
) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for version in &ledger.versions {
        let Origin::Legacy {
            environments: named,
            ..
        } = &version.origin
        else {
            continue;
        };
        for key in named {
            if !environments.by_key.contains_key(key) && told.insert(key) {
                let known = environments.by_key.keys().map(Key::as_str);
                let hint = match crate::yaml::nearest(key.as_str(), known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a file of portfolios/environments".to_owned(),
                };
                let path = Path::of([format!("history/{}", version.name)]);
                let message = format!("`{key}`, which had this version, is no environment");
                findings.push(Finding {
                    hint,
                    ..super::ledger::RULE.finding(product.as_str(), path, message)
                });
            }
        }
    }
    findings
}
