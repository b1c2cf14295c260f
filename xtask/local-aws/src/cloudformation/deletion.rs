//! Deleting a stack and what is in it.

use super::{export, here_mut, invalid, resource, stack};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::state::cloudformation::{Event, StackResource};
use crate::wire::ApiError;
use std::collections::BTreeMap;

/// A stack that doesn't exist is deleted already.
pub(super) fn delete_stack(
    context: &mut Context<'_>,
    input: api::DeleteStackInput,
) -> Result<(), ApiError> {
    let Ok(stack) = stack::find(context, &input.stack_name) else {
        return Ok(());
    };
    let (id, is_deleted) = (stack.id.clone(), stack.deleted.is_some());
    if is_deleted {
        return Ok(());
    }
    // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html>
    if stack.is_protected {
        return Err(invalid(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        )));
    }
    for output in &stack.outputs {
        if let Some(export) = &output.export {
            export::check_unused(context, export, &id, "deleted")?;
        }
    }
    delete(context, &id)?;
    Ok(())
}

/// Deletes a stack with what is in it. When something can't be deleted, the
/// stack stays with what is left.
pub(super) fn delete(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    let stack = stack::find(context, id)?.clone();
    let mut leaving: Vec<(String, StackResource)> = stack.resources.into_iter().collect();
    leaving.sort_by_key(|(_, resource)| std::cmp::Reverse(resource.order));
    let mut events = Vec::new();
    let mut left = BTreeMap::new();
    let mut failure = None;
    for (logical, resource) in leaving {
        let one = vec![(logical.clone(), resource.clone())];
        if let Err(reason) = remove(context, one, &mut events) {
            left.insert(logical, resource);
            failure.get_or_insert(reason);
        }
    }
    let now = context.now;
    let change_sets = &mut here_mut(context).change_sets;
    change_sets.retain(|_, change_set| change_set.stack != id);
    let stack = stack::find_mut(context, id)?;
    stack.note("DELETE_IN_PROGRESS", Some("User Initiated".to_owned()), now);
    stack.events.append(&mut events);
    stack.status_in_progress = "DELETE_IN_PROGRESS".to_owned();
    stack.resources = left;
    match failure {
        None => {
            stack.status = "DELETE_COMPLETE".to_owned();
            stack.reason = None;
            stack.deleted = Some(now);
            stack.imports.clear();
        }
        Some(reason) => {
            stack.status = "DELETE_FAILED".to_owned();
            stack.reason = Some(reason);
        }
    }
    let status = stack.status.clone();
    stack.note(&status, None, now);
    context.settle_seen(id);
    Ok(())
}

/// Deletes resources, those first that were made last.
pub(super) fn remove(
    context: &mut Context<'_>,
    mut leaving: Vec<(String, StackResource)>,
    events: &mut Vec<Event>,
) -> Result<(), String> {
    leaving.sort_by_key(|(_, resource)| std::cmp::Reverse(resource.order));
    for (logical, old) in leaving {
        let result = if old.retained {
            Ok("DELETE_SKIPPED")
        } else {
            resource::delete(context, &old.kind, &old.physical, &old.properties)
                .map(|()| "DELETE_COMPLETE")
        };
        let (status, reason) = match result {
            Ok(status) => (status, None),
            Err(refusal) => ("DELETE_FAILED", Some(refusal.message)),
        };
        events.push(Event {
            logical: logical.clone(),
            physical: old.physical,
            kind: old.kind,
            status: status.to_owned(),
            reason: reason.clone(),
            when: context.now,
        });
        if let Some(reason) = reason {
            return Err(format!(
                "The following resource(s) failed to delete: [{logical}]. {reason}"
            ));
        }
    }
    Ok(())
}
