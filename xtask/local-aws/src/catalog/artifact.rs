//! Versions of a product, "provisioning artifacts" in the API. Body, type and
//! validation are fixed at creation; name, description, activity and guidance
//! can be changed. Names aren't unique.

use super::template::Template;
use super::{catalog, in_use, invalid, not_found, product, quota, token};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::s3;
use crate::state::catalog::Artifact;
use crate::wire::ApiError;
use compute_catalog::product::ProductType;
use std::collections::BTreeMap;

/// Creates a version of a product that is there.
pub(super) fn add(
    context: &mut Context<'_>,
    product_id: &str,
    parameters: api::ProvisioningArtifactProperties,
) -> Result<Artifact, ApiError> {
    let url = match parameters.info.first_key_value() {
        Some((key, url)) if parameters.info.len() == 1 && key == "LoadTemplateFromURL" => url,
        _ => {
            return Err(invalid(format!(
                "Info takes exactly LoadTemplateFromURL here, not {:?}",
                parameters.info.keys()
            )));
        }
    };
    // <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/productmgmt-update.html>
    let of_product = product::find(context, product_id)?.kind;
    let given = parameters.r#type.as_deref();
    if given.is_some_and(|given| given != of_product.as_str())
        || given.is_none() && of_product == ProductType::External
    {
        return Err(invalid(format!(
            "a version of the product {product_id} has the Type {of_product}, not {}",
            given.unwrap_or("CLOUD_FORMATION_TEMPLATE")
        )));
    }
    let name = parameters.name.unwrap_or_else(|| "-".to_owned());
    if name.contains(char::is_whitespace) {
        return Err(invalid(format!(
            "the version name {name:?} has blanks in it"
        )));
    }
    let body = s3::read(context, url).map_err(invalid)?;
    // What an engine reads is stored and not looked into.
    // <https://github.com/aws-samples/service-catalog-engine-for-terraform-os#what-is-an-external-product-engine>
    let is_template = of_product == ProductType::CloudFormationTemplate;
    if is_template && parameters.disable_template_validation != Some(true) {
        Template::read(&body).map_err(|error| invalid(format!("Invalid templateBody: {error}")))?;
    }
    let have = product::find(context, product_id)?.artifacts.len();
    quota::check("versions of a product", have, quota::VERSIONS_OF_PRODUCT)?;
    let id = context.change().mint("pa-");
    let frozen = format!("{product_id}/{id}.template");
    s3::freeze(context, &frozen, &body)?;
    let artifacts = &mut product::find_mut(context, product_id)?.artifacts;
    let order = artifacts.values().map(|other| other.order + 1).max();
    let failed = context.faults.failed_versions.contains(&name);
    let artifact = Artifact {
        id: id.clone(),
        name,
        description: parameters.description,
        created: context.now,
        order: order.unwrap_or(0),
        active: true,
        guidance: "DEFAULT".to_owned(),
        failed,
        frozen,
        actions: Vec::new(),
    };
    product::find_mut(context, product_id)?
        .artifacts
        .insert(id.clone(), artifact.clone());
    context.settle(&id);
    Ok(artifact)
}

pub(super) fn find<'a>(
    context: &'a Context<'_>,
    product_id: &str,
    id: &str,
) -> Result<&'a Artifact, ApiError> {
    product::find(context, product_id)?
        .artifacts
        .get(id)
        .ok_or_else(|| missing(product_id, id))
}

/// The id of a version by exactly one of its id and its name.
pub(super) fn named(
    context: &Context<'_>,
    product_id: &str,
    id: Option<String>,
    name: Option<String>,
) -> Result<String, ApiError> {
    let artifacts = &product::find(context, product_id)?.artifacts;
    match (id, name) {
        (Some(id), None) => Ok(id),
        (None, Some(name)) => {
            let mut named = artifacts.values().filter(|artifact| artifact.name == name);
            match (named.next(), named.next()) {
                (Some(artifact), None) => Ok(artifact.id.clone()),
                (None, _) => Err(missing(product_id, &name)),
                _ => Err(invalid(format!("several versions are named {name:?}"))),
            }
        }
        _ => Err(invalid(
            "exactly one of ProvisioningArtifactId and ProvisioningArtifactName is needed",
        )),
    }
}

fn missing(product_id: &str, id: &str) -> ApiError {
    not_found(format!(
        "Provisioning artifact {id} for product {product_id} not found."
    ))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    product_id: &str,
    id: &str,
) -> Result<&'a mut Artifact, ApiError> {
    product::find_mut(context, product_id)?
        .artifacts
        .get_mut(id)
        .ok_or_else(|| missing(product_id, id))
}

/// Refuses a version that doesn't exist or can't be seen yet.
pub(super) fn look(context: &mut Context<'_>, product_id: &str, id: &str) -> Result<Age, ApiError> {
    product::look(context, product_id)?;
    find(context, product_id, id)?;
    match context.look(id) {
        Age::Unseen => Err(missing(product_id, id)),
        age => Ok(age),
    }
}

