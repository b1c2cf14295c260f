//! Products in a portfolio: how they are launched, and what their launch forms allow.

use super::found::InFile;
use super::{CheckContext, FileRule};
use crate::portfolio::{CatalogFiles, Launch, Placement, Portfolio};
use crate::product::Key;
use crate::yaml::Location;
use std::collections::BTreeMap;

pub(super) fn check(
    catalog: &CatalogFiles,
    known: &CheckContext<'_>,
    portfolio: &Portfolio,
    here: &mut InFile<'_>,
) {
    let mut placed: BTreeMap<&Key, Location> = BTreeMap::new();
    for placement in &portfolio.products {
        let product = &placement.product;
        if let Some(first) = placed.insert(&product.value, product.at) {
            here.add(
                FileRule::OneLaunch,
                product.at,
                format!("`{}` stands in the portfolio a second time, after line {}: it would have two launch constraints", product.value, first.line),
                "place a product once",
            );
        }
        if known.products.contains_key(&product.value) {
            check_launch(catalog, known, placement, here);
            check_rules(known, placement, here);
        } else {
            let products = known.products.keys().map(Key::as_str);
            let key = product.as_str();
            here.unknown(FileRule::Names, product.at, "product", key, products);
        }
    }
}

fn check_launch(
    catalog: &CatalogFiles,
    known: &CheckContext<'_>,
    placement: &Placement,
    here: &mut InFile<'_>,
) {
    let product = &placement.product;
    match (&placement.launch, &placement.stack_set) {
        (Some(launch), Some(_)) if launch.value != Launch::AsUser => here.add(
            FileRule::OneLaunch,
            launch.at,
            format!(
                "`{}` has a launch role and a stack set: Service Catalog takes one of them",
                product.value
            ),
            "remove `launch`, or `stackSet`",
        ),
        (Some(launch), _) => {
            if let Launch::Import(name) = &launch.value
                && !known.exports.contains(&name.as_str())
            {
                let exports = known.exports.iter().copied();
                here.unknown(
                    FileRule::Exports,
                    launch.at,
                    "declared export",
                    name,
                    exports,
                );
            }
        }
        (None, None) if catalog.launch_role(product).is_none() => here.add(
            FileRule::OneLaunch,
            product.at,
            format!("`{}` has no launch role", product.value),
            "add it under `launchRoles` of the foundation file, or say how it is launched",
        ),
        (None, _) => {}
    }
}

fn check_rules(known: &CheckContext<'_>, placement: &Placement, here: &mut InFile<'_>) {
    let product = &placement.product.value;
    let templates = known.products.get(product).map(|known| &known.parameters);
    for rule in &placement.rules {
        for parameter in rule.parameters() {
            for parameters in templates.into_iter().flatten() {
                if !parameters.iter().any(|name| name == parameter) {
                    let names = parameters.iter().map(String::as_str);
                    let kind = format!("parameter of every active version of `{product}`");
                    here.unknown(FileRule::TemplateRules, rule.at, &kind, parameter, names);
                }
            }
        }
    }
}
