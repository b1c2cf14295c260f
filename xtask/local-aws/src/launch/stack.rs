//! Stacks of provisioned products: as CloudFormation here remembers them, and as the core's engine
//! works on them.

use crate::context::Context;
use crate::state::cloudformation::{Event, Stack as Kept, StackOutput, StackResource};
use crate::state::tag::Tag;
use compute_catalog::cfn::{DeletionPolicy, IndexMap, Node, Template};
use compute_catalog::rehearsal::{self, Made, Stack, StackRequest, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is asked of CloudFormation.
pub(super) fn request(
    name: &str,
    template: Template,
    parameters: &BTreeMap<String, String>,
    tags: &[Tag],
) -> StackRequest {
    StackRequest {
        name: name.to_owned(),
        template: Arc::new(template),
        file: name.to_owned(),
        parameters: parameters
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
        tags: tags
            .iter()
            .map(|tag| (tag.key.clone(), tag.value.clone()))
            .collect(),
    }
}

/// A stack as it was left, for the engine.
pub(super) fn read(kept: &Kept, request: StackRequest, status: Status) -> Stack {
    let mut resources: Vec<(&String, &StackResource)> = kept.resources.iter().collect();
    resources.sort_by_key(|(_, resource)| resource.order);
    let made = |resource: &StackResource| Made {
        kind: resource.kind.clone(),
        id: resource.physical.clone(),
        properties: match Node::from_json(&resource.properties) {
            Node::Map(map) => map,
            _ => IndexMap::default(),
        },
        attributes: resource
            .attributes
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        nested: None,
    };
    let mut stack = Stack::new(request);
    stack.status = status;
    stack.resources = resources
        .into_iter()
        .map(|(logical, resource)| (logical.clone(), made(resource)))
        .collect();
    stack
}

/// How a stack ended.
pub(super) struct Outcome<'a> {
    pub stack: &'a Stack,
    pub events: &'a [rehearsal::Event],
    pub template: &'a str,
    pub parameters: &'a BTreeMap<String, String>,
    pub tags: &'a [Tag],
}

/// The stack with what was done to it.
pub(super) fn write(context: &Context<'_>, mut kept: Kept, outcome: &Outcome<'_>) -> Kept {
    let now = context.now;
    let Outcome { stack, events, .. } = outcome;
    // AWS's model of an event has no such state, though the console shows it.
    let told = events
        .iter()
        .filter(|event| event.status != Status::UpdateCompleteCleanupInProgress);
    kept.events.extend(told.map(|event| Event {
        logical: event.logical_id.clone(),
        physical: event.physical_id.clone().unwrap_or_default(),
        kind: event.kind.clone(),
        status: event.status.name(),
        reason: event.cause.as_ref().map(ToString::to_string),
        when: now,
    }));
    let reason = events.iter().filter(|event| event.status.is_failure());
    let mut reason = reason.filter_map(|event| {
        let cause = event.cause.as_ref()?;
        Some(format!("{} ({}): {cause}", event.logical_id, event.kind))
    });
    let is_well = matches!(
        stack.status,
        Status::CreateComplete | Status::UpdateComplete | Status::DeleteComplete
    );
    // What failed first is what people have to mend; the rest follows from it.
    kept.reason = if is_well { None } else { reason.next() };
    kept.status = stack.status.name();
    kept.status_in_progress = match stack.status {
        Status::CreateComplete | Status::RollbackComplete | Status::RollbackFailed => {
            Status::CreateInProgress
        }
        Status::DeleteComplete | Status::DeleteFailed => Status::DeleteInProgress,
        _ => Status::UpdateInProgress,
    }
    .name();
    let template = &stack.request.template;
    let position = |logical: &str| stack.resources.get_index_of(logical).unwrap_or_default();
    kept.resources = stack
        .resources
        .iter()
        .map(|(logical, made)| {
            let policy = template
                .resources
                .get(logical)
                .and_then(|one| one.deletion_policy);
            let resource = StackResource {
                kind: made.kind.clone(),
                physical: made.id.clone(),
                order: position(logical),
                properties: Node::Map(made.properties.clone()).to_json(),
                attributes: made
                    .attributes
                    .iter()
                    .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                    .collect(),
                retained: matches!(
                    policy,
                    Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate)
                ),
                status: if kept.updated.is_some() {
                    "UPDATE_COMPLETE"
                } else {
                    "CREATE_COMPLETE"
                }
                .to_owned(),
                changed: now,
            };
            (logical.clone(), resource)
        })
        .collect();
    if kept.template.is_empty() {
        // What failed while it was made is deleted by its template as well.
        outcome.template.clone_into(&mut kept.template);
        kept.parameters.clone_from(outcome.parameters);
    }
    if is_well && stack.status != Status::DeleteComplete {
        let before = kept.status != "CREATE_COMPLETE";
        kept.updated = before.then_some(now);
        outcome.template.clone_into(&mut kept.template);
        kept.parameters.clone_from(outcome.parameters);
        kept.tags = outcome.tags.to_vec();
        kept.outputs = outputs(stack);
    }
    if stack.status == Status::DeleteComplete {
        kept.deleted = Some(now);
    }
    kept
}

/// The outputs with their descriptions.
pub(super) fn outputs(stack: &Stack) -> Vec<StackOutput> {
    let declared = &stack.request.template.outputs;
    stack
        .outputs
        .iter()
        .map(|(key, value)| StackOutput {
            key: key.clone(),
            value: value
                .scalar_text()
                .unwrap_or_else(|| value.to_json().to_string()),
            description: declared
                .get(key)
                .and_then(|output| output.description.clone()),
            export: None,
        })
        .collect()
}
