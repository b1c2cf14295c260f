//! Creating a product, which comes with its first version.

use super::artifact::{self, ArtifactParameters};
use super::product::{check_tags, find, view};
use super::{catalog, invalid, quota};
use crate::context::{Context, Reply};
use crate::state::catalog::{Product, Texts};
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    name: String,
    owner: String,
    description: Option<String>,
    distributor: Option<String>,
    support_description: Option<String>,
    support_email: Option<String>,
    support_url: Option<String>,
    product_type: String,
    #[serde(default, deserialize_with = "field::list")]
    tags: Vec<Tag>,
    provisioning_artifact_parameters: Option<ArtifactParameters>,
    #[serde(rename = "IdempotencyToken")]
    _idempotency_token: String,
}

pub(super) fn create(context: &mut Context<'_>, input: CreateProduct) -> Reply {
    if input.product_type != "CLOUD_FORMATION_TEMPLATE" {
        return Err(invalid(format!(
            "the local AWS has no ProductType {}",
            input.product_type
        )));
    }
    if input.name.is_empty() || input.owner.is_empty() {
        return Err(invalid("Name and Owner must not be empty"));
    }
    check_tags(&input.tags)?;
    let parameters = input
        .provisioning_artifact_parameters
        .ok_or_else(|| invalid("ProvisioningArtifactParameters is missing"))?;
    let have = context.here().map_or(0, |here| here.catalog.products.len());
    quota::check("products", have, quota::PRODUCTS)?;

    let id = context.change().mint("prod-");
    let product = Product {
        id: id.clone(),
        name: input.name,
        texts: Texts {
            owner: input.owner,
            description: input.description,
            distributor: input.distributor,
            support_description: input.support_description,
            support_email: input.support_email,
            support_url: input.support_url,
        },
        tags: input.tags,
        created: context.now,
        artifacts: BTreeMap::new(),
        tag_options: Vec::new(),
    };
    catalog(context).products.insert(id.clone(), product);
    let version = artifact::add(context, &id, parameters)?;
    context.settle(&id);
    let product = find(context, &id)?;
    Ok(json!({
        "ProductViewDetail": view(context, product, "CREATED"),
        "ProvisioningArtifactDetail": artifact::detail(&version),
        "Tags": product.tags,
    }))
}
