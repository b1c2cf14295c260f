//! `catalog-template-rules`: a template rule names parameters that every active version has.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, Comparison, FormField, Placement, TemplateRule};
use crate::yaml::Located;
use indexmap::IndexMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-template-rules",
    severity: Severity::Error,
    what: "A template rule names parameters that every active version has.",
    why: "Constraints hold for all versions of a product: a version that lacks the parameter can no longer be launched or updated.",
    fix: "name a parameter of every active version, or retire the versions that lack it",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-template_constraint_rules.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        let mut here = report.in_file(&file.path);
        for placement in &file.body.products {
            check_rules(known, placement, &mut here);
        }
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
                    here.unknown(rule.at, &kind, parameter, names);
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
            here.unknown(rule.at, &kind, value, choices);
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
            rule.at,
            format!(
                "the form suggests `{default}` for `{}`, and the rule refuses it",
                rule.assert.parameter
            ),
            "add the default to `isOneOf`, or change the product's default",
        );
    }
}
