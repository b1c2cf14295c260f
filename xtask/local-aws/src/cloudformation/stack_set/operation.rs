//! Operations: what is done to a stack set's instances, one at a time.

use super::lookup::{find, find_mut};
use crate::api::Time;
use crate::api::cloudformation as api;
use crate::context::{Age, Context};
use crate::state::cloudformation::Operation;
use crate::wire::ApiError;

/// Notes an operation that was carried out and returns its id. One at a time.
pub(super) fn operate(
    context: &mut Context<'_>,
    name: &str,
    given: Option<String>,
    action: &str,
    failed: usize,
) -> Result<Option<String>, ApiError> {
    let id = match given {
        Some(id) => id,
        None => context.change().mint("operation-"),
    };
    let now = context.now;
    let operations = &mut find_mut(context, name)?.operations;
    if operations.contains_key(&id) {
        return Err(ApiError::new(
            409,
            "OperationIdAlreadyExistsException",
            format!("the operation {id} exists"),
        ));
    }
    let operation = Operation {
        action: action.to_owned(),
        failed,
        when: now,
    };
    operations.insert(id.clone(), operation);
    context.settle_seen(&id);
    Ok(Some(id))
}

/// Refuses a second operation beside one in progress.
pub(super) fn check_idle(context: &Context<'_>, name: &str) -> Result<(), ApiError> {
    let operations = &find(context, name)?.operations;
    match operations.keys().find(|id| context.is_settling(id)) {
        None => Ok(()),
        Some(id) => Err(ApiError::new(
            409,
            "OperationInProgressException",
            format!("Another Operation on StackSet {name} is in progress: {id}"),
        )),
    }
}

pub(in super::super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeStackSetOperationInput,
) -> Result<api::DescribeStackSetOperationOutput, ApiError> {
    let one = find(context, &input.stack_set_name)?;
    let set_id = one.id.clone();
    let id = input.operation_id;
    let operation = one.operations.get(&id).cloned().ok_or_else(|| {
        ApiError::new(
            404,
            "OperationNotFoundException",
            format!("Operation {id} not found"),
        )
    })?;
    let status = match (context.look(&id), operation.failed) {
        (Age::Settled, 0) => "SUCCEEDED",
        (Age::Settled, _) => "FAILED",
        _ => "RUNNING",
    };
    let details = api::StackSetOperationStatusDetails {
        failed_stack_instances_count: i64::try_from(operation.failed).ok(),
        ..Default::default()
    };
    Ok(api::DescribeStackSetOperationOutput {
        stack_set_operation: Some(api::StackSetOperation {
            operation_id: Some(id),
            stack_set_id: Some(set_id),
            action: Some(operation.action),
            status: Some(status.to_owned()),
            creation_timestamp: Some(Time(operation.when)),
            end_timestamp: (status != "RUNNING").then_some(Time(operation.when)),
            status_details: Some(details),
            ..Default::default()
        }),
    })
}
