//! Which service actions a version offers. The batch calls answer 200 and list
//! the items that failed.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_BatchAssociateServiceActionWithProvisioningArtifact.html>

use super::{action, artifact, duplicate, not_found, page, quota};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::catalog::Action;
use crate::wire::ApiError;

pub(super) fn batch_associate(
    context: &mut Context<'_>,
    input: api::BatchAssociateServiceActionWithProvisioningArtifactInput,
) -> Result<api::BatchAssociateServiceActionWithProvisioningArtifactOutput, ApiError> {
    let failed = batch(context, input.service_action_associations, associate_pair);
    Ok(
        api::BatchAssociateServiceActionWithProvisioningArtifactOutput {
            failed_service_action_associations: failed,
        },
    )
}

pub(super) fn batch_disassociate(
    context: &mut Context<'_>,
    input: api::BatchDisassociateServiceActionFromProvisioningArtifactInput,
) -> Result<api::BatchDisassociateServiceActionFromProvisioningArtifactOutput, ApiError> {
    let failed = batch(
        context,
        input.service_action_associations,
        disassociate_pair,
    );
    Ok(
        api::BatchDisassociateServiceActionFromProvisioningArtifactOutput {
            failed_service_action_associations: failed,
        },
    )
}

fn batch(
    context: &mut Context<'_>,
    pairs: Vec<api::ServiceActionAssociation>,
    each: fn(&mut Context<'_>, &api::ServiceActionAssociation) -> Result<(), ApiError>,
) -> Vec<api::FailedServiceActionAssociation> {
    let mut failed = Vec::new();
    for (index, pair) in pairs.into_iter().enumerate() {
        let result = if context.faults.item_fails(context.number, index) {
            Err(ApiError::new(400, "ThrottlingException", "Rate exceeded"))
        } else {
            each(context, &pair)
        };
        if let Err(refusal) = result {
            let code = match refusal.code.as_str() {
                "DuplicateResourceException" => "DUPLICATE_RESOURCE",
                "LimitExceededException" => "LIMIT_EXCEEDED",
                "ResourceNotFoundException" => "RESOURCE_NOT_FOUND",
                "ThrottlingException" => "THROTTLING",
                "InvalidParametersException" => "INVALID_PARAMETER",
                _ => "INTERNAL_FAILURE",
            };
            failed.push(api::FailedServiceActionAssociation {
                service_action_id: Some(pair.service_action_id),
                product_id: Some(pair.product_id),
                provisioning_artifact_id: Some(pair.provisioning_artifact_id),
                error_code: Some(code.to_owned()),
                error_message: Some(refusal.message),
            });
        }
    }
    failed
}

fn associate_pair(
    context: &mut Context<'_>,
    pair: &api::ServiceActionAssociation,
) -> Result<(), ApiError> {
    artifact::look(context, &pair.product_id, &pair.provisioning_artifact_id)?;
    action::look(context, &pair.service_action_id)?;
    add(
        context,
        &pair.product_id,
        &pair.provisioning_artifact_id,
        &pair.service_action_id,
    )
}

/// Offers an action on a version.
pub(crate) fn add(
    context: &mut Context<'_>,
    product_id: &str,
    artifact_id: &str,
    action_id: &str,
) -> Result<(), ApiError> {
    action::find(context, action_id)?;
    let artifact = artifact::find_mut(context, product_id, artifact_id)?;
    if artifact.actions.iter().any(|id| id == action_id) {
        return Err(duplicate(format!(
            "Service action {action_id} is associated with {artifact_id}"
        )));
    }
    quota::check(
        "actions of a version",
        artifact.actions.len(),
        quota::ACTIONS_OF_VERSION,
    )?;
    artifact.actions.push(action_id.to_owned());
    Ok(())
}

fn disassociate_pair(
    context: &mut Context<'_>,
    pair: &api::ServiceActionAssociation,
) -> Result<(), ApiError> {
    artifact::look(context, &pair.product_id, &pair.provisioning_artifact_id)?;
    remove(
        context,
        &pair.product_id,
        &pair.provisioning_artifact_id,
        &pair.service_action_id,
    )
}

pub(crate) fn remove(
    context: &mut Context<'_>,
    product_id: &str,
    artifact_id: &str,
    action_id: &str,
) -> Result<(), ApiError> {
    let actions = &mut artifact::find_mut(context, product_id, artifact_id)?.actions;
    let before = actions.len();
    actions.retain(|id| id != action_id);
    if actions.len() == before {
        return Err(not_found(format!(
            "Service action {action_id} isn't associated with {artifact_id}."
        )));
    }
    Ok(())
}

pub(super) fn associate(
    context: &mut Context<'_>,
    input: api::AssociateServiceActionWithProvisioningArtifactInput,
) -> Result<api::AssociateServiceActionWithProvisioningArtifactOutput, ApiError> {
    let pair = api::ServiceActionAssociation {
        service_action_id: input.service_action_id,
        product_id: input.product_id,
        provisioning_artifact_id: input.provisioning_artifact_id,
    };
    associate_pair(context, &pair)?;
    Ok(api::AssociateServiceActionWithProvisioningArtifactOutput {})
}

pub(super) fn disassociate(
    context: &mut Context<'_>,
    input: api::DisassociateServiceActionFromProvisioningArtifactInput,
) -> Result<api::DisassociateServiceActionFromProvisioningArtifactOutput, ApiError> {
    let pair = api::ServiceActionAssociation {
        service_action_id: input.service_action_id,
        product_id: input.product_id,
        provisioning_artifact_id: input.provisioning_artifact_id,
    };
    disassociate_pair(context, &pair)?;
    Ok(api::DisassociateServiceActionFromProvisioningArtifactOutput {})
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListServiceActionsForProvisioningArtifactInput,
) -> Result<api::ListServiceActionsForProvisioningArtifactOutput, ApiError> {
    artifact::look(context, &input.product_id, &input.provisioning_artifact_id)?;
    let ids = &artifact::find(context, &input.product_id, &input.provisioning_artifact_id)?.actions;
    let found: Vec<&Action> = ids
        .iter()
        .filter_map(|id| action::find(context, id).ok())
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::ListServiceActionsForProvisioningArtifactOutput {
        service_action_summaries: some.into_iter().map(action::summary).collect(),
        next_page_token: next,
    })
}
