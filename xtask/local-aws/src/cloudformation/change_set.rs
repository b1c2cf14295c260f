//! Change sets: what would change, computed first; executed as computed.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html>

use super::execution::{self, Target};
use super::parameter;
use super::{change, here, here_mut, invalid, resource, stack, template};
use crate::api::Time;
use crate::api::cloudformation as api;
use crate::context::{Age, Context};
use crate::state::cloudformation::{Change, ChangeSet, Stack};
use crate::state::tag::{self, Tag};
use crate::wire::ApiError;

impl ChangeSet {
    fn status(&self, age: Age) -> (&'static str, &'static str) {
        match (age, &self.failure) {
            (Age::Settled, Some(_)) => ("FAILED", "UNAVAILABLE"),
            (Age::Settled, None) if self.executed => ("CREATE_COMPLETE", "EXECUTE_COMPLETE"),
            (Age::Settled, None) => ("CREATE_COMPLETE", "AVAILABLE"),
            _ => ("CREATE_IN_PROGRESS", "UNAVAILABLE"),
        }
    }
}

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateChangeSetInput,
) -> Result<api::CreateChangeSetOutput, ApiError> {
    stack::check_name(&input.change_set_name)?;
    let tags: Vec<Tag> = tag::all(input.tags.clone());
    let stack = stack_for(context, &input, &tags)?;
    if context.is_settling(&stack.id) {
        return Err(invalid(format!(
            "Stack:{} is in {} state and can not be updated.",
            stack.id, stack.status_in_progress
        )));
    }
    let text = if input.use_previous_template == Some(true) {
        stack.template.clone()
    } else {
        template::load(context, input.template_body, input.template_url)?.0
    };
    let template = template::parse(&text)?;
    template::check_capabilities(&template, &input.capabilities)?;
    let parameters = parameter::values(&template, &input.parameters, &stack.parameters)?;
    let values = parameter::resolve(context, &template, &parameters)?;
    let change_sets = here(context).map(|here| &here.change_sets);
    if change_sets.into_iter().flatten().any(|(_, other)| {
        other.stack == stack.id && !other.executed && other.name == input.change_set_name
    }) {
        return Err(ApiError::new(
            400,
            "AlreadyExistsException",
            format!("ChangeSet {} already exists", input.change_set_name),
        ));
    }
    let unique = context.change().mint("");
    let id = format!(
        "arn:aws:cloudformation:{}:{}:changeSet/{}/{unique}",
        context.region,
        context.account(),
        input.change_set_name
    );
    let (changes, outputs_change) = change::between(context, &stack, &template, &values)?;
    let failure = failure(
        context,
        &stack,
        &template,
        &changes,
        outputs_change || stack.tags != tags,
        text == stack.template && parameters == stack.parameters,
    );
    let change_set = ChangeSet {
        id: id.clone(),
        name: input.change_set_name,
        stack: stack.id.clone(),
        description: input.description,
        template: text,
        parameters,
        capabilities: input.capabilities,
        tags,
        changes,
        failure,
        executed: false,
        created: context.now,
    };
    here_mut(context).change_sets.insert(id.clone(), change_set);
    context.settle_seen(&id);
    Ok(api::CreateChangeSetOutput {
        id: Some(id),
        stack_id: Some(stack.id),
    })
}

/// The stack that a change set is for; a new one where its type says so.
fn stack_for(
    context: &mut Context<'_>,
    input: &api::CreateChangeSetInput,
    tags: &[Tag],
) -> Result<Stack, ApiError> {
    let name = &input.stack_name;
    let existing = stack::find(context, name).ok().cloned();
    match (
        input.change_set_type.as_deref().unwrap_or("UPDATE"),
        existing,
    ) {
        ("CREATE", Some(stack)) if stack.status == "REVIEW_IN_PROGRESS" => Ok(stack),
        ("CREATE", Some(stack)) if stack.deleted.is_none() => Err(invalid(format!(
            "Stack [{}] already exists and cannot be created again with the changeSet [{}].",
            stack.name, input.change_set_name
        ))),
        ("CREATE", _) => {
            stack::check_name(name)?;
            let stack = Stack::new(context, name, tags.to_vec());
            let stacks = &mut here_mut(context).stacks;
            stacks.insert(stack.id.clone(), stack.clone());
            Ok(stack)
        }
        ("UPDATE", Some(stack)) => match stack.status.as_str() {
            "CREATE_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE" => Ok(stack),
            status => Err(invalid(format!(
                "Stack:{} is in {status} state and can not be updated.",
                stack.id
            ))),
        },
        ("UPDATE", None) => Err(invalid(format!("Stack [{name}] does not exist"))),
        (other, _) => Err(invalid(format!(
            "the local AWS has no ChangeSetType {other}"
        ))),
    }
}

/// Why a change set comes to nothing.
fn failure(
    context: &Context<'_>,
    stack: &Stack,
    template: &compute_catalog::cfn::Template,
    changes: &[Change],
    others_change: bool,
    same_input: bool,
) -> Option<String> {
    if context.faults.failed_change_sets.contains(&stack.name) {
        return Some("Internal Failure".to_owned());
    }
    if let Some(transform) = template.transform.first() {
        return Some(format!("No transform named {} found.", transform.name));
    }
    let refused = template
        .resources
        .values()
        .find_map(|resource| resource::check_kind(&resource.kind).err());
    if let Some(refusal) = refused {
        return Some(refusal.message);
    }
    if changes.is_empty() && !others_change {
        let reason = if same_input {
            "The submitted information didn't contain changes. Submit different information to create a change set."
        } else {
            "No updates are to be performed."
        };
        return Some(reason.to_owned());
    }
    None
}

