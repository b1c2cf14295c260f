//! CloudFormation: stacks by change sets, their exports and drift, stack sets.
//! Templates are read and evaluated by the core; the resources that a stack
//! makes are those of the other services here.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/>

mod change;
mod change_set;
mod deletion;
mod drift;
mod evaluation;
mod event;
mod execution;
mod export;
mod page;
mod parameter;
mod resource;
mod stack;
mod stack_set;
mod template;
mod template_summary;

use crate::context::{Context, Reply, run};
use crate::state::cloudformation::Stacks;
use crate::wire::ApiError;
use serde_json::Value;

const BAD: &str = "ValidationError";

pub(crate) fn call(c: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    match operation {
        "ValidateTemplate" => run(c, input, BAD, template_summary::validate),
        "GetTemplateSummary" => run(c, input, BAD, template_summary::summary),
        "CreateChangeSet" => run(c, input, BAD, change_set::create),
        "DescribeChangeSet" => run(c, input, BAD, change_set::describe),
        "ExecuteChangeSet" => run(c, input, BAD, change_set::execute),
        "DeleteChangeSet" => run(c, input, BAD, change_set::delete),
        "ListChangeSets" => run(c, input, BAD, change_set::list),
        "DescribeAccountLimits" => run(c, input, BAD, stack::limits),
        "DescribeStacks" => run(c, input, BAD, stack::describe),
        "ListStacks" => run(c, input, BAD, stack::list),
        "GetTemplate" => run(c, input, BAD, stack::template),
        "DeleteStack" => run(c, input, BAD, deletion::delete_stack),
        "DescribeStackEvents" => run(c, input, BAD, event::list),
        "DescribeStackResources" => run(c, input, BAD, stack::resources),
        "ListStackResources" => run(c, input, BAD, stack::list_resources),
        "ListExports" => run(c, input, BAD, export::list),
        "ListImports" => run(c, input, BAD, export::list_imports),
        "DetectStackDrift" => run(c, input, BAD, drift::detect),
        "DescribeStackDriftDetectionStatus" => run(c, input, BAD, drift::status),
        "DescribeStackResourceDrifts" => run(c, input, BAD, drift::list),
        "CreateStackSet" => run(c, input, BAD, stack_set::definition::create),
        "UpdateStackSet" => run(c, input, BAD, stack_set::definition::update),
        "DescribeStackSet" => run(c, input, BAD, stack_set::definition::describe),
        "ListStackSets" => run(c, input, BAD, stack_set::definition::list),
        "DeleteStackSet" => run(c, input, BAD, stack_set::definition::delete),
        "DescribeStackSetOperation" => run(c, input, BAD, stack_set::operation::describe),
        "CreateStackInstances" => run(c, input, BAD, stack_set::instance::create),
        "UpdateStackInstances" => run(c, input, BAD, stack_set::instance::update),
        "DeleteStackInstances" => run(c, input, BAD, stack_set::instance::delete),
        "ListStackInstances" => run(c, input, BAD, stack_set::instance::list),
        _ => Err(ApiError::new(
            400,
            "InvalidAction",
            format!("the local AWS has no cloudformation operation {operation}"),
        )),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, BAD, message)
}

fn here<'a>(context: &'a Context<'_>) -> Option<&'a Stacks> {
    context.here().map(|region| &region.stacks)
}

fn here_mut<'a>(context: &'a mut Context<'_>) -> &'a mut Stacks {
    &mut context.here_mut().stacks
}