/// `ProvisioningArtifactDetail`
pub(super) fn detail(kind: ProductType, artifact: &Artifact) -> api::ProvisioningArtifactDetail {
    api::ProvisioningArtifactDetail {
        id: Some(artifact.id.clone()),
        name: Some(artifact.name.clone()),
        description: artifact.description.clone(),
        r#type: Some(kind.to_string()),
        created_time: Some(Time(artifact.created)),
        active: Some(artifact.active),
        guidance: Some(artifact.guidance.clone()),
        source_revision: None,
    }
}

fn status(artifact: &Artifact, age: Age) -> String {
    let status = match (age, artifact.failed) {
        (Age::Settled, true) => "FAILED",
        (Age::Settled, false) => "AVAILABLE",
        _ => "CREATING",
    };
    status.to_owned()
}

/// `Info`
fn info(context: &Context<'_>, artifact: &Artifact) -> BTreeMap<String, String> {
    let url = s3::frozen_url(context, &artifact.frozen);
    BTreeMap::from([("TemplateUrl".to_owned(), url)])
}

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateProvisioningArtifactInput,
) -> Result<api::CreateProvisioningArtifactOutput, ApiError> {
    product::look(context, &input.product_id)?;
    let artifact = add(context, &input.product_id, input.parameters)?;
    let kind = product::find(context, &input.product_id)?.kind;
    Ok(api::CreateProvisioningArtifactOutput {
        provisioning_artifact_detail: Some(detail(kind, &artifact)),
        info: info(context, &artifact),
        status: Some(status(&artifact, Age::Pending)),
    })
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeProvisioningArtifactInput,
) -> Result<api::DescribeProvisioningArtifactOutput, ApiError> {
    let product_id = input
        .product_id
        .ok_or_else(|| invalid("ProductId is missing"))?;
    product::look(context, &product_id)?;
    let id = named(
        context,
        &product_id,
        input.provisioning_artifact_id,
        input.provisioning_artifact_name,
    )?;
    find(context, &product_id, &id)?;
    let age = context.look(&id);
    if age == Age::Unseen {
        return Err(missing(&product_id, &id));
    }
    let kind = product::find(context, &product_id)?.kind;
    let artifact = find(context, &product_id, &id)?;
    let parameters = if input.include_provisioning_artifact_parameters == Some(true) {
        Template::frozen(context, kind, artifact)?.parameters()
    } else {
        Vec::new()
    };
    Ok(api::DescribeProvisioningArtifactOutput {
        provisioning_artifact_detail: Some(detail(kind, artifact)),
        info: info(context, artifact),
        status: Some(status(artifact, age)),
        provisioning_artifact_parameters: parameters,
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateProvisioningArtifactInput,
) -> Result<api::UpdateProvisioningArtifactOutput, ApiError> {
    let (product_id, id) = (&input.product_id, &input.provisioning_artifact_id);
    let age = look(context, product_id, id)?;
    if let Some(name) = &input.name
        && name.contains(char::is_whitespace)
    {
        return Err(invalid(format!(
            "the version name {name:?} has blanks in it"
        )));
    }
    let artifact = find_mut(context, product_id, id)?;
    if let Some(name) = input.name {
        artifact.name = name;
    }
    if input.description.is_some() {
        artifact.description = input.description;
    }
    artifact.active = input.active.unwrap_or(artifact.active);
    if let Some(guidance) = input.guidance {
        artifact.guidance = guidance;
    }
    let kind = product::find(context, product_id)?.kind;
    let artifact = find(context, product_id, id)?;
    Ok(api::UpdateProvisioningArtifactOutput {
        provisioning_artifact_detail: Some(detail(kind, artifact)),
        info: info(context, artifact),
        status: Some(status(artifact, age)),
    })
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteProvisioningArtifactInput,
) -> Result<api::DeleteProvisioningArtifactOutput, ApiError> {
    let (product_id, id) = (&input.product_id, &input.provisioning_artifact_id);
    look(context, product_id, id)?;
    if product::find(context, product_id)?.artifacts.len() == 1 {
        return Err(in_use(format!("{id} is the last version of {product_id}")));
    }
    let catalog = catalog(context);
    if catalog.provisioned.values().any(|one| one.artifact == *id) {
        return Err(in_use(format!("{id} has provisioned products")));
    }
    if let Some(product) = catalog.products.get_mut(product_id) {
        product.artifacts.remove(id);
    }
    token::forget(catalog, id);
    Ok(api::DeleteProvisioningArtifactOutput {})
}

/// All of them at once: the operation takes no page token.
pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListProvisioningArtifactsInput,
) -> Result<api::ListProvisioningArtifactsOutput, ApiError> {
    product::look(context, &input.product_id)?;
    let product = product::find(context, &input.product_id)?;
    let kind = product.kind;
    let mut artifacts: Vec<Artifact> = product.artifacts.values().cloned().collect();
    artifacts.sort_by_key(|artifact| artifact.order);
    artifacts.retain(|artifact| context.look(&artifact.id) != Age::Unseen);
    Ok(api::ListProvisioningArtifactsOutput {
        provisioning_artifact_details: artifacts.iter().map(|one| detail(kind, one)).collect(),
        next_page_token: None,
    })
}
