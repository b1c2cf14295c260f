//! Provisioned products: who runs which version. Nothing is launched; a
//! provisioned product is a record that names a product, a version and its parameters.

use super::{artifact, catalog, duplicate, invalid, not_found, product, record};
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::Provisioned;
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;

pub(super) fn provision(
    context: &mut Context<'_>,
    input: api::ProvisionProductInput,
) -> Result<api::ProvisionProductOutput, ApiError> {
    let (Some(product_id), Some(artifact_id)) = (input.product_id, input.provisioning_artifact_id)
    else {
        return Err(invalid(
            "the local AWS needs ProductId and ProvisioningArtifactId, not the names",
        ));
    };
    let age = artifact::look(context, &product_id, &artifact_id)?;
    let version = artifact::find(context, &product_id, &artifact_id)?;
    if age != Age::Settled || version.failed || !version.active || version.guidance == "DEPRECATED"
    {
        return Err(invalid(format!("version {artifact_id} can't be launched")));
    }
    let mut portfolios = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.portfolios.values());
    if !portfolios.any(|one| one.products.contains(&product_id)) {
        return Err(not_found(format!(
            "No launch paths found for resource: {product_id}"
        )));
    }
    let name = input.provisioned_product_name;
    let mut others = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.provisioned.values());
    if others.any(|other| other.name == name) {
        return Err(duplicate(format!(
            "a provisioned product named {name} exists"
        )));
    }
    let id = context.change().mint("pp-");
    let provisioned = Provisioned {
        id: id.clone(),
        name,
        product: product_id,
        artifact: artifact_id,
        parameters: input
            .provisioning_parameters
            .into_iter()
            .map(|one| Tag {
                key: one.key.unwrap_or_default(),
                value: one.value.unwrap_or_default(),
            })
            .collect(),
        tags: all(input.tags),
        created: context.now,
        user: context.caller.arn.clone(),
        last_record: String::new(),
    };
    catalog(context)
        .provisioned
        .insert(id.clone(), provisioned.clone());
    let detail = record::add(context, provisioned, "PROVISION_PRODUCT");
    Ok(api::ProvisionProductOutput {
        record_detail: Some(detail),
    })
}

/// A provisioned product by exactly one of its id and its name.
pub(super) fn find(
    context: &Context<'_>,
    id: Option<&String>,
    name: Option<&String>,
) -> Result<Provisioned, ApiError> {
    let matches = |one: &&Provisioned| match (id, name) {
        (Some(id), None) => one.id == *id,
        (None, Some(name)) => one.name == *name,
        _ => false,
    };
    if id.is_some() == name.is_some() {
        return Err(invalid("exactly one of the id and the name is needed"));
    }
    context
        .here()
        .and_then(|here| here.catalog.provisioned.values().find(matches))
        .cloned()
        .ok_or_else(|| not_found("Provisioned product not found."))
}

/// To any version that is active, also a deprecated one.
pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateProvisionedProductInput,
) -> Result<api::UpdateProvisionedProductOutput, ApiError> {
    let mut provisioned = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    let product_id = input
        .product_id
        .unwrap_or_else(|| provisioned.product.clone());
    product::look(context, &product_id)?;
    let artifact_id = input
        .provisioning_artifact_id
        .unwrap_or_else(|| provisioned.artifact.clone());
    artifact::look(context, &product_id, &artifact_id)?;
    let version = artifact::find(context, &product_id, &artifact_id)?;
    if version.failed || !version.active {
        return Err(invalid(format!(
            "version {artifact_id} can't be updated to"
        )));
    }
    provisioned.product = product_id;
    provisioned.artifact = artifact_id;
    for parameter in input.provisioning_parameters {
        if parameter.use_previous_value == Some(true) {
            continue;
        }
        let key = parameter.key.unwrap_or_default();
        provisioned.parameters.retain(|old| old.key != key);
        provisioned.parameters.push(Tag {
            key,
            value: parameter.value.unwrap_or_default(),
        });
    }
    let id = provisioned.id.clone();
    catalog(context).provisioned.insert(id, provisioned.clone());
    let detail = record::add(context, provisioned, "UPDATE_PROVISIONED_PRODUCT");
    Ok(api::UpdateProvisionedProductOutput {
        record_detail: Some(detail),
    })
}

pub(super) fn terminate(
    context: &mut Context<'_>,
    input: api::TerminateProvisionedProductInput,
) -> Result<api::TerminateProvisionedProductOutput, ApiError> {
    let provisioned = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    catalog(context).provisioned.remove(&provisioned.id);
    let detail = record::add(context, provisioned, "TERMINATE_PROVISIONED_PRODUCT");
    Ok(api::TerminateProvisionedProductOutput {
        record_detail: Some(detail),
    })
}
