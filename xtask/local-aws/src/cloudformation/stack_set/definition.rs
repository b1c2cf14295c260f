//! The calls on stack sets themselves.

use super::super::parameter::{self, ParameterInput};
use super::super::{here, here_mut, invalid, template};
use super::input::{CallAs, Preferences};
use super::instance;
use super::lookup::{find, find_mut};
use super::operation::{check_idle, operate};
use crate::context::{Context, Reply};
use crate::state::cloudformation::{AutoDeployment, StackSet};
use crate::wire::ApiError;
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in super::super) struct CreateStackSet {
    #[serde(default)]
    call_as: CallAs,
    stack_set_name: String,
    description: Option<String>,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    #[serde(default, deserialize_with = "field::list")]
    parameters: Vec<ParameterInput>,
    #[serde(default, deserialize_with = "field::list")]
    capabilities: Vec<String>,
    #[serde(default, deserialize_with = "field::list")]
    tags: Vec<Tag>,
    permission_model: Option<String>,
    auto_deployment: Option<AutoDeployment>,
    #[serde(rename = "AdministrationRoleARN")]
    administration_role: Option<String>,
    execution_role_name: Option<String>,
    #[serde(rename = "ClientRequestToken")]
    _client_request_token: Option<String>,
}

pub(in super::super) fn create(context: &mut Context<'_>, input: CreateStackSet) -> Reply {
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
    if !matches!(model.as_str(), "SELF_MANAGED" | "SERVICE_MANAGED") {
        return Err(invalid(format!("PermissionModel {model:?}")));
    }
    if model == "SELF_MANAGED" && input.call_as == CallAs::DelegatedAdmin {
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
        tags: input.tags,
        permission_model: model,
        auto_deployment: input.auto_deployment,
        administration_role: input.administration_role,
        execution_role: input.execution_role_name,
        instances: BTreeMap::new(),
        operations: BTreeMap::new(),
    };
    here_mut(context).stack_sets.insert(name, stack_set);
    Ok(json!({ "StackSetId": id }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in super::super) struct UpdateStackSet {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    stack_set_name: String,
    description: Option<String>,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    #[serde(default, deserialize_with = "field::flag")]
    use_previous_template: Option<bool>,
    #[serde(default, deserialize_with = "field::list")]
    parameters: Vec<ParameterInput>,
    #[serde(default, deserialize_with = "field::list")]
    capabilities: Vec<String>,
    #[serde(default, deserialize_with = "field::list")]
    tags: Vec<Tag>,
    permission_model: Option<String>,
    auto_deployment: Option<AutoDeployment>,
    #[serde(rename = "AdministrationRoleARN")]
    administration_role: Option<String>,
    execution_role_name: Option<String>,
    operation_id: Option<String>,
    #[serde(rename = "OperationPreferences")]
    _operation_preferences: Option<Preferences>,
}

/// Changes the stack set and then every instance of it.
pub(in super::super) fn update(context: &mut Context<'_>, input: UpdateStackSet) -> Reply {
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
    stack_set.tags = input.tags;
    stack_set.description = input.description.or(old.description);
    stack_set.auto_deployment = input.auto_deployment.or(old.auto_deployment);
    stack_set.administration_role = input.administration_role.or(old.administration_role);
    stack_set.execution_role = input.execution_role_name.or(old.execution_role);
    let targets: Vec<String> = stack_set.instances.keys().cloned().collect();
    let failed = instance::deploy(context, &name, &targets, None)?;
    operate(context, &name, input.operation_id, "UPDATE", failed)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in super::super) struct DescribeStackSet {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    stack_set_name: String,
}

pub(in super::super) fn describe(context: &mut Context<'_>, input: DescribeStackSet) -> Reply {
    let one = find(context, &input.stack_set_name)?;
    let template = template::parse(&one.template)?;
    let units = one.units();
    Ok(json!({ "StackSet": {
        "StackSetName": one.name,
        "StackSetId": one.id,
        "StackSetARN": format!(
            "arn:aws:cloudformation:{}:{}:stackset/{}",
            context.region, context.account(), one.id
        ),
        "Description": one.description,
        "Status": "ACTIVE",
        "TemplateBody": one.template,
        "Parameters": parameter::answer(&template, &one.parameters),
        "Capabilities": one.capabilities,
        "Tags": one.tags,
        "PermissionModel": one.permission_model,
        "AutoDeployment": one.auto_deployment,
        "AdministrationRoleARN": one.administration_role,
        "ExecutionRoleName": one.execution_role,
        "OrganizationalUnitIds": units,
    }}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in super::super) struct ListStackSets {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    status: Option<String>,
}

pub(in super::super) fn list(context: &mut Context<'_>, input: ListStackSets) -> Reply {
    let wanted = input
        .status
        .as_deref()
        .is_none_or(|status| status == "ACTIVE");
    let summaries: Vec<Value> = here(context)
        .into_iter()
        .flat_map(|here| here.stack_sets.values())
        .filter(|_| wanted)
        .map(|one| {
            json!({
                "StackSetName": one.name,
                "StackSetId": one.id,
                "Description": one.description,
                "Status": "ACTIVE",
                "PermissionModel": one.permission_model,
            })
        })
        .collect();
    Ok(json!({ "Summaries": summaries }))
}

pub(in super::super) fn delete(context: &mut Context<'_>, input: DescribeStackSet) -> Reply {
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
    Ok(json!({}))
}
