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

use crate::api::{cloudformation as api, operations};
use crate::context::{Context, Reply};
use crate::state::cloudformation::{Change, Stack, Stacks};
use crate::state::tag::Tag;
use crate::wire::ApiError;
use compute_catalog::cfn::Template;
use serde_json::Value;
use std::collections::BTreeMap;

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

pub(crate) use resource::replaces;

/// The exports of the caller's account and region, by name.
pub(crate) fn exports(context: &Context<'_>) -> BTreeMap<String, String> {
    let all = export::all(context);
    all.map(|one| (one.name.to_owned(), one.value.to_owned()))
        .collect()
}

/// A stack by its id.
pub(crate) fn stack<'a>(context: &'a Context<'_>, id: &str) -> Option<&'a Stack> {
    here(context)?.stacks.get(id)
}

/// A stack of which nothing exists yet, for a service that makes it.
pub(crate) fn new_stack(context: &mut Context<'_>, id: &str, name: &str, tags: Vec<Tag>) -> Stack {
    let mut stack = Stack::new(context, name, tags);
    id.clone_into(&mut stack.id);
    stack
}

/// Takes over a stack that a service has made.
pub(crate) fn put_stack(context: &mut Context<'_>, stack: Stack) {
    here_mut(context).stacks.insert(stack.id.clone(), stack);
}

/// The values of all parameters of a template.
pub(crate) fn values(
    template: &Template,
    given: &[Tag],
    former: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let given = given.iter().map(|tag| api::Parameter {
        parameter_key: Some(tag.key.clone()),
        parameter_value: Some(tag.value.clone()),
        ..Default::default()
    });
    let given: Vec<api::Parameter> = given.collect();
    parameter::values(template, &given, former)
}

/// What a template would change in a stack; without a stack everything is added.
pub(crate) fn changes(
    context: &mut Context<'_>,
    stack_id: Option<&str>,
    text: &str,
    given: &[Tag],
) -> Result<Vec<Change>, ApiError> {
    let template = template::parse(text)?;
    let known = stack_id.and_then(|id| stack(context, id)).cloned();
    let known = known.unwrap_or_else(|| Stack::new(context, "SC-planned", Vec::new()));
    let values = values(&template, given, &known.parameters)?;
    let values = parameter::resolve(context, &template, &values)?;
    Ok(change::between(context, &known, &template, &values)?.0)
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
