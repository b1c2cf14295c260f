//! Instances of a stack set: a stack in each account and region. The roles that
//! let CloudFormation act in other accounts aren't asked for.

use super::super::execution::{self, Target};
use super::super::parameter;
use super::super::{deletion, here_mut, invalid, stack, template};
use super::lookup::{find, find_mut};
use super::operation::{check_idle, operate};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::state::cloudformation::{Instance, Stack, StackSet};
use crate::wire::ApiError;
use std::collections::BTreeMap;

/// `account/region` of each target, and the unit it belongs to.
fn targets(
    context: &Context<'_>,
    stack_set: &StackSet,
    accounts_given: &[String],
    regions: &[String],
    deployment: Option<&api::DeploymentTargets>,
) -> Result<BTreeMap<String, Option<String>>, ApiError> {
    let mut accounts: BTreeMap<String, Option<String>> = BTreeMap::new();
    match (stack_set.permission_model.as_str(), deployment) {
        ("SELF_MANAGED", None) => {
            accounts.extend(accounts_given.iter().map(|account| (account.clone(), None)));
        }
        ("SERVICE_MANAGED", Some(targets)) => {
            if !targets.accounts.is_empty() {
                return Err(invalid(
                    "the local AWS has no account filter in DeploymentTargets",
                ));
            }
            for unit in &targets.organizational_unit_ids {
                let members = context
                    .state
                    .organization
                    .get(unit)
                    .ok_or_else(|| invalid(format!("the organisation has no unit {unit}")))?;
                for account in members {
                    accounts.insert(account.clone(), Some(unit.clone()));
                }
            }
        }
        (model, _) => {
            return Err(invalid(format!(
                "a {model} stack set takes {}",
                if model == "SELF_MANAGED" {
                    "Accounts"
                } else {
                    "DeploymentTargets"
                }
            )));
        }
    }
    if accounts.is_empty() || regions.is_empty() {
        return Err(invalid("no accounts or no regions to deploy to"));
    }
    let mut targets = BTreeMap::new();
    for (account, unit) in accounts {
        for region in regions {
            targets.insert(format!("{account}/{region}"), unit.clone());
        }
    }
    Ok(targets)
}

pub(in super::super) fn create(
    context: &mut Context<'_>,
    input: api::CreateStackInstancesInput,
) -> Result<api::CreateStackInstancesOutput, ApiError> {
    let name = input.stack_set_name.clone();
    check_idle(context, &name)?;
    let stack_set = find(context, &name)?.clone();
    let targets = targets(
        context,
        &stack_set,
        &input.accounts,
        &input.regions,
        input.deployment_targets.as_ref(),
    )?;
    let overrides = overrides(&stack_set, &input.parameter_overrides)?;
    for (target, unit) in &targets {
        let instances = &mut find_mut(context, &name)?.instances;
        instances.entry(target.clone()).or_insert_with(|| Instance {
            stack: None,
            unit: unit.clone(),
            overrides: overrides.clone(),
            failure: None,
        });
    }
    let targets: Vec<String> = targets.into_keys().collect();
    let failed = deploy(context, &name, &targets, None)?;
    Ok(api::CreateStackInstancesOutput {
        operation_id: operate(context, &name, input.operation_id, "CREATE", failed)?,
    })
}

fn overrides(
    stack_set: &StackSet,
    given: &[api::Parameter],
) -> Result<BTreeMap<String, String>, ApiError> {
    if given.is_empty() {
        return Ok(BTreeMap::new());
    }
    let template = template::parse(&stack_set.template)?;
    parameter::overrides(&template, given)
}

pub(in super::super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateStackInstancesInput,
) -> Result<api::UpdateStackInstancesOutput, ApiError> {
    let name = input.stack_set_name.clone();
    check_idle(context, &name)?;
    let stack_set = find(context, &name)?.clone();
    let targets = known_targets(
        context,
        &stack_set,
        &input.accounts,
        &input.regions,
        input.deployment_targets.as_ref(),
    )?;
    let overrides = overrides(&stack_set, &input.parameter_overrides)?;
    let failed = deploy(context, &name, &targets, Some(&overrides))?;
    Ok(api::UpdateStackInstancesOutput {
        operation_id: operate(context, &name, input.operation_id, "UPDATE", failed)?,
    })
}

/// The targets of a change or a deletion: each has an instance.
fn known_targets(
    context: &Context<'_>,
    stack_set: &StackSet,
    accounts: &[String],
    regions: &[String],
    deployment: Option<&api::DeploymentTargets>,
) -> Result<Vec<String>, ApiError> {
    let targets = targets(context, stack_set, accounts, regions, deployment)?;
    match targets
        .keys()
        .find(|target| !stack_set.instances.contains_key(*target))
    {
        None => Ok(targets.into_keys().collect()),
        Some(target) => Err(ApiError::new(
            404,
            "StackInstanceNotFoundException",
            format!("no stack instance in {target}"),
        )),
    }
}