/// A change set by its id, or by its name and stack; an executed one only by its id.
fn find<'a>(
    context: &'a Context<'_>,
    name: &str,
    stack_name: Option<&String>,
) -> Result<&'a ChangeSet, ApiError> {
    let stack = match stack_name {
        Some(stack_name) => Some(stack::find(context, stack_name)?.id.as_str()),
        None => None,
    };
    let missing = || {
        ApiError::new(
            404,
            "ChangeSetNotFound",
            format!("ChangeSet [{name}] does not exist"),
        )
    };
    let change_sets = &here(context).ok_or_else(missing)?.change_sets;
    match change_sets.get(name) {
        Some(found) => Ok(found),
        None if stack.is_none() => Err(invalid(
            "StackName must be specified if ChangeSetName is not specified as an ARN.",
        )),
        None => change_sets
            .values()
            .find(|one| one.name == name && !one.executed && Some(one.stack.as_str()) == stack)
            .ok_or_else(missing),
    }
}

fn stack_name(context: &Context<'_>, id: &str) -> String {
    stack::find(context, id).map_or_else(|_| String::new(), |stack| stack.name.clone())
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeChangeSetInput,
) -> Result<api::DescribeChangeSetOutput, ApiError> {
    let one = find(context, &input.change_set_name, input.stack_name.as_ref())?.clone();
    let age = context.look(&one.id);
    let (status, execution) = one.status(age);
    let template = template::parse(&one.template)?;
    let (failure, changes) = if age == Age::Settled {
        let changes = one.changes.iter().map(Change::answer).collect();
        (one.failure, changes)
    } else {
        (None, Vec::new())
    };
    Ok(api::DescribeChangeSetOutput {
        change_set_name: Some(one.name),
        change_set_id: Some(one.id),
        stack_name: Some(stack_name(context, &one.stack)),
        stack_id: Some(one.stack),
        description: one.description,
        parameters: parameter::answer(&template, &one.parameters),
        creation_time: Some(Time(one.created)),
        execution_status: Some(execution.to_owned()),
        status: Some(status.to_owned()),
        status_reason: failure,
        capabilities: one.capabilities,
        tags: tag::all(one.tags),
        changes,
        include_nested_stacks: Some(false),
        ..Default::default()
    })
}

pub(super) fn execute(
    context: &mut Context<'_>,
    input: api::ExecuteChangeSetInput,
) -> Result<api::ExecuteChangeSetOutput, ApiError> {
    if input.disable_rollback == Some(true) {
        return Err(invalid(
            "the local AWS always rolls back: no DisableRollback",
        ));
    }
    let one = find(context, &input.change_set_name, input.stack_name.as_ref())?.clone();
    let age = if context.is_settling(&one.id) {
        Age::Pending
    } else {
        Age::Settled
    };
    let (status, execution) = one.status(age);
    if execution != "AVAILABLE" {
        return Err(ApiError::new(
            400,
            "InvalidChangeSetStatus",
            format!(
                "ChangeSet [{}] cannot be executed in its current status of [{status}]",
                one.id
            ),
        ));
    }
    let target = Target {
        template: one.template,
        parameters: one.parameters,
        capabilities: one.capabilities,
        tags: one.tags,
        change_set: Some(one.id.clone()),
    };
    execution::deploy(context, &one.stack, target)?;
    // What was computed for the old state is void.
    let change_sets = &mut here_mut(context).change_sets;
    change_sets.retain(|id, other| other.stack != one.stack || *id == one.id);
    if let Some(executed) = change_sets.get_mut(&one.id) {
        executed.executed = true;
    }
    Ok(api::ExecuteChangeSetOutput {})
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteChangeSetInput,
) -> Result<api::DeleteChangeSetOutput, ApiError> {
    match find(context, &input.change_set_name, input.stack_name.as_ref()) {
        Ok(found) => {
            let id = found.id.clone();
            here_mut(context).change_sets.remove(&id);
            Ok(api::DeleteChangeSetOutput {})
        }
        // Deleting what is gone is no error.
        Err(refusal) if refusal.code == "ChangeSetNotFound" => Ok(api::DeleteChangeSetOutput {}),
        Err(refusal) => Err(refusal),
    }
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListChangeSetsInput,
) -> Result<api::ListChangeSetsOutput, ApiError> {
    let stack = stack::find(context, &input.stack_name)?.clone();
    let all: Vec<ChangeSet> = here(context)
        .into_iter()
        .flat_map(|here| here.change_sets.values())
        .filter(|one| one.stack == stack.id && !one.executed)
        .cloned()
        .collect();
    let mut summaries = Vec::new();
    for one in &all {
        let (status, execution) = one.status(context.look(&one.id));
        summaries.push(api::ChangeSetSummary {
            stack_id: Some(stack.id.clone()),
            stack_name: Some(stack.name.clone()),
            change_set_id: Some(one.id.clone()),
            change_set_name: Some(one.name.clone()),
            execution_status: Some(execution.to_owned()),
            status: Some(status.to_owned()),
            status_reason: one.failure.clone(),
            creation_time: Some(Time(one.created)),
            description: one.description.clone(),
            ..Default::default()
        });
    }
    Ok(api::ListChangeSetsOutput {
        summaries,
        next_token: None,
    })
}
