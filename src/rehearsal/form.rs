//! The values of the launch form worth rehearsing: one of each kind that makes a difference to what
//! is called, made or replaced.

use super::account::Account;
use super::behaviours::Behaviours;
use super::stack::Known;
use super::world::World;
use crate::cfn::{
    Evaluation, Evaluator, IndexMap, IndexSet, Map, Node, Parameter, Scenario, Scenarios, Template,
};
use crate::resource::facts;
use std::collections::BTreeSet;

/// Texts that nearly every pattern of a form takes one of, short and long.
const SAMPLES: [&str; 8] = [
    "a-name-of-somebody",
    "1111111",
    "1111111,2222222",
    "rate(7 days)",
    "debian:12.11",
    "NAME=value",
    "\"NAME\":\"value\"",
    "a",
];

/// The scenarios of a template's form, the defaults first, and the parameters for which no value is
/// known that the form takes.
pub(super) fn scenarios<E: Evaluator>(
    template: &Template,
    behaviours: &Behaviours,
    evaluator: &E,
) -> (Vec<Scenario>, Vec<String>) {
    let worth = Scenarios::of(template);
    let all: IndexSet<&str> = template.parameters.keys().map(String::as_str).collect();
    let mut missing = BTreeSet::new();
    let mut kept: Vec<Scenario> = Vec::new();
    let mut seen = BTreeSet::new();
    for mut scenario in worth.over(&all) {
        for (name, parameter) in &template.parameters {
            if scenario.contains_key(name) {
                continue;
            }
            // An open parameter has any value that is none of those compared with.
            let compared: Vec<&str> = worth
                .values(name)
                .iter()
                .filter_map(Option::as_deref)
                .collect();
            match sample(parameter, &compared) {
                Some(text) => {
                    scenario.insert(name.clone(), text);
                }
                None => {
                    missing.insert(name.clone());
                }
            }
        }
        let is_refused = scenario.iter().any(|(name, text)| {
            let parameter = template.parameters.get(name);
            parameter.is_some_and(|parameter| parameter.refusal(text).is_some())
        });
        if !is_refused && seen.insert(shape(template, behaviours, &scenario, evaluator)) {
            kept.push(scenario);
        }
    }
    (kept, missing.into_iter().collect())
}

/// The values of a form that make the most of a template's resources; none where the form has a
/// parameter for which no value is known.
pub fn fullest_values(
    world: &World<'_>,
    account: &Account,
    stack: &str,
    template: &Template,
) -> Option<Scenario> {
    let made = IndexMap::default();
    let known = Known {
        world,
        account,
        pseudo: account.pseudo(stack),
        made: &made,
    };
    let (all, missing) = scenarios(template, world.behaviours, &known);
    let count = |scenario: &Scenario| {
        let evaluation = Evaluation::open(template, scenario, &known);
        let resources = template.resources.values();
        resources
            .filter(|resource| evaluation.creates(resource) != Some(false))
            .count()
    };
    // The first of those that make as many: it is nearest to the defaults.
    let fullest = all.into_iter().rev().max_by_key(count);
    fullest.filter(|_| missing.is_empty())
}

/// A value that the form takes and nothing is compared with.
pub(super) fn sample(parameter: &Parameter, compared: &[&str]) -> Option<String> {
    let bounds = [&parameter.min_value, &parameter.max_value];
    let bounds = bounds.into_iter().flatten().filter_map(Node::scalar_text);
    let samples = SAMPLES.iter().map(|text| (*text).to_owned());
    samples
        .chain(bounds)
        .find(|text| !compared.contains(&text.as_str()) && parameter.refusal(text).is_none())
}

/// What of a template's resources decides about calls, names and replacements.
fn shape<E: Evaluator>(
    template: &Template,
    behaviours: &Behaviours,
    scenario: &Scenario,
    evaluator: &E,
) -> String {
    let evaluation = Evaluation::open(template, scenario, evaluator);
    let mut shape = IndexMap::<&str, Map>::default();
    for (id, resource) in &template.resources {
        if evaluation.creates(resource) == Some(false) {
            continue;
        }
        let mut properties = Map::default();
        for (name, node) in &resource.properties {
            let value = match matters(behaviours, &resource.kind, name) {
                true => evaluation.node(node).value(),
                false => evaluation.node(node).value().map(|_| Node::Bool(true)),
            };
            properties.extend(value.map(|value| (name.clone(), value)));
        }
        shape.insert(id, properties);
    }
    format!("{shape:?}")
}

/// Whether the value of a property makes a difference, beyond its being there.
fn matters(behaviours: &Behaviours, kind: &str, property: &str) -> bool {
    let Some(known) = behaviours.of(kind) else {
        return true;
    };
    let begins = |path: &str| path.split('.').next() == Some(property);
    let names = known
        .name
        .iter()
        .filter_map(|name| name.property.as_deref());
    let roles = known.roles.iter().map(|role| role.property.as_str());
    let rows = known.calls.iter().flat_map(|row| {
        let each = row.each.as_deref().into_iter();
        each.chain(row.with.iter().map(String::as_str))
    });
    let texts = known.calls.iter().flat_map(|row| &row.on);
    let replaces = facts(kind).is_none_or(|facts| {
        let listed = facts
            .create_only
            .iter()
            .chain(facts.conditional_create_only);
        listed
            .into_iter()
            .any(|path| path.first() == Some(&property))
    });
    replaces
        || names.chain(roles).chain(rows).any(begins)
        || texts
            .into_iter()
            .any(|text| text.contains(&format!("Properties.{property}")))
        || known.arn.contains(&format!("Properties.{property}"))
        || known
            .policy
            .as_ref()
            .is_some_and(|policy| policy.property == property)
}
