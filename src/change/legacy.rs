//! What can be said of an update from a version whose template isn't kept: what its facts tell.

use super::compatibility::{Break, Incompatibility, compatibility_of};
use crate::cfn::normal::normal;
use crate::cfn::{
    self, IndexMap, Map, Node, Parameter, ParameterType, Pseudo, Scenarios, Template,
};
use crate::release::{LegacyParameter, LegacyVersion, Loss, NewestLegacyVersion};
use crate::resource::{self, OnChange};
use serde_json::{Value as Json, json};

/// What running products of a published version can't carry over.
pub fn compatibility_with(old: &LegacyVersion, new: &Template) -> Vec<Incompatibility> {
    let one = |parameter: &String, kind| Incompatibility {
        parameter: parameter.clone(),
        kind,
        values: Vec::new(),
    };
    let mut found = Vec::new();
    for (name, asked) in &old.parameters {
        match (new.parameters.get(name), parameter_of(asked)) {
            (None, _) => found.push(one(name, Break::Removed)),
            (Some(new), Some(old)) => found.extend(
                // The facts hold no pattern, so that every pattern would count as another.
                compatibility_of(name, &old, new)
                    .into_iter()
                    .filter(|broken| broken.kind != Break::Pattern),
            ),
            (Some(new), None) => found.push(one(
                name,
                Break::Type {
                    from: asked.r#type.clone(),
                    to: new.kind.to_string(),
                },
            )),
        }
    }
    let is_asked_anew = |(name, parameter): &(&String, &Parameter)| {
        !old.parameters.contains_key(*name) && parameter.default.is_none()
    };
    let required = new.parameters.iter().filter(is_asked_anew);
    found.extend(required.map(|(name, _)| one(name, Break::Required)));
    found
}

fn parameter_of(asked: &LegacyParameter) -> Option<Parameter> {
    let mut parameter = Parameter::new(ParameterType::parse(&asked.r#type)?);
    parameter.default = asked.default.as_deref().map(Node::from);
    parameter.allowed_values = asked
        .allowed_values
        .iter()
        .map(|text| text.as_str().into())
        .collect();
    parameter.min_value = asked.least.map(Node::from);
    parameter.max_value = asked.most.map(Node::from);
    Some(parameter)
}

/// What an update from a published version removes, by its facts.
pub(super) fn removed(old: &LegacyVersion, new: &Template) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, kind) in &old.resources {
        match new.resources.get(id) {
            None => lines.push(format!("{id} ({kind}): removed")),
            Some(resource) if resource.kind != *kind => lines.push(format!(
                "{id}: was {kind}, is {}: the update fails unless a transform makes them one",
                resource.kind
            )),
            Some(_) => {}
        }
    }
    let gone = old
        .outputs
        .iter()
        .filter(|name| !new.outputs.contains_key(*name));
    lines.extend(gone.map(|name| format!("the output {name} is gone")));
    lines
}

/// Values that a property has where a template leaves it out.
const DEFAULTS: [(&str, &str); 1] = [("Path", "/")];

/// Properties written as JSON, functions among them.
fn properties_of(kind: &str, fixed: &IndexMap<String, Json>) -> Option<Map> {
    let template = json!({ "Resources": { "Known": { "Type": kind, "Properties": fixed } } });
    let read = cfn::read(&template.to_string()).ok()?;
    read.resources
        .get("Known")
        .map(|known| known.properties.clone())
}

/// The resources of the newest published version that an update replaces, by the values that its
/// facts keep: the line to tell, and what is lost.
pub(super) fn replaced(old: &NewestLegacyVersion, new: &Template) -> Vec<(String, Loss)> {
    let pseudo = Pseudo {
        account_id: old.account.clone(),
        region: old.region.clone(),
        stack_name: "a-stack".to_owned(),
        ..Pseudo::example()
    };
    let scenarios = Scenarios::of(new);
    let mut lines = Vec::new();
    for (id, fixed) in &old.fixed {
        let Some(resource) = new.resources.get(id) else {
            continue;
        };
        let first = scenarios.over(&scenarios.parameters_of(id));
        let scenario = first.into_iter().next().unwrap_or_default();
        let properties = scenarios.evaluate(&scenario, &pseudo).properties(resource);
        let Some(before) = properties_of(&resource.kind, fixed) else {
            continue;
        };
        let changed: Vec<&str> = before
            .iter()
            .filter(|(name, _)| {
                let facts = resource::facts(&resource.kind);
                facts.is_none_or(|facts| facts.on_change(&[name]) >= OnChange::MayReplace)
            })
            .filter(|(name, value)| match properties.get(*name) {
                Some(now) => normal(now) != normal(value),
                None => !DEFAULTS.contains(&(name.as_str(), value.as_str().unwrap_or_default())),
            })
            .map(|(name, _)| name.as_str())
            .collect();
        if !changed.is_empty() {
            let loss = old.classes.get(id).copied().unwrap_or(Loss::Plain);
            let kept = if loss == Loss::Data {
                ", and what it holds with it"
            } else {
                ""
            };
            lines.push((
                format!("{id}: replaced by {}{kept}", changed.join(", ")),
                loss,
            ));
        }
    }
    lines
}
