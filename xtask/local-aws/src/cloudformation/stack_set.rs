//! Stack sets: one template in many accounts and regions.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html>

use super::parameter::{self, Given};
use super::stack_instance::{self, Instance, Targets};
use super::{here, here_mut, invalid, template};
use crate::clock;
use crate::config::Delays;
use crate::context::{Age, Context, Reply};
use crate::wire::Refusal;
use crate::wire::field::{self, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A stack set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackSet {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub tags: Vec<Tag>,
    /// `SELF_MANAGED` or `SERVICE_MANAGED`.
    pub permission_model: String,
    pub auto_deployment: Option<AutoDeployment>,
    pub administration_role: Option<String>,
    pub execution_role: Option<String>,
    /// By account and region, as `account/region`.
    pub instances: BTreeMap<String, Instance>,
    pub operations: BTreeMap<String, Operation>,
}

/// Whether accounts that join a unit get their instance by themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AutoDeployment {
    #[serde(default, deserialize_with = "field::flag")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "field::flag")]
    retain_stacks_on_account_removal: Option<bool>,
}

/// Something that was done to a stack set's instances.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub action: String,
    pub failed: usize,
    pub when: i64,
}

/// As whom the caller acts on the organisation. Which accounts may isn't asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum CallAs {
    #[default]
    #[serde(rename = "SELF")]
    Caller,
    DelegatedAdmin,
}

/// How an operation goes about it: accepted, since all is done at once here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Preferences {
    #[serde(rename = "RegionConcurrencyType")]
    _region_concurrency_type: Option<String>,
    #[serde(rename = "RegionOrder")]
    _region_order: Option<Vec<String>>,
    #[serde(rename = "FailureToleranceCount")]
    _failure_tolerance_count: Option<String>,
    #[serde(rename = "FailureTolerancePercentage")]
    _failure_tolerance_percentage: Option<String>,
    #[serde(rename = "MaxConcurrentCount")]
    _max_concurrent_count: Option<String>,
    #[serde(rename = "MaxConcurrentPercentage")]
    _max_concurrent_percentage: Option<String>,
}

fn missing(name: &str) -> Refusal {
    Refusal::new(
        404,
        "StackSetNotFoundException",
        format!("StackSet {name} not found"),
    )
}

/// A stack set by its name or id.
pub(super) fn find<'a>(context: &'a Context<'_>, name: &str) -> Result<&'a StackSet, Refusal> {
    here(context)
        .and_then(|here| {
            let by_id = || here.stack_sets.values().find(|one| one.id == name);
            here.stack_sets.get(name).or_else(by_id)
        })
        .ok_or_else(|| missing(name))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    name: &str,
) -> Result<&'a mut StackSet, Refusal> {
    let name = find(context, name)?.name.clone();
    let found = here_mut(context).stack_sets.get_mut(&name);
    found.ok_or_else(|| missing(&name))
}

/// Notes an operation that was carried out and returns its id. One at a time.
pub(super) fn operate(
    context: &mut Context<'_>,
    name: &str,
    given: Option<String>,
    action: &str,
    failed: usize,
) -> Result<Value, Refusal> {
    let id = match given {
        Some(id) => id,
        None => context.change().mint("operation-"),
    };
    let now = context.now;
    let operations = &mut find_mut(context, name)?.operations;
    if operations.contains_key(&id) {
        return Err(Refusal::new(
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
    let delays = Delays {
        unseen: 0,
        ..context.delays
    };
    context.settle(&id, delays);
    Ok(json!({ "OperationId": id }))
}

/// Refuses a second operation beside one in progress.
pub(super) fn check_idle(context: &Context<'_>, name: &str) -> Result<(), Refusal> {
    let operations = &find(context, name)?.operations;
    match operations.keys().find(|id| context.is_settling(id)) {
        None => Ok(()),
        Some(id) => Err(Refusal::new(
            409,
            "OperationInProgressException",
            format!("Another Operation on StackSet {name} is in progress: {id}"),
        )),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateStackSet {
    #[serde(default)]
    call_as: CallAs,
    stack_set_name: String,
    description: Option<String>,
    template_body: Option<String>,
    #[serde(rename = "TemplateURL")]
    template_url: Option<String>,
    #[serde(default, deserialize_with = "field::list")]
    parameters: Vec<Given>,
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

pub(super) fn create(context: &mut Context<'_>, input: CreateStackSet) -> Reply {
    let name = input.stack_set_name;
    if find(context, &name).is_ok() {
        return Err(Refusal::new(
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
pub(super) struct UpdateStackSet {
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
    parameters: Vec<Given>,
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
pub(super) fn update(context: &mut Context<'_>, input: UpdateStackSet) -> Reply {
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
    let failed = stack_instance::deploy(context, &name, &targets, None)?;
    operate(context, &name, input.operation_id, "UPDATE", failed)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackSet {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    stack_set_name: String,
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribeStackSet) -> Reply {
    let one = find(context, &input.stack_set_name)?;
    let template = template::parse(&one.template)?;
    let units = Targets::units(one);
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
pub(super) struct ListStackSets {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    status: Option<String>,
}

pub(super) fn list(context: &mut Context<'_>, input: ListStackSets) -> Reply {
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

pub(super) fn delete(context: &mut Context<'_>, input: DescribeStackSet) -> Reply {
    let one = find(context, &input.stack_set_name)?;
    if !one.instances.is_empty() {
        return Err(Refusal::new(
            409,
            "StackSetNotEmptyException",
            format!("StackSet {} is not empty", one.name),
        ));
    }
    let name = one.name.clone();
    here_mut(context).stack_sets.remove(&name);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackSetOperation {
    #[serde(default, rename = "CallAs")]
    _call_as: CallAs,
    stack_set_name: String,
    operation_id: String,
}

pub(super) fn operation(context: &mut Context<'_>, input: DescribeStackSetOperation) -> Reply {
    let one = find(context, &input.stack_set_name)?;
    let set_id = one.id.clone();
    let id = input.operation_id;
    let operation = one.operations.get(&id).cloned().ok_or_else(|| {
        Refusal::new(
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
