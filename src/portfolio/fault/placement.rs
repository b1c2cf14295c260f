//! Products in a portfolio: how they are launched, and what their launch forms allow.

use super::found::InFile;
use super::{CheckContext, FileRule};
use crate::portfolio::product_facts::FormField;
use crate::portfolio::rule::{Comparison, TemplateRule};
use crate::portfolio::{CatalogFiles, Launch, Placement, Portfolio};
use crate::product::{Key, regions};
use crate::yaml::{Located, Location};
use indexmap::IndexMap;
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
            check_local_role(portfolio, placement, here);
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
    if let Some(set) = &placement.stack_set {
        let unknown = |region: &&String| !regions().any(|known| known == region.as_str());
        for region in set.regions.iter().filter(unknown) {
            here.unknown(FileRule::Names, set.at, "region of AWS", region, regions());
        }
    }
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

/// A role by name is one of whoever launches from a shared portfolio.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>
fn check_local_role(portfolio: &Portfolio, placement: &Placement, here: &mut InFile<'_>) {
    if let Some(launch) = &placement.launch
        && let Launch::LocalRoleName(name) = &launch.value
        && portfolio.shares.is_empty()
    {
        here.add(
            FileRule::Reach,
            launch.at,
            format!("the portfolio is shared with nobody in whose account `{name}` could be"),
            "add `shares`, or take `launch` out: the product has a role of its own",
        );
    }
}

fn check_rules(known: &CheckContext<'_>, placement: &Placement, here: &mut InFile<'_>) {
    let product = &placement.product.value;
    let templates = known.products.get(product).map(|known| &known.parameters);
    for rule in &placement.rules {
        for parameter in rule.parameters() {
            for parameters in templates.into_iter().flatten() {
                if !parameters.contains_key(parameter) {
                    let names = parameters.keys().map(String::as_str);
                    let kind = format!("parameter of every active version of `{product}`");
                    here.unknown(FileRule::TemplateRules, rule.at, &kind, parameter, names);
                }
            }
        }
        let versions = templates.into_iter().flatten();
        check_choices(rule, versions, here);
    }
}

/// A rule names choices that the form offers, and takes the one that it suggests.
fn check_choices<'a>(
    rule: &Located<TemplateRule>,
    versions: impl Iterator<Item = &'a IndexMap<String, FormField>> + Clone,
    here: &mut InFile<'_>,
) {
    for comparison in rule.when.iter().chain([&rule.assert]) {
        let fields = || {
            versions
                .clone()
                .filter_map(|fields| fields.get(&comparison.parameter))
        };
        let offers = |value: &String| {
            fields().any(|field| field.choices.is_empty() || field.choices.contains(value))
        };
        if fields().next().is_none() {
            continue;
        }
        for value in comparison.is_one_of.iter().filter(|value| !offers(value)) {
            let choices = fields().flat_map(|field| field.choices.iter().map(String::as_str));
            let kind = format!("choice of `{}`", comparison.parameter);
            here.unknown(FileRule::TemplateRules, rule.at, &kind, value, choices);
        }
    }
    // The form as it is now.
    let Some(now) = versions.clone().next() else {
        return;
    };
    let suggested = |comparison: &Comparison| {
        let default = now.get(&comparison.parameter)?.default.as_ref()?;
        Some((default, comparison.is_one_of.contains(default)))
    };
    let applies = rule
        .when
        .as_ref()
        .is_none_or(|when| suggested(when).is_some_and(|(_, holds)| holds));
    if let Some((default, false)) = suggested(&rule.assert).filter(|_| applies) {
        here.add(
            FileRule::TemplateRules,
            rule.at,
            format!(
                "the form suggests `{default}` for `{}`, and the rule refuses it",
                rule.assert.parameter
            ),
            "add the default to `isOneOf`, or change the product's default",
        );
    }
}
