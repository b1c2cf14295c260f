//! What a new template would change in a stack.

use super::evaluation::{self, StackEvaluator};
use super::resource;
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::state::cloudformation::{Change, Stack, StackOutput, StackResource};
use crate::wire::ApiError;
use compute_catalog::cfn::{Evaluation, IndexMap, Node, Template};
use serde_json::Value;
use std::collections::BTreeSet;

impl Change {
    /// `Changes` of an answer.
    pub(super) fn answer(&self) -> api::Change {
        let is_modify = self.action == "Modify";
        let text = |text: &str| Some(text.to_owned());
        let details = self
            .properties
            .iter()
            .map(|name| {
                let recreates = resource::replaces(&self.kind, name);
                let target = api::ResourceTargetDefinition {
                    attribute: text("Properties"),
                    name: Some(name.clone()),
                    requires_recreation: text(if recreates { "Always" } else { "Never" }),
                    ..Default::default()
                };
                api::ResourceChangeDetail {
                    target: Some(target),
                    evaluation: text("Static"),
                    change_source: text("DirectModification"),
                    causing_entity: None,
                }
            })
            .collect();
        let replacement = if self.replacement { "True" } else { "False" };
        let change = api::ResourceChange {
            action: Some(self.action.clone()),
            logical_resource_id: Some(self.logical.clone()),
            physical_resource_id: self.physical.clone(),
            resource_type: Some(self.kind.clone()),
            replacement: is_modify.then(|| replacement.to_owned()),
            scope: Vec::from_iter(is_modify.then(|| "Properties".to_owned())),
            details,
            ..Default::default()
        };
        api::Change {
            r#type: text("Resource"),
            resource_change: Some(change),
            hook_invocation_count: None,
        }
    }
}

/// The resource changes, and whether outputs change. `values` are those that `Ref` yields.
pub(super) fn between(
    context: &Context<'_>,
    stack: &Stack,
    template: &Template,
    values: &IndexMap<String, String>,
) -> Result<(Vec<Change>, bool), ApiError> {
    let known = StackEvaluator::new(context, &stack.id, &stack.name, &stack.resources);
    let evaluation = evaluation::start(template, values, &known)?;
    let mut changes = Vec::new();
    let mut kept = BTreeSet::new();
    for (logical, declared) in &template.resources {
        if evaluation.creates(declared) == Some(false) {
            continue;
        }
        kept.insert(logical.as_str());
        let change = |action: &str, physical: Option<String>| Change {
            action: action.to_owned(),
            logical: logical.clone(),
            physical,
            kind: declared.kind.clone(),
            replacement: false,
            properties: Vec::new(),
        };
        match stack.resources.get(logical) {
            None => changes.push(change("Add", None)),
            Some(old) => {
                let new = Node::Map(evaluation.properties(declared)).to_json();
                let properties = different(&old.properties, &new);
                if !properties.is_empty() {
                    let recreates = |name: &String| resource::replaces(&old.kind, name);
                    changes.push(Change {
                        replacement: properties.iter().any(recreates),
                        properties,
                        ..change("Modify", Some(old.physical.clone()))
                    });
                }
            }
        }
    }
    for (logical, old) in &stack.resources {
        if !kept.contains(logical.as_str()) {
            changes.push(Change {
                action: "Remove".to_owned(),
                logical: logical.clone(),
                physical: Some(old.physical.clone()),
                kind: old.kind.clone(),
                replacement: false,
                properties: Vec::new(),
            });
        }
    }
    let outputs = outputs(&known, &evaluation, template);
    let same_outputs = outputs.is_ok_and(|outputs| outputs == stack.outputs);
    Ok((changes, !same_outputs))
}

/// Names of the properties that differ.
pub(super) fn different(old: &Value, new: &Value) -> Vec<String> {
    let names: BTreeSet<&String> = [old, new]
        .iter()
        .flat_map(|value| value.as_object().into_iter().flat_map(|map| map.keys()))
        .collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .cloned()
        .collect()
}

/// The outputs of a template whose resources are known. The error says which can't be told.
pub(super) fn outputs<'a>(
    known: &'a StackEvaluator<'a>,
    evaluation: &Evaluation<'_, StackEvaluator<'a>>,
    template: &Template,
) -> Result<Vec<StackOutput>, String> {
    let text = |node: &Node| -> Result<String, String> {
        let node = evaluation.node(node).value().unwrap_or(Node::Null);
        match evaluation::finish(known, node)? {
            Value::String(text) => Ok(text),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err("The Value field of an output must evaluate to a string".to_owned()),
        }
    };
    let mut outputs = Vec::new();
    for (key, output) in &template.outputs {
        if let Some(condition) = &output.condition
            && evaluation.condition(condition) == Some(false)
        {
            continue;
        }
        outputs.push(StackOutput {
            key: key.clone(),
            value: text(&output.value).map_err(|error| format!("output {key}: {error}"))?,
            description: output.description.clone(),
            export: output.export.as_ref().map(text).transpose()?,
        });
    }
    Ok(outputs)
}

/// Logical ids in an order in which each comes after those that it needs.
pub(super) fn order(template: &Template) -> Vec<String> {
    let references = compute_catalog::cfn::references(template);
    let mut done: Vec<String> = Vec::new();
    let mut left: Vec<&String> = template.resources.keys().collect();
    while !left.is_empty() {
        let ready = |logical: &String| {
            references
                .iter()
                .filter(|reference| reference.at.logical_id() == Some(logical))
                .filter_map(|reference| reference.name())
                .all(|name| !left.iter().any(|other| *other == name && name != logical))
        };
        let Some(index) = left.iter().position(|logical| ready(logical)) else {
            // A circle, which reading the template has refused already.
            break;
        };
        done.push(left.remove(index).clone());
    }
    done.extend(left.into_iter().cloned());
    done
}

impl StackResource {
    /// Whether it is there still as the template declared it.
    pub(super) fn is_kind(&self, kind: &str) -> bool {
        self.kind == kind
    }
}
