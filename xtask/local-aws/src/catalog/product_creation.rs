//! Creating a product, which comes with its first version.

use super::artifact;
use super::product::{check_tags, find, view};
use super::{catalog, invalid, quota};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::catalog::{Product, Texts};
use crate::state::tag::all;
use crate::wire::ApiError;
use compute_catalog::product::ProductType;
use std::collections::BTreeMap;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateProductInput,
) -> Result<api::CreateProductOutput, ApiError> {
    let kind = match input.product_type.as_str() {
        "CLOUD_FORMATION_TEMPLATE" => ProductType::CloudFormationTemplate,
        "EXTERNAL" => ProductType::External,
        // <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/update_terraform_open_source_to_external.html>
        "TERRAFORM_OPEN_SOURCE" => {
            return Err(invalid(
                "no new products of the type TERRAFORM_OPEN_SOURCE are made; use EXTERNAL",
            ));
        }
        other => {
            return Err(invalid(format!("the local AWS has no ProductType {other}")));
        }
    };
    if input.owner.is_empty() {
        return Err(invalid("Owner must not be empty"));
    }
    let tags = all(input.tags);
    check_tags(&tags)?;
    let parameters = input
        .provisioning_artifact_parameters
        .ok_or_else(|| invalid("ProvisioningArtifactParameters is missing"))?;
    let have = context.here().map_or(0, |here| here.catalog.products.len());
    quota::check("products", have, quota::PRODUCTS)?;

    let id = context.change().mint("prod-");
    let product = Product {
        id: id.clone(),
        name: input.name,
        kind,
        texts: Texts {
            owner: input.owner,
            description: input.description,
            distributor: input.distributor,
            support_description: input.support_description,
            support_email: input.support_email,
            support_url: input.support_url,
        },
        tags,
        created: context.now,
        artifacts: BTreeMap::new(),
        tag_options: Vec::new(),
        source: None,
    };
    catalog(context).products.insert(id.clone(), product);
    let version = artifact::add(context, &id, parameters)?;
    context.settle(&id);
    let product = find(context, &id)?;
    Ok(api::CreateProductOutput {
        product_view_detail: Some(view(context, product, "CREATED")),
        provisioning_artifact_detail: Some(artifact::detail(kind, &version)),
        tags: all(product.tags.clone()),
    })
}
