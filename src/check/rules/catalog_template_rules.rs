//! `catalog-template-rules`: a template rule names parameters that every active version has.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, Comparison, FormField, Placement, TemplateRule};
use crate::yaml::Located;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

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
    for (index, rule) in placement.rules.iter().enumerate() {
        let mut before = placement.rules.iter().take(index);
        if let Some(other) = before.find(|other| other.name == rule.name) {
            let message = format!(
                "the rule `{}` stands at line {} too",
                rule.name, other.at.line
            );
            // The rules are one mapping: the later would take the place of the earlier.
            here.add(rule.at, message, "give each rule a name of its own");
        }
    }
    check_together(placement, here);
}

/// So many forms are tried at most; beyond, nothing is said.
const MOST_FORMS: usize = 20_000;

/// Some choice of the form meets all the rules of a product.
fn check_together(placement: &Placement, here: &mut InFile<'_>) {
    let rules = &placement.rules;
    let mut values: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for comparison in rules
        .iter()
        .flat_map(|rule| rule.when.iter().chain([&rule.assert]))
    {
        // Another value than those that rules name is like any other such value.
        let known = values
            .entry(&comparison.parameter)
            .or_insert_with(|| [None].into());
        known.extend(
            comparison
                .is_one_of
                .iter()
                .map(|value| Some(value.as_str())),
        );
    }
    let forms = values
        .values()
        .try_fold(1_usize, |all, one| all.checked_mul(one.len()));
    if rules.len() < 2 || forms.is_none_or(|forms| forms > MOST_FORMS) {
        return;
    }
    let mut forms: Vec<BTreeMap<&str, Option<&str>>> = vec![BTreeMap::new()];
    for (parameter, known) in &values {
        let mut more = Vec::new();
        for form in &forms {
            for value in known {
                let mut form = form.clone();
                form.insert(parameter, *value);
                more.push(form);
            }
        }
        forms = more;
    }
    let holds = |form: &BTreeMap<&str, Option<&str>>, comparison: &Comparison| {
        let chosen = form.get(comparison.parameter.as_str()).copied().flatten();
        chosen.is_some_and(|chosen| comparison.is_one_of.iter().any(|one| one == chosen))
    };
    let meets = |form: &BTreeMap<&str, Option<&str>>, rule: &TemplateRule| {
        rule.when.as_ref().is_some_and(|when| !holds(form, when)) || holds(form, &rule.assert)
    };
    for (index, rule) in rules.iter().enumerate() {
        forms.retain(|form| meets(form, rule));
        if forms.is_empty() && index > 0 {
            here.add(
                rule.at,
                format!(
                    "no choice of the form meets `{}` and the rules before it: nobody can launch `{}`",
                    rule.name, placement.product.value
                ),
                "let the rules have a choice in common",
            );
            return;
        }
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
