//! Operations: what is done to a stack set's instances, one at a time.

use super::input::CallAs;
use super::lookup::{find, find_mut};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::cloudformation::Operation;
use crate::wire::ApiError;
use serde::Deserialize;
use serde_json::{Value, json};

/// Notes an operation that was carried out and returns its id. One at a time.
pub(super) fn operate(
    context: &mut Context<'_>,
    name: &str,
    given: Option<String>,
    action: &str,
    failed: usize,
) -> Result<Value, ApiError> {
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
    Ok(json!({ "OperationId": id }))
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in super::super) struct DescribeStackSetOperation {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    stack_set_name: String,
    operation_id: String,
}

pub(in super::super) fn describe(
    context: &mut Context<'_>,
    input: DescribeStackSetOperation,
) -> Reply {
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
    Ok(json!({ "StackSetOperation": {
        "OperationId": id,
        "StackSetId": set_id,
        "Action": operation.action,
        "Status": status,
        "CreationTimestamp": clock::iso(operation.when),
        "EndTimestamp": (status != "RUNNING").then(|| clock::iso(operation.when)),
        "StatusDetails": { "FailedStackInstancesCount": operation.failed },
    }}))
}
