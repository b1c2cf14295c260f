//! Stacks: what they are, how they are found, described and deleted.

use super::{here, here_mut, invalid, page, parameter, template};
use crate::api::Time;
use crate::api::cloudformation as api;
use crate::context::{Age, Context};
use crate::state::cloudformation::Stack;
use crate::state::tag::{self, Tag};
use crate::wire::ApiError;
use std::collections::{BTreeMap, BTreeSet};

impl Stack {
    /// A stack of which nothing but a change set exists.
    pub(super) fn new(context: &mut Context<'_>, name: &str, tags: Vec<Tag>) -> Self {
        let unique = context.change().mint("");
        Self {
            id: format!(
                "arn:aws:cloudformation:{}:{}:stack/{name}/{unique}",
                context.region,
                context.account()
            ),
            name: name.to_owned(),
            status: "REVIEW_IN_PROGRESS".to_owned(),
            status_in_progress: "REVIEW_IN_PROGRESS".to_owned(),
            reason: Some("User Initiated".to_owned()),
            template: String::new(),
            parameters: BTreeMap::new(),
            capabilities: Vec::new(),
            tags,
            created: context.now,
            updated: None,
            deleted: None,
            resources: BTreeMap::new(),
            outputs: Vec::new(),
            imports: BTreeSet::new(),
            events: Vec::new(),
            change_set: None,
            drift: None,
            role: None,
            is_protected: false,
        }
    }

    /// The state to answer.
    fn status(&self, age: Age) -> &str {
        if age == Age::Settled {
            &self.status
        } else {
            &self.status_in_progress
        }
    }
}

fn missing(name: &str) -> ApiError {
    invalid(format!("Stack with id {name} does not exist"))
}

/// A stack by its id, or by the name of one that isn't deleted.
pub(super) fn find<'a>(context: &'a Context<'_>, name: &str) -> Result<&'a Stack, ApiError> {
    let stacks = here(context).map(|here| &here.stacks);
    stacks
        .and_then(|stacks| {
            stacks.get(name).or_else(|| {
                stacks.values().find(|stack| {
                    stack.name == name
                        && (stack.deleted.is_none() || context.is_settling(&stack.id))
                })
            })
        })
        .ok_or_else(|| missing(name))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    id: &str,
) -> Result<&'a mut Stack, ApiError> {
    here_mut(context)
        .stacks
        .get_mut(id)
        .ok_or_else(|| missing(id))
}

/// Whether this is the name of a stack.
pub(super) fn check_name(name: &str) -> Result<(), ApiError> {
    let fits = name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits {
        Ok(())
    } else {
        Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )))
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeAccountLimits.html>
pub(super) fn limits(
    _: &mut Context<'_>,
    _: api::DescribeAccountLimitsInput,
) -> Result<api::DescribeAccountLimitsOutput, ApiError> {
    let limit = api::AccountLimit {
        name: Some("StackLimit".to_owned()),
        value: Some(2000),
    };
    Ok(api::DescribeAccountLimitsOutput {
        account_limits: vec![limit],
        next_token: None,
    })
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeStacksInput,
) -> Result<api::DescribeStacksOutput, ApiError> {
    let stacks: Vec<Stack> = match &input.stack_name {
        Some(name) => vec![find(context, name)?.clone()],
        None => here(context)
            .into_iter()
            .flat_map(|here| here.stacks.values())
            .filter(|stack| stack.deleted.is_none())
            .cloned()
            .collect(),
    };
    let mut all = Vec::new();
    for stack in &stacks {
        let age = context.look(&stack.id);
        all.push(described(stack, age)?);
    }
    let (some, next) = page::page(all, input.next_token.as_deref())?;
    Ok(api::DescribeStacksOutput {
        stacks: some,
        next_token: next,
    })
}

