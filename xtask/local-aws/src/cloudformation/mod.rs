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

use crate::api::operations;
use crate::context::{Context, Reply};
use crate::state::cloudformation::Stacks;
use crate::wire::ApiError;
use serde_json::Value;

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { cloudformation, context, operation, input;
        ValidateTemplate => template_summary::validate,
        GetTemplateSummary => template_summary::summary,
        CreateChangeSet => change_set::create,
        DescribeChangeSet => change_set::describe,
        ExecuteChangeSet => change_set::execute,
        DeleteChangeSet => change_set::delete,
        ListChangeSets => change_set::list,
        DescribeAccountLimits => stack::limits,
        DescribeStacks => stack::describe,
        ListStacks => stack::list,
        GetTemplate => stack::template,
        DeleteStack => deletion::delete_stack,
        DescribeStackEvents => event::list,
        DescribeStackResources => stack::resources,
        ListStackResources => stack::list_resources,
        ListExports => export::list,
        ListImports => export::list_imports,
        DetectStackDrift => drift::detect,
        DescribeStackDriftDetectionStatus => drift::status,
        DescribeStackResourceDrifts => drift::list,
        CreateStackSet => stack_set::definition::create,
        UpdateStackSet => stack_set::definition::update,
        DescribeStackSet => stack_set::definition::describe,
        ListStackSets => stack_set::definition::list,
        DeleteStackSet => stack_set::definition::delete,
        DescribeStackSetOperation => stack_set::operation::describe,
        CreateStackInstances => stack_set::instance::create,
        UpdateStackInstances => stack_set::instance::update,
        DeleteStackInstances => stack_set::instance::delete,
        ListStackInstances => stack_set::instance::list,
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "ValidationError", message)
}

fn here<'a>(context: &'a Context<'_>) -> Option<&'a Stacks> {
    context.here().map(|region| &region.stacks)
}

fn here_mut<'a>(context: &'a mut Context<'_>) -> &'a mut Stacks {
    &mut context.here_mut().stacks
}