/// Brings instances to the state of their stack set; returns how many failed.
pub(super) fn deploy(
    context: &mut Context<'_>,
    name: &str,
    targets: &[String],
    overrides: Option<&BTreeMap<String, String>>,
) -> Result<usize, ApiError> {
    let mut failed = 0;
    for target in targets {
        let stack_set = find(context, name)?.clone();
        let Some(mut instance) = stack_set.instances.get(target).cloned() else {
            continue;
        };
        if let Some(overrides) = overrides {
            instance.overrides.clone_from(overrides);
        }
        let (stack, failure) = elsewhere(context, target, |context| {
            deploy_one(context, &stack_set, &instance)
        })?;
        failed += usize::from(failure.is_some());
        instance.stack = Some(stack);
        instance.failure = failure;
        let stack_set = find_mut(context, name)?;
        stack_set.instances.insert(target.clone(), instance);
    }
    Ok(failed)
}

/// Runs something as another account and in another region.
fn elsewhere<T>(
    context: &mut Context<'_>,
    target: &str,
    run: impl FnOnce(&mut Context<'_>) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let (account, region) = target
        .split_once('/')
        .ok_or_else(|| invalid(format!("no target {target}")))?;
    let account = std::mem::replace(&mut context.caller.account, account.to_owned());
    let region = std::mem::replace(&mut context.region, region.to_owned());
    let result = run(context);
    context.caller.account = account;
    context.region = region;
    result
}

/// The stack's id, and why it failed.
fn deploy_one(
    context: &mut Context<'_>,
    stack_set: &StackSet,
    instance: &Instance,
) -> Result<(String, Option<String>), ApiError> {
    let mut parameters = stack_set.parameters.clone();
    parameters.extend(instance.overrides.clone());
    let target = Target {
        template: stack_set.template.clone(),
        parameters,
        capabilities: stack_set.capabilities.clone(),
        tags: stack_set.tags.clone(),
        change_set: None,
    };
    let existing = instance
        .stack
        .as_deref()
        .and_then(|id| stack::find(context, id).ok())
        .filter(|stack| stack.status != "ROLLBACK_COMPLETE" && stack.deleted.is_none())
        .map(|stack| stack.id.clone());
    let id = match existing {
        Some(id) => id,
        None => {
            let unique = context.change().mint("");
            let name = format!("StackSet-{}-{unique}", stack_set.name);
            let stack = Stack::new(context, &name, stack_set.tags.clone());
            let id = stack.id.clone();
            here_mut(context).stacks.insert(id.clone(), stack);
            id
        }
    };
    execution::deploy(context, &id, target)?;
    let stack = stack::find(context, &id)?;
    let is_fine = matches!(stack.status.as_str(), "CREATE_COMPLETE" | "UPDATE_COMPLETE");
    let failure = (!is_fine).then(|| stack.reason.clone().unwrap_or_default());
    Ok((id, failure))
}

pub(in super::super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteStackInstancesInput,
) -> Result<api::DeleteStackInstancesOutput, ApiError> {
    let name = input.stack_set_name.clone();
    check_idle(context, &name)?;
    let stack_set = find(context, &name)?.clone();
    let targets = known_targets(
        context,
        &stack_set,
        &input.accounts,
        &input.regions,
        input.deployment_targets.as_ref(),
    )?;
    let mut failed = 0;
    for target in &targets {
        let instance = stack_set.instances.get(target);
        let id = instance.and_then(|instance| instance.stack.clone());
        let gone = match id {
            Some(id) if !input.retain_stacks => elsewhere(context, target, |context| {
                deletion::delete(context, &id)?;
                Ok(stack::find(context, &id)?.deleted.is_some())
            })?,
            _ => true,
        };
        if gone {
            find_mut(context, &name)?.instances.remove(target);
        } else {
            failed += 1;
        }
    }
    Ok(api::DeleteStackInstancesOutput {
        operation_id: operate(context, &name, input.operation_id, "DELETE", failed)?,
    })
}

pub(in super::super) fn list(
    context: &mut Context<'_>,
    input: api::ListStackInstancesInput,
) -> Result<api::ListStackInstancesOutput, ApiError> {
    let stack_set = find(context, &input.stack_set_name)?;
    let mut summaries = Vec::new();
    for (target, instance) in &stack_set.instances {
        let (account, region) = target.split_once('/').unwrap_or_default();
        let matches = |wanted: &Option<String>, have: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == have)
        };
        if !matches(&input.stack_instance_account, account)
            || !matches(&input.stack_instance_region, region)
        {
            continue;
        }
        let failed = instance.failure.is_some();
        let (status, detailed) = if failed {
            ("OUTDATED", "FAILED")
        } else {
            ("CURRENT", "SUCCEEDED")
        };
        summaries.push(api::StackInstanceSummary {
            stack_set_id: Some(stack_set.id.clone()),
            region: Some(region.to_owned()),
            account: Some(account.to_owned()),
            stack_id: instance.stack.clone(),
            status: Some(status.to_owned()),
            status_reason: instance.failure.clone(),
            stack_instance_status: Some(api::StackInstanceComprehensiveStatus {
                detailed_status: Some(detailed.to_owned()),
            }),
            organizational_unit_id: instance.unit.clone(),
            drift_status: Some("NOT_CHECKED".to_owned()),
            ..Default::default()
        });
    }
    Ok(api::ListStackInstancesOutput {
        summaries,
        next_token: None,
    })
}
