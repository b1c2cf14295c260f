//! `catalog-launch`: a product is launched in one way in a portfolio: once, as one role, or by a stack set.

use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, Launch};
use crate::product::Key;
use crate::yaml::Location;
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-launch",
    severity: Severity::Error,
    what: "A product is launched in one way in a portfolio: once, as one role, or by a stack set.",
    why: "Service Catalog takes one launch constraint for a product in a portfolio, and none beside a stack set; without any, people launch with their own permissions.",
    fix: "place the product once, and say how it is launched",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        let mut here = report.in_file(&file.path);
        let mut placed: BTreeMap<&Key, Location> = BTreeMap::new();
        for placement in &file.body.products {
            let product = &placement.product;
            if let Some(first) = placed.insert(&product.value, product.at) {
                here.add(
                    product.at,
                    format!("`{}` stands in the portfolio a second time, after line {}: it would have two launch constraints", product.value, first.line),
                    "place a product once",
                );
            }
            match (&placement.launch, &placement.stack_set) {
                (Some(launch), Some(_)) if launch.value != Launch::AsUser => here.add(
                    launch.at,
                    format!(
                        "`{}` has a launch role and a stack set: Service Catalog takes one of them",
                        product.value
                    ),
                    "remove `launch`, or `stackSet`",
                ),
                (None, None)
                    if known.products.contains_key(&product.value)
                        && catalog.launch_role(product).is_none() =>
                {
                    here.add(
                        product.at,
                        format!("`{}` has no launch role", product.value),
                        "add it under `launchRoles` of the foundation file, or say how it is launched",
                    );
                }
                _ => {}
            }
        }
    }
    let mut here = report.in_file(&catalog.foundation_path);
    let mut before = BTreeSet::new();
    for role in &catalog.foundation.launch_roles {
        let product = &role.product;
        if !before.insert(&product.value) {
            let message = format!("`{}` has a second launch role", product.value);
            here.add(product.at, message, "one role a product");
        }
    }
}
