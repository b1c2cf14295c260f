//! Stacks of provisioned products: as CloudFormation here remembers them, and as the core's engine
//! works on them.

use super::nested;
use crate::context::Context;
use crate::state::cloudformation::{Event, Stack as Kept, StackOutput};
use crate::state::tag::Tag;
use crate::wire::ApiError;
use compute_catalog::rehearsal::{self, Stack, StackRequest, Status};
use std::collections::BTreeMap;

/// A stack as it was left, for the engine.
///
/// # Errors
/// A template of a stack within it that can't be read any more.
pub(super) fn read(kept: &Kept, request: StackRequest, status: Status) -> Result<Stack, ApiError> {
    let mut stack = Stack::new(request);
    stack.status = status;
    stack.resources = nested::read(&kept.resources)?;
    Ok(stack)
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
///
/// # Errors
/// A template of a stack within it that can't be written.
pub(super) fn write(
    context: &Context<'_>,
    mut kept: Kept,
    outcome: &Outcome<'_>,
) -> Result<Kept, ApiError> {
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
    let is_update = kept.updated.is_some();
    kept.resources = nested::write(context, stack, is_update)?;
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
    Ok(kept)
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
