//! What happened to a stack and its resources, for people who ask why.

use super::{page, stack};
use crate::api::Time;
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::wire::ApiError;

/// Newest first; while a stack is in progress its last event isn't there yet.
pub(super) fn list(
    context: &mut Context<'_>,
    input: api::DescribeStackEventsInput,
) -> Result<api::DescribeStackEventsOutput, ApiError> {
    let stack = stack::find(context, &input.stack_name)?;
    let hidden = usize::from(context.is_settling(&stack.id));
    let events = stack
        .events
        .iter()
        .enumerate()
        .rev()
        .skip(hidden)
        .map(|(number, event)| api::StackEvent {
            stack_id: stack.id.clone(),
            event_id: format!("{}-{number:06}", event.logical),
            stack_name: stack.name.clone(),
            logical_resource_id: Some(event.logical.clone()),
            physical_resource_id: Some(event.physical.clone()),
            resource_type: Some(event.kind.clone()),
            timestamp: Time(event.when),
            resource_status: Some(event.status.clone()),
            resource_status_reason: event.reason.clone(),
            ..Default::default()
        })
        .collect();
    let (some, next) = page::page(events, input.next_token.as_deref())?;
    Ok(api::DescribeStackEventsOutput {
        stack_events: some,
        next_token: next,
    })
}
