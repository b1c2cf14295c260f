//! Which service actions a version offers. The batch calls answer 200 and list
//! the items that failed.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_BatchAssociateServiceActionWithProvisioningArtifact.html>

use super::{action, artifact, duplicate, invalid, not_found, page, quota};
use crate::context::{Context, Reply};
use crate::state::catalog::Action;
use crate::wire::ApiError;
use crate::wire::field;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One version and one action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Pair {
    service_action_id: String,
    product_id: String,
    provisioning_artifact_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Batch {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    service_action_associations: Vec<Pair>,
}

pub(super) fn batch_associate(context: &mut Context<'_>, input: Batch) -> Reply {
    batch(context, input, associate_pair)
}

pub(super) fn batch_disassociate(context: &mut Context<'_>, input: Batch) -> Reply {
    batch(context, input, disassociate_pair)
}

fn batch(
    context: &mut Context<'_>,
    input: Batch,
    each: fn(&mut Context<'_>, &Pair) -> Result<(), ApiError>,
) -> Reply {
    let pairs = input.service_action_associations;
    if !(1..=50).contains(&pairs.len()) {
        return Err(invalid(format!(
            "ServiceActionAssociations takes 1 to 50 items, not {}",
            pairs.len()
        )));
    }
    let mut failed = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let result = if context.faults.item_fails(context.number, index) {
            Err(ApiError::new(400, "ThrottlingException", "Rate exceeded"))
        } else {
            each(context, pair)
        };
        if let Err(refusal) = result {
            let mut item = serde_json::to_value(pair).map_err(ApiError::internal)?;
            item["ErrorCode"] = json!(match refusal.code.as_str() {
                "DuplicateResourceException" => "DUPLICATE_RESOURCE",
                "LimitExceededException" => "LIMIT_EXCEEDED",
                "ResourceNotFoundException" => "RESOURCE_NOT_FOUND",
                "ThrottlingException" => "THROTTLING",
                "InvalidParametersException" => "INVALID_PARAMETER",
                _ => "INTERNAL_FAILURE",
            });
            item["ErrorMessage"] = json!(refusal.message);
            failed.push(item);
        }
    }
    Ok(json!({ "FailedServiceActionAssociations": failed }))
}

fn associate_pair(context: &mut Context<'_>, pair: &Pair) -> Result<(), ApiError> {
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

fn disassociate_pair(context: &mut Context<'_>, pair: &Pair) -> Result<(), ApiError> {
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Single {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    product_id: String,
    provisioning_artifact_id: String,
    service_action_id: String,
    #[serde(rename = "IdempotencyToken")]
    _idempotency_token: Option<String>,
}

impl Single {
    fn pair(self) -> Pair {
        Pair {
            service_action_id: self.service_action_id,
            product_id: self.product_id,
            provisioning_artifact_id: self.provisioning_artifact_id,
        }
    }
}

pub(super) fn associate(context: &mut Context<'_>, input: Single) -> Reply {
    associate_pair(context, &input.pair())?;
    Ok(json!({}))
}

pub(super) fn disassociate(context: &mut Context<'_>, input: Single) -> Reply {
    disassociate_pair(context, &input.pair())?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListServiceActionsForProvisioningArtifact {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    product_id: String,
    provisioning_artifact_id: String,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: ListServiceActionsForProvisioningArtifact,
) -> Reply {
    artifact::look(context, &input.product_id, &input.provisioning_artifact_id)?;
    let ids = &artifact::find(context, &input.product_id, &input.provisioning_artifact_id)?.actions;
    let found: Vec<&Action> = ids
        .iter()
        .filter_map(|id| action::find(context, id).ok())
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    let summaries: Vec<Value> = some.into_iter().map(action::summary).collect();
    Ok(json!({ "ServiceActionSummaries": summaries, "NextPageToken": next }))
}
