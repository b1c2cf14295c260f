//! Service actions on what was launched: Systems Manager automations, run under the launch role.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ExecuteProvisionedProductServiceAction.html>

use super::{action, artifact, not_found, provisioned, record};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::catalog::{Provisioned, Work};
use crate::wire::ApiError;

/// A provisioned product whose version offers an action.
fn offered(
    context: &mut Context<'_>,
    id: &String,
    action_id: &str,
) -> Result<Provisioned, ApiError> {
    let one = provisioned::find(context, Some(id), None)?;
    action::look(context, action_id)?;
    let version = artifact::find(context, &one.product, &one.artifact)?;
    if !version.actions.iter().any(|other| other == action_id) {
        return Err(not_found(format!(
            "Service action {action_id} isn't associated with {}.",
            one.artifact
        )));
    }
    Ok(one)
}

/// What the action's definition asks for: parameters of type `TARGET` get the instance by itself.
pub(super) fn parameters(
    context: &mut Context<'_>,
    input: api::DescribeServiceActionExecutionParametersInput,
) -> Result<api::DescribeServiceActionExecutionParametersOutput, ApiError> {
    offered(
        context,
        &input.provisioned_product_id,
        &input.service_action_id,
    )?;
    let definition = &action::find(context, &input.service_action_id)?.definition;
    let given = definition.get("Parameters").map_or("[]", String::as_str);
    let given: Vec<serde_json::Value> = serde_json::from_str(given).map_err(ApiError::internal)?;
    let text = |one: &serde_json::Value, name: &str| one[name].as_str().map(str::to_owned);
    Ok(api::DescribeServiceActionExecutionParametersOutput {
        service_action_parameters: given
            .iter()
            .map(|one| api::ExecutionParameter {
                name: text(one, "Name"),
                r#type: text(one, "Type"),
                default_values: Vec::new(),
            })
            .collect(),
    })
}

pub(super) fn execute(
    context: &mut Context<'_>,
    input: api::ExecuteProvisionedProductServiceActionInput,
) -> Result<api::ExecuteProvisionedProductServiceActionOutput, ApiError> {
    let one = offered(
        context,
        &input.provisioned_product_id,
        &input.service_action_id,
    )?;
    provisioned::check_idle(context, &one)?;
    let role = provisioned::launch_role(context, &one.path, &one.product)?;
    let work = Work::Action {
        action: input.service_action_id,
        parameters: input.parameters,
    };
    Ok(api::ExecuteProvisionedProductServiceActionOutput {
        record_detail: Some(record::add(context, &one, work, role)),
    })
}
