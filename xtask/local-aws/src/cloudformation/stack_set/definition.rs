//! The calls on stack sets themselves.

use super::super::parameter;
use super::super::{here, here_mut, invalid, template};
use super::instance;
use super::lookup::{find, find_mut};
use super::operation::{check_idle, operate};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::state::cloudformation::{AutoDeployment, StackSet};
use crate::state::tag;
use crate::wire::ApiError;
use std::collections::BTreeMap;

pub(in super::super) fn create(
    context: &mut Context<'_>,
    input: api::CreateStackSetInput,
) -> Result<api::CreateStackSetOutput, ApiError> {
    let name = input.stack_set_name;
    if find(context, &name).is_ok() {
        return Err(ApiError::new(
            409,
            "NameAlreadyExistsException",
            format!("StackSet {name} already exists"),
        ));
    }
    let model = input
        .permission_model
        .unwrap_or_else(|| "SELF_MANAGED".to_owned());
    if model == "SELF_MANAGED" && input.call_as.as_deref() == Some("DELEGATED_ADMIN") {
        return Err(invalid(
            "CallAs DELEGATED_ADMIN needs PermissionModel SERVICE_MANAGED",
        ));
    }
    if model == "SELF_MANAGED" && input.auto_deployment.is_some() {
        return Err(invalid(
            "AutoDeployment needs PermissionModel SERVICE_MANAGED",
        ));
    }
    let (text, template) = template::load(context, input.template_body, input.template_url)?;
    template::check_capabilities(&template, &input.capabilities)?;
    let parameters = parameter::values(&template, &input.parameters, &BTreeMap::new())?;
    let unique = context.change().mint("");
    let id = format!("{name}:{unique}");
    let stack_set = StackSet {
        id: id.clone(),
        name: name.clone(),
        description: input.description,
        template: text,
        parameters,
        capabilities: input.capabilities,
        tags: tag::all(input.tags),
        permission_model: model,
        auto_deployment: input.auto_deployment.map(AutoDeployment::from),
        administration_role: input.administration_role_arn,
        execution_role: input.execution_role_name,
        instances: BTreeMap::new(),
        operations: BTreeMap::new(),
    };
    here_mut(context).stack_sets.insert(name, stack_set);
    Ok(api::CreateStackSetOutput {
        stack_set_id: Some(id),
    })
}

/// Changes the stack set and then every instance of it.
pub(in super::super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateStackSetInput,
) -> Result<api::UpdateStackSetOutput, ApiError> {
    let name = input.stack_set_name;
    check_idle(context, &name)?;
    let old = find(context, &name)?.clone();
    let text = if input.use_previous_template == Some(true) {
        old.template.clone()
    } else {
        template::load(context, input.template_body, input.template_url)?.0
    };
    let template = template::parse(&text)?;
    template::check_capabilities(&template, &input.capabilities)?;
    let parameters = parameter::values(&template, &input.parameters, &old.parameters)?;
    if input
        .permission_model
        .is_some_and(|model| model != old.permission_model)
    {
        return Err(invalid(
            "the permission model of a stack set can't be changed",
        ));
    }
    let stack_set = find_mut(context, &name)?;
    stack_set.template = text;
    stack_set.parameters = parameters;
    stack_set.capabilities = input.capabilities;
    stack_set.tags = tag::all(input.tags);
    stack_set.description = input.description.or(old.description);
    stack_set.auto_deployment = input
        .auto_deployment
        .map(AutoDeployment::from)
        .or(old.auto_deployment);
    stack_set.administration_role = input.administration_role_arn.or(old.administration_role);
    stack_set.execution_role = input.execution_role_name.or(old.execution_role);
    let targets: Vec<String> = stack_set.instances.keys().cloned().collect();
    let failed = instance::deploy(context, &name, &targets, None)?;
    Ok(api::UpdateStackSetOutput {
        operation_id: operate(context, &name, input.operation_id, "UPDATE", failed)?,
    })
}

pub(in super::super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeStackSetInput,
) -> Result<api::DescribeStackSetOutput, ApiError> {
    let one = find(context, &input.stack_set_name)?;
    let template = template::parse(&one.template)?;
    let units = one.units();
    let arn = format!(
        "arn:aws:cloudformation:{}:{}:stackset/{}",
        context.region,
        context.account(),
        one.id
    );
    Ok(api::DescribeStackSetOutput {
        stack_set: Some(api::StackSet {
            stack_set_name: Some(one.name.clone()),
            stack_set_id: Some(one.id.clone()),
            stack_set_arn: Some(arn),
            description: one.description.clone(),
            status: Some("ACTIVE".to_owned()),
            template_body: Some(one.template.clone()),
            parameters: parameter::answer(&template, &one.parameters),
            capabilities: one.capabilities.clone(),
            tags: tag::all(one.tags.clone()),
            permission_model: Some(one.permission_model.clone()),
            auto_deployment: one.auto_deployment.clone().map(api::AutoDeployment::from),
            administration_role_arn: one.administration_role.clone(),
            execution_role_name: one.execution_role.clone(),
            organizational_unit_ids: units,
            ..Default::default()
        }),
    })
}

pub(in super::super) fn list(
    context: &mut Context<'_>,
    input: api::ListStackSetsInput,
) -> Result<api::ListStackSetsOutput, ApiError> {
    let wanted = input
        .status
        .as_deref()
        .is_none_or(|status| status == "ACTIVE");
    let summaries = here(context)
        .into_iter()
        .flat_map(|here| here.stack_sets.values())
        .filter(|_| wanted)
        .map(|one| api::StackSetSummary {
            stack_set_name: Some(one.name.clone()),
            stack_set_id: Some(one.id.clone()),
            description: one.description.clone(),
            status: Some("ACTIVE".to_owned()),
            permission_model: Some(one.permission_model.clone()),
            ..Default::default()
        })
        .collect();
    Ok(api::ListStackSetsOutput {
        summaries,
        next_token: None,
    })
}

pub(in super::super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteStackSetInput,
) -> Result<api::DeleteStackSetOutput, ApiError> {
    let one = find(context, &input.stack_set_name)?;
    if !one.instances.is_empty() {
        return Err(ApiError::new(
            409,
            "StackSetNotEmptyException",
            format!("StackSet {} is not empty", one.name),
        ));
    }
    let name = one.name.clone();
    here_mut(context).stack_sets.remove(&name);
    Ok(api::DeleteStackSetOutput {})
}