fn described(stack: &Stack, age: Age) -> Result<api::Stack, ApiError> {
    let outputs = stack
        .outputs
        .iter()
        .filter(|_| age == Age::Settled)
        .map(|output| api::Output {
            output_key: Some(output.key.clone()),
            output_value: Some(output.value.clone()),
            description: output.description.clone(),
            export_name: output.export.clone(),
        })
        .collect();
    let (parameters, description) = if stack.template.is_empty() {
        (Vec::new(), None)
    } else {
        let template = template::parse(&stack.template)?;
        let parameters = parameter::answer(&template, &stack.parameters);
        (parameters, template.description)
    };
    let drift = stack.drift.as_ref().map(|(status, _)| status.as_str());
    let drift = api::StackDriftInformation {
        stack_drift_status: drift.unwrap_or("NOT_CHECKED").to_owned(),
        last_check_timestamp: stack.drift.as_ref().map(|(_, when)| Time(*when)),
    };
    Ok(api::Stack {
        stack_id: Some(stack.id.clone()),
        stack_name: stack.name.clone(),
        change_set_id: stack.change_set.clone(),
        description,
        parameters,
        creation_time: Time(stack.created),
        deletion_time: stack.deleted.map(Time),
        last_updated_time: stack.updated.map(Time),
        stack_status: stack.status(age).to_owned(),
        stack_status_reason: stack.reason.clone(),
        disable_rollback: Some(false),
        capabilities: stack.capabilities.clone(),
        outputs,
        tags: tag::all(stack.tags.clone()),
        role_arn: stack.role.clone(),
        enable_termination_protection: Some(stack.is_protected),
        drift_information: Some(drift),
        ..Default::default()
    })
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListStacksInput,
) -> Result<api::ListStacksOutput, ApiError> {
    let stacks: Vec<Stack> = here(context)
        .map(|here| here.stacks.values().cloned().collect())
        .unwrap_or_default();
    let mut all = Vec::new();
    for stack in &stacks {
        let age = context.look(&stack.id);
        let status = stack.status(age);
        let filter = &input.stack_status_filter;
        if filter.is_empty() || filter.iter().any(|wanted| wanted == status) {
            all.push(api::StackSummary {
                stack_id: Some(stack.id.clone()),
                stack_name: stack.name.clone(),
                creation_time: Time(stack.created),
                last_updated_time: stack.updated.map(Time),
                deletion_time: stack.deleted.map(Time),
                stack_status: status.to_owned(),
                stack_status_reason: stack.reason.clone(),
                ..Default::default()
            });
        }
    }
    let (some, next) = page::page(all, input.next_token.as_deref())?;
    Ok(api::ListStacksOutput {
        stack_summaries: some,
        next_token: next,
    })
}

pub(super) fn template(
    context: &mut Context<'_>,
    input: api::GetTemplateInput,
) -> Result<api::GetTemplateOutput, ApiError> {
    let name = input
        .stack_name
        .ok_or_else(|| invalid("StackName is missing"))?;
    Ok(api::GetTemplateOutput {
        template_body: Some(find(context, &name)?.template.clone()),
        stages_available: ["Original", "Processed"].map(str::to_owned).to_vec(),
    })
}

pub(super) fn resources(
    context: &mut Context<'_>,
    input: api::DescribeStackResourcesInput,
) -> Result<api::DescribeStackResourcesOutput, ApiError> {
    let stack = match (&input.stack_name, &input.physical_resource_id) {
        (Some(name), None) => find(context, name)?,
        (None, Some(physical)) => here(context)
            .into_iter()
            .flat_map(|here| here.stacks.values())
            .find(|stack| {
                stack
                    .resources
                    .values()
                    .any(|one| one.physical == *physical)
            })
            .ok_or_else(|| missing(physical))?,
        _ => return Err(invalid("one of StackName and PhysicalResourceId is needed")),
    };
    let resources = stack
        .resources
        .iter()
        .filter(|(logical, _)| {
            input
                .logical_resource_id
                .as_ref()
                .is_none_or(|wanted| wanted == *logical)
        })
        .map(|(logical, resource)| api::StackResource {
            stack_name: Some(stack.name.clone()),
            stack_id: Some(stack.id.clone()),
            timestamp: Time(resource.changed),
            logical_resource_id: logical.clone(),
            physical_resource_id: Some(resource.physical.clone()),
            resource_type: resource.kind.clone(),
            resource_status: resource.status.clone(),
            ..Default::default()
        })
        .collect();
    Ok(api::DescribeStackResourcesOutput {
        stack_resources: resources,
    })
}

pub(super) fn list_resources(
    context: &mut Context<'_>,
    input: api::ListStackResourcesInput,
) -> Result<api::ListStackResourcesOutput, ApiError> {
    let resources = find(context, &input.stack_name)?
        .resources
        .iter()
        .map(|(logical, resource)| api::StackResourceSummary {
            logical_resource_id: logical.clone(),
            physical_resource_id: Some(resource.physical.clone()),
            resource_type: resource.kind.clone(),
            resource_status: resource.status.clone(),
            last_updated_timestamp: Time(resource.changed),
            ..Default::default()
        })
        .collect();
    let (some, next) = page::page(resources, input.next_token.as_deref())?;
    Ok(api::ListStackResourcesOutput {
        stack_resource_summaries: some,
        next_token: next,
    })
}
