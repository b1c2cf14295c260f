//! Service actions: Systems Manager automations that users may run on what they launched.

use super::{catalog, in_use, invalid, not_found, page, quota, token};
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::Action;
use crate::wire::ApiError;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateServiceActionInput,
) -> Result<api::CreateServiceActionOutput, ApiError> {
    let id = add(context, input.name, input.definition, input.description)?;
    context.settle(&id);
    Ok(api::CreateServiceActionOutput {
        service_action_detail: Some(detail(context, &id)?),
    })
}

/// Makes a service action and returns its id. Names aren't unique.
pub(crate) fn add(
    context: &mut Context<'_>,
    name: String,
    definition: BTreeMap<String, String>,
    description: Option<String>,
) -> Result<String, ApiError> {
    check_name(&name)?;
    check_definition(&definition)?;
    let have = context.here().map_or(0, |here| here.catalog.actions.len());
    quota::check("service actions", have, quota::ACTIONS)?;
    let id = context.change().mint("act-");
    let action = Action {
        id: id.clone(),
        name,
        description,
        definition,
    };
    catalog(context).actions.insert(id.clone(), action);
    Ok(id)
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let fits = (1..=256).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if fits {
        Ok(())
    } else {
        Err(invalid(format!("the name {name:?} of a service action")))
    }
}

fn check_definition(definition: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for (key, value) in definition {
        let fits = match key.as_str() {
            "Name" | "Version" => !value.is_empty(),
            "AssumeRole" => value == "LAUNCH_ROLE" || value.starts_with("arn:aws:iam::"),
            "Parameters" => serde_json::from_str::<Vec<Value>>(value).is_ok(),
            _ => false,
        };
        if !fits {
            return Err(invalid(format!("Definition {key}: {value:?}")));
        }
    }
    if definition.contains_key("Name") && definition.contains_key("Version") {
        Ok(())
    } else {
        Err(invalid("Definition needs Name and Version"))
    }
}

fn missing(id: &str) -> ApiError {
    not_found(format!("Service action {id} not found."))
}

pub(super) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Action, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.actions.get(id))
        .ok_or_else(|| missing(id))
}

/// Refuses a service action that doesn't exist or can't be seen yet.
pub(super) fn look(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    find(context, id)?;
    match context.look(id) {
        Age::Unseen => Err(missing(id)),
        _ => Ok(()),
    }
}

/// `ServiceActionSummary`
pub(super) fn summary(action: &Action) -> api::ServiceActionSummary {
    api::ServiceActionSummary {
        id: Some(action.id.clone()),
        name: Some(action.name.clone()),
        description: action.description.clone(),
        definition_type: Some("SSM_AUTOMATION".to_owned()),
    }
}

fn detail(context: &Context<'_>, id: &str) -> Result<api::ServiceActionDetail, ApiError> {
    let action = find(context, id)?;
    Ok(api::ServiceActionDetail {
        service_action_summary: Some(summary(action)),
        definition: action.definition.clone(),
    })
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeServiceActionInput,
) -> Result<api::DescribeServiceActionOutput, ApiError> {
    look(context, &input.id)?;
    Ok(api::DescribeServiceActionOutput {
        service_action_detail: Some(detail(context, &input.id)?),
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateServiceActionInput,
) -> Result<api::UpdateServiceActionOutput, ApiError> {
    look(context, &input.id)?;
    change(
        context,
        &input.id,
        input.name,
        (!input.definition.is_empty()).then_some(input.definition),
        input.description,
    )?;
    Ok(api::UpdateServiceActionOutput {
        service_action_detail: Some(detail(context, &input.id)?),
    })
}

pub(crate) fn change(
    context: &mut Context<'_>,
    id: &str,
    name: Option<String>,
    definition: Option<BTreeMap<String, String>>,
    description: Option<String>,
) -> Result<(), ApiError> {
    let action = catalog(context)
        .actions
        .get_mut(id)
        .ok_or_else(|| missing(id))?;
    if let Some(name) = name {
        check_name(&name)?;
        action.name = name;
    }
    if let Some(definition) = definition {
        check_definition(&definition)?;
        action.definition = definition;
    }
    if description.is_some() {
        action.description = description;
    }
    Ok(())
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteServiceActionInput,
) -> Result<api::DeleteServiceActionOutput, ApiError> {
    look(context, &input.id)?;
    remove(context, &input.id)?;
    Ok(api::DeleteServiceActionOutput {})
}

/// Removes a service action that no version uses.
pub(crate) fn remove(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    find(context, id)?;
    let catalog = catalog(context);
    let used = catalog
        .products
        .values()
        .flat_map(|product| product.artifacts.values())
        .any(|artifact| artifact.actions.iter().any(|action| action == id));
    if used {
        return Err(in_use(format!(
            "Service action {id} is associated with versions"
        )));
    }
    catalog.actions.remove(id);
    token::forget(catalog, id);
    Ok(())
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListServiceActionsInput,
) -> Result<api::ListServiceActionsOutput, ApiError> {
    let mut actions: Vec<Action> = context
        .here()
        .map(|here| here.catalog.actions.values().cloned().collect())
        .unwrap_or_default();
    actions.retain(|action| context.look(&action.id) != Age::Unseen);
    let token = input.page_token.as_deref();
    let (some, next) = page::page(actions, input.page_size, 20, token)?;
    Ok(api::ListServiceActionsOutput {
        service_action_summaries: some.iter().map(summary).collect(),
        next_page_token: next,
    })
}
