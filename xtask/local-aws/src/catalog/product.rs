//! Products. Their names aren't unique; a new one may not be found yet.

use super::artifact::{self, Artifact, ArtifactParameters};
use super::{catalog, in_use, invalid, not_found, quota, tag_option, token};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::wire::Refusal;
use crate::wire::field::{self, Tag};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A product with its versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub id: String,
    pub name: String,
    pub texts: Texts,
    pub tags: Vec<Tag>,
    pub created: i64,
    pub artifacts: BTreeMap<String, Artifact>,
    pub tag_options: Vec<String>,
}

/// What a product says about itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub owner: String,
    pub description: Option<String>,
    pub distributor: Option<String>,
    pub support_description: Option<String>,
    pub support_email: Option<String>,
    pub support_url: Option<String>,
}

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
    context.settle(&id, context.delays);
    let product = find(context, &id)?;
    Ok(json!({
        "ProductViewDetail": view(context, product, "CREATED"),
        "ProvisioningArtifactDetail": artifact::detail(&version),
        "Tags": product.tags,
    }))
}

fn check_tags(tags: &[Tag]) -> Result<(), Refusal> {
    if tags.len() > 20 {
        return Err(invalid("more than 20 tags"));
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.len() > 128 || tag.value.len() > 256 {
            return Err(invalid(format!(
                "the tag {:?} is empty or too long",
                tag.key
            )));
        }
        if tags.iter().take(index).any(|other| other.key == tag.key) {
            return Err(invalid(format!("the tag {:?} is given twice", tag.key)));
        }
    }
    Ok(())
}

/// A product of the caller's, without a look at its age.
pub(super) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Product, Refusal> {
    context
        .here()
        .and_then(|here| here.catalog.products.get(id))
        .ok_or_else(|| not_found(format!("Product {id} not found.")))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    id: &str,
) -> Result<&'a mut Product, Refusal> {
    catalog(context)
        .products
        .get_mut(id)
        .ok_or_else(|| not_found(format!("Product {id} not found.")))
}

/// Refuses a product that doesn't exist or can't be seen yet.
pub(super) fn look(context: &mut Context<'_>, id: &str) -> Result<Age, Refusal> {
    find(context, id)?;
    match context.look(id) {
        Age::Unseen => Err(not_found(format!("Product {id} not found."))),
        age => Ok(age),
    }
}

pub(super) fn arn(context: &Context<'_>, id: &str) -> String {
    format!(
        "arn:aws:catalog:{}:{}:product/{id}",
        context.region,
        context.account()
    )
}

/// `ProductViewDetail`
pub(super) fn view(context: &Context<'_>, product: &Product, status: &str) -> Value {
    let texts = &product.texts;
    json!({
        "ProductViewSummary": {
            "Id": format!("prodview-{}", product.id.trim_start_matches("prod-")),
            "ProductId": product.id,
            "Name": product.name,
            "Owner": texts.owner,
            "ShortDescription": texts.description,
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Distributor": texts.distributor,
            "HasDefaultPath": false,
            "SupportEmail": texts.support_email,
            "SupportDescription": texts.support_description,
            "SupportUrl": texts.support_url,
        },
        "Status": status,
        "ProductARN": arn(context, &product.id),
        "CreatedTime": clock::epoch(product.created),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProductAsAdmin {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: Option<String>,
    name: Option<String>,
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribeProductAsAdmin) -> Reply {
    let id = match (input.id, input.name) {
        (Some(id), None) => id,
        (None, Some(name)) => {
            let mut named = context
                .here()
                .into_iter()
                .flat_map(|here| here.catalog.products.values())
                .filter(|product| product.name == name);
            match (named.next(), named.next()) {
                (Some(product), None) => product.id.clone(),
                (None, _) => return Err(not_found(format!("Product {name:?} not found."))),
                _ => return Err(invalid(format!("several products are named {name:?}"))),
            }
        }
        _ => return Err(invalid("exactly one of Id and Name is needed")),
    };
    let status = match look(context, &id)? {
        Age::Settled => "AVAILABLE",
        _ => "CREATING",
    };
    let product = find(context, &id)?;
    let mut versions: Vec<&Artifact> = product.artifacts.values().collect();
    versions.sort_by_key(|version| version.order);
    let summaries: Vec<Value> = versions
        .into_iter()
        .map(|version| {
            json!({
                "Id": version.id,
                "Name": version.name,
                "Description": version.description,
                "CreatedTime": clock::epoch(version.created),
            })
        })
        .collect();
    Ok(json!({
        "ProductViewDetail": view(context, product, status),
        "ProvisioningArtifactSummaries": summaries,
        "Tags": product.tags,
        "TagOptions": tag_option::details(context, &product.tag_options),
        "Budgets": [],
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UpdateProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: String,
    name: Option<String>,
    owner: Option<String>,
    description: Option<String>,
    distributor: Option<String>,
    support_description: Option<String>,
    support_email: Option<String>,
    support_url: Option<String>,
    #[serde(default, deserialize_with = "field::list")]
    add_tags: Vec<Tag>,
    #[serde(default, deserialize_with = "field::list")]
    remove_tags: Vec<String>,
}

pub(super) fn update(context: &mut Context<'_>, input: UpdateProduct) -> Reply {
    look(context, &input.id)?;
    let product = find_mut(context, &input.id)?;
    if let Some(name) = input.name {
        product.name = name;
    }
    if let Some(owner) = input.owner {
        product.texts.owner = owner;
    }
    for (text, new) in [
        (&mut product.texts.description, input.description),
        (&mut product.texts.distributor, input.distributor),
        (
            &mut product.texts.support_description,
            input.support_description,
        ),
        (&mut product.texts.support_email, input.support_email),
        (&mut product.texts.support_url, input.support_url),
    ] {
        if new.is_some() {
            *text = new;
        }
    }
    product.tags = change_tags(&product.tags, input.add_tags, &input.remove_tags)?;
    let product = find(context, &input.id)?;
    Ok(json!({
        "ProductViewDetail": view(context, product, "CREATED"),
        "Tags": product.tags,
    }))
}

/// The tags after an update: removed first, then added, where a known key takes the new value.
pub(super) fn change_tags(
    tags: &[Tag],
    add: Vec<Tag>,
    remove: &[String],
) -> Result<Vec<Tag>, Refusal> {
    check_tags(&add)?;
    let mut tags: Vec<Tag> = tags
        .iter()
        .filter(|tag| !remove.contains(&tag.key) && !add.iter().any(|new| new.key == tag.key))
        .cloned()
        .collect();
    tags.extend(add);
    if tags.len() > 50 {
        return Err(invalid("more than 50 tags"));
    }
    Ok(tags)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeleteProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: String,
}

pub(super) fn delete(context: &mut Context<'_>, input: DeleteProduct) -> Reply {
    look(context, &input.id)?;
    let catalog = catalog(context);
    if let Some(portfolio) = catalog
        .portfolios
        .values()
        .find(|portfolio| portfolio.products.contains(&input.id))
    {
        return Err(in_use(format!(
            "Product {} is associated with portfolio {}",
            input.id, portfolio.id
        )));
    }
    let used = |id: &str| catalog.provisioned.values().any(|one| one.product == id);
    if used(&input.id) {
        return Err(in_use(format!(
            "Product {} has provisioned products",
            input.id
        )));
    }
    catalog.products.remove(&input.id);
    token::forget(catalog, &input.id);
    Ok(json!({}))
}
