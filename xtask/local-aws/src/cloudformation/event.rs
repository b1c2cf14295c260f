//! What happened to a stack and its resources, for people who ask why.

use super::{page, stack};
use crate::clock;
use crate::context::{Context, Reply};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackEvents {
    stack_name: String,
    next_token: Option<String>,
}

/// Newest first; while a stack is in progress its last event isn't there yet.
pub(super) fn list(context: &mut Context<'_>, input: DescribeStackEvents) -> Reply {
    let stack = stack::find(context, &input.stack_name)?;
    let hidden = usize::from(context.is_settling(&stack.id));
    let events: Vec<Value> = stack
        .events
        .iter()
        .enumerate()
        .rev()
        .skip(hidden)
        .map(|(number, event)| {
            json!({
                "StackId": stack.id,
                "EventId": format!("{}-{number:06}", event.logical),
                "StackName": stack.name,
                "LogicalResourceId": event.logical,
                "PhysicalResourceId": event.physical,
                "ResourceType": event.kind,
                "Timestamp": clock::iso(event.when),
                "ResourceStatus": event.status,
                "ResourceStatusReason": event.reason,
            })
        })
        .collect();
    let (some, next) = page::page(events, input.next_token.as_deref())?;
    Ok(json!({ "StackEvents": some, "NextToken": next }))
}
