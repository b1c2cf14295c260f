//! Stacks: what they are, how they are found, described and deleted.

use super::{here, here_mut, invalid, page, parameter, template};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::cloudformation::{Stack, StackResource};
use crate::wire::ApiError;
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::{Value, json};
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStacks {
    stack_name: Option<String>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeAccountLimits {}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeAccountLimits.html>
pub(super) fn limits(_: &mut Context<'_>, _: DescribeAccountLimits) -> Reply {
    Ok(json!({ "AccountLimits": [{ "Name": "StackLimit", "Value": 2000 }] }))
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribeStacks) -> Reply {
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
    Ok(json!({ "Stacks": some, "NextToken": next }))
}

fn described(stack: &Stack, age: Age) -> Result<Value, ApiError> {
    let outputs: Vec<Value> = stack
        .outputs
        .iter()
        .filter(|_| age == Age::Settled)
        .map(|output| {
            json!({
                "OutputKey": output.key,
                "OutputValue": output.value,
                "Description": output.description,
                "ExportName": output.export,
            })
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
    Ok(json!({
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set,
        "Description": description,
        "Parameters": parameters,
        "CreationTime": clock::iso(stack.created),
        "DeletionTime": stack.deleted.map(clock::iso),
        "LastUpdatedTime": stack.updated.map(clock::iso),
        "StackStatus": stack.status(age),
        "StackStatusReason": stack.reason,
        "DisableRollback": false,
        "Capabilities": stack.capabilities,
        "Outputs": outputs,
        "Tags": stack.tags,
        "EnableTerminationProtection": false,
        "DriftInformation": {
            "StackDriftStatus": drift.unwrap_or("NOT_CHECKED"),
            "LastCheckTimestamp": stack.drift.as_ref().map(|(_, when)| clock::iso(*when)),
        },
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListStacks {
    #[serde(default, deserialize_with = "field::list")]
    stack_status_filter: Vec<String>,
    next_token: Option<String>,
}

pub(super) fn list(context: &mut Context<'_>, input: ListStacks) -> Reply {
    let stacks: Vec<Stack> = here(context)
        .map(|here| here.stacks.values().cloned().collect())
        .unwrap_or_default();
    let mut all = Vec::new();
    for stack in &stacks {
        let age = context.look(&stack.id);
        let status = stack.status(age);
        let filter = &input.stack_status_filter;
        if filter.is_empty() || filter.iter().any(|wanted| wanted == status) {
            all.push(json!({
                "StackId": stack.id,
                "StackName": stack.name,
                "CreationTime": clock::iso(stack.created),
                "LastUpdatedTime": stack.updated.map(clock::iso),
                "DeletionTime": stack.deleted.map(clock::iso),
                "StackStatus": status,
                "StackStatusReason": stack.reason,
            }));
        }
    }
    let (some, next) = page::page(all, input.next_token.as_deref())?;
    Ok(json!({ "StackSummaries": some, "NextToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetTemplate {
    stack_name: String,
    template_stage: Option<String>,
}

pub(super) fn template(context: &mut Context<'_>, input: GetTemplate) -> Reply {
    if let Some(stage) = &input.template_stage
        && !matches!(stage.as_str(), "Original" | "Processed")
    {
        return Err(invalid(format!("TemplateStage {stage:?}")));
    }
    let stack = find(context, &input.stack_name)?;
    Ok(json!({
        "TemplateBody": stack.template,
        "StagesAvailable": ["Original", "Processed"],
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackResources {
    stack_name: Option<String>,
    logical_resource_id: Option<String>,
    physical_resource_id: Option<String>,
}

pub(super) fn resources(context: &mut Context<'_>, input: DescribeStackResources) -> Reply {
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
    let resources: Vec<Value> = stack
        .resources
        .iter()
        .filter(|(logical, _)| {
            input
                .logical_resource_id
                .as_ref()
                .is_none_or(|wanted| wanted == *logical)
        })
        .map(|(logical, resource)| {
            let mut entry = summary(logical, resource);
            entry["StackName"] = json!(stack.name);
            entry["StackId"] = json!(stack.id);
            entry["Timestamp"] = json!(clock::iso(resource.changed));
            entry
        })
        .collect();
    Ok(json!({ "StackResources": resources }))
}

fn summary(logical: &str, resource: &StackResource) -> Value {
    json!({
        "LogicalResourceId": logical,
        "PhysicalResourceId": resource.physical,
        "ResourceType": resource.kind,
        "ResourceStatus": resource.status,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListStackResources {
    stack_name: String,
    next_token: Option<String>,
}

pub(super) fn list_resources(context: &mut Context<'_>, input: ListStackResources) -> Reply {
    let resources: Vec<Value> = find(context, &input.stack_name)?
        .resources
        .iter()
        .map(|(logical, resource)| {
            let mut entry = summary(logical, resource);
            entry["LastUpdatedTimestamp"] = json!(clock::iso(resource.changed));
            entry
        })
        .collect();
    let (some, next) = page::page(resources, input.next_token.as_deref())?;
    Ok(json!({ "StackResourceSummaries": some, "NextToken": next }))
}
