//! `catalog-quotas`: the catalog keeps to Service Catalog's quotas.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, MOST_PER_PORTFOLIO, Portfolio, Principal};
use crate::product::Key;
use crate::yaml::Location;
use std::collections::BTreeMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-quotas",
    severity: Severity::Error,
    what: "The catalog keeps to Service Catalog's quotas.",
    why: "The stack fails in the middle of its update.",
    fix: "divide what is too large",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html",
    check: Check::Catalog(check),
};

const PORTFOLIOS_OF_A_REGION: usize = 100;
const PRODUCTS: usize = 150;
const PRINCIPALS: usize = 100;
const PATTERNS: usize = 10;
const SHARES: usize = 5_000;
const ACTIONS_OF_A_REGION: usize = 200;
const ACTIONS_OF_A_VERSION: usize = 25;

/// What to do where a portfolio holds too much.
const DIVIDE: &str = "divide the portfolio";
/// What to do where there are too many service actions.
const FEWER: &str = "offer fewer actions";

fn check(catalog: &CatalogFiles, _: &CheckContext<'_>, report: &mut CatalogReport) {
    for (index, file) in catalog.portfolios.values().enumerate() {
        let mut here = report.in_file(&file.path);
        if index == PORTFOLIOS_OF_A_REGION {
            let count = catalog.portfolios.len();
            let at = file.body.name.at;
            at_most(&mut here, at, count, index, "portfolios", "join portfolios");
        }
        check_portfolio(catalog, &file.body, &mut here);
    }
    if let Some((path, options)) = &catalog.tag_options {
        let mut here = report.in_file(path);
        for list in &options.tag_options {
            at_most(
                &mut here,
                list.key.at,
                list.all_values().count(),
                MOST_PER_PORTFOLIO,
                "values for one resource",
                "drop values: people choose the one for others, and write the code in a tag",
            );
        }
    }
    check_service_actions(catalog, &mut report.in_file(&catalog.foundation_path));
}

fn check_portfolio(catalog: &CatalogFiles, portfolio: &Portfolio, here: &mut InFile<'_>) {
    let patterns = portfolio
        .principals
        .iter()
        .filter(|principal| matches!(principal.value, Principal::Pattern(_)));
    for (count, most, what) in [
        (portfolio.principals.len(), PRINCIPALS, "principals"),
        (patterns.count(), PATTERNS, "patterns of principals"),
        (portfolio.products.len(), PRODUCTS, "products"),
        (portfolio.shares.len(), SHARES, "shares"),
    ] {
        at_most(here, portfolio.name.at, count, most, what, DIVIDE);
    }
    if let Some(first) = portfolio.tag_options.first() {
        let lists = catalog.tag_option_lists();
        let keys = portfolio.tag_options.iter();
        let values = keys.filter_map(|key| {
            let list = lists.iter().find(|list| list.key.value == key.value)?;
            Some(list.all_values().count())
        });
        let what = "tag options for the portfolio";
        at_most(
            here,
            first.at,
            values.sum(),
            MOST_PER_PORTFOLIO,
            what,
            DIVIDE,
        );
    }
}

fn check_service_actions(catalog: &CatalogFiles, here: &mut InFile<'_>) {
    let foundation = &catalog.foundation;
    let count = foundation.service_actions.len();
    let (at, what) = (foundation.stack.at, "service actions");
    at_most(here, at, count, ACTIONS_OF_A_REGION, what, FEWER);
    let mut counts: BTreeMap<&Key, usize> = BTreeMap::new();
    let actions = foundation.service_actions.iter();
    for product in actions.flat_map(|action| &action.products) {
        let count = counts.entry(&product.value).or_default();
        *count += 1;
        let what = "service actions of a version";
        at_most(here, product.at, *count, ACTIONS_OF_A_VERSION, what, FEWER);
    }
}

fn at_most(here: &mut InFile<'_>, at: Location, count: usize, most: usize, what: &str, hint: &str) {
    if count > most {
        let message = format!("{count} {what}; Service Catalog takes {most}");
        here.add(at, message, hint);
    }
}
