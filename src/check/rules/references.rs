//! `references`: every name, reference and function holds together.

use super::super::{Check, Finding, Report, Rule, Severity, Subject};
use crate::cfn::reference::walk;
use crate::cfn::{IndexMap, Intrinsic, Node, Outcome, Path, Target, Template, Trail};
use crate::environment::{Environment, Environments};
use crate::product::Key;
use crate::resource;
use std::collections::BTreeMap;

/// The rule.
pub(in super::super) const RULE: Rule = Rule {
    id: "references",
    severity: Severity::Error,
    what: "Every name, reference and function holds together.",
    why: "CloudFormation refuses the template, or fails in the middle of a launch.",
    fix: "declare what is referred to, or correct the name",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
    check: Check::Template(check),
};

/// Comparisons whose outcome is always the same.
fn constant(at: &Trail<'_>, node: &Node, report: &mut Report) {
    walk(at, node, &mut |at, function| {
        if let Intrinsic::Equals(left, right) = function
            && left.scalar_text().is_some()
            && right.scalar_text().is_some()
        {
            // CloudFormation takes it.
            let message = "two literals are compared: it is always the same";
            report.of(Severity::Warning, at.path(), message);
        }
    });
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    for defect in &subject.defects {
        let at = defect.at.clone();
        match &defect.unless {
            None if defect.outcome == Outcome::Taken => {
                report.of(Severity::Warning, at, defect.message.as_str());
            }
            None => report.at(at, defect.message.as_str()),
            Some(maker) => {
                let message = format!("{}, unless {maker} makes it", defect.message);
                // AWS's own macros make much that no file has.
                let is_usual = !maker.starts_with("the macro") || maker.contains("`AWS::");
                let severity = match is_usual {
                    true => Severity::Note,
                    false => Severity::Warning,
                };
                report.of(severity, at, message);
            }
        }
    }
    for (name, node) in &subject.template.conditions {
        let is_condition = node.as_intrinsic().is_some_and(Intrinsic::is_condition);
        if !is_condition {
            let at = Path::of(["Conditions", name]);
            report.at(
                at,
                "it is no condition: Equals, And, Or, Not or another condition",
            );
        }
    }
    subject
        .template
        .each_value(&mut |at, node| constant(at, node, report));
    let missing = |target| missing_attribute(subject.template, target);
    for reference in subject.references_to(|target| missing(target).is_some()) {
        report.at(reference.at, missing(reference.target).unwrap_or_default());
    }
}

/// Mappings by region or account that lack one in which the product is published.
pub(in super::super) fn in_environments(
    product: &Key,
    template: &Template,
    environments: &Environments,
) -> Vec<Finding> {
    let mut missing: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    each_row_of_place(template, &mut |map, rows, name| {
        for (key, environment) in &environments.by_key {
            let Some(wanted) = row_of(name, environment) else {
                continue;
            };
            if !rows.contains_key(wanted) {
                let place = (map.to_owned(), wanted.to_owned());
                let keys = missing.entry(place).or_default();
                let key = format!("`{key}`");
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
    });
    let finding = |((map, wanted), keys): ((String, String), Vec<String>)| {
        let rows = template.mappings.get(&map);
        let known = rows.and_then(|rows| rows.keys().next().cloned());
        let message = format!(
            "`{wanted}` is missing, where {} publish{} the product",
            keys.join(", "),
            if keys.len() == 1 { "es" } else { "" }
        );
        Finding {
            // The settings that give the rows which are there are those that lack one.
            setting: known,
            hint: "add what it holds there, or correct the region or account of the environment"
                .to_owned(),
            ..RULE.finding(product.as_str(), Path::of(["Mappings", &map]), message)
        }
    };
    missing.into_iter().map(finding).collect()
}

/// Each look-up of a mapping by where a stack is, without a default: the mapping, its rows and the pseudo
/// parameter that names the row.
pub(super) fn each_row_of_place(
    template: &Template,
    visit: &mut impl FnMut(&str, &IndexMap<String, IndexMap<String, Node>>, &str),
) {
    template.each_value(&mut |at, node| {
        walk(at, node, &mut |_, function| {
            let Intrinsic::FindInMap {
                mapping,
                top,
                default: None,
                ..
            } = function
            else {
                return;
            };
            let (Some(map), Some(Intrinsic::Ref(name))) = (mapping.as_str(), top.as_intrinsic())
            else {
                return;
            };
            if let Some(rows) = template.mappings.get(map) {
                visit(map, rows, name);
            }
        });
    });
}

/// The row that a pseudo parameter names in the account of an environment.
pub(super) fn row_of<'e>(pseudo: &str, environment: &'e Environment) -> Option<&'e str> {
    match pseudo {
        "AWS::Region" => Some(environment.region.as_str()),
        // No template holds the account of the local AWS.
        "AWS::AccountId" if !environment.local => Some(environment.account.as_str()),
        _ => None,
    }
}

/// What is wrong with an attribute that its resource doesn't have.
fn missing_attribute(template: &Template, target: Target<'_>) -> Option<String> {
    let Target::Attribute {
        resource,
        attribute,
    } = target
    else {
        return None;
    };
    let kind = &template.resources.get(resource)?.kind;
    let Some(facts) = resource::facts(kind) else {
        let is_there = resource_schemas::may_have_attribute(kind, attribute);
        return (!is_there && !attribute.starts_with("${")).then(|| {
            let known = resource_schemas::attributes(kind).join(", ");
            format!("`{kind}` has no attribute `{attribute}`: {known}")
        });
    };
    // A parameter may name it: `${Parameter}`.
    if facts.attribute(attribute).is_some() || attribute.starts_with("${") {
        return None;
    }
    let names: Vec<&str> = facts.attributes.iter().map(|one| one.name).collect();
    let names = names.join(", ");
    Some(format!("`{kind}` has no attribute `{attribute}`: {names}"))
}
