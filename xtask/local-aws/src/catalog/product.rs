//! Products. Their names aren't unique; a new one may not be found yet.

use super::{catalog, in_use, invalid, not_found, tag_option, token};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::catalog::{Artifact, Product};
use crate::wire::ApiError;
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn check_tags(tags: &[Tag]) -> Result<(), ApiError> {
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
pub(super) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Product, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.products.get(id))
        .ok_or_else(|| not_found(format!("Product {id} not found.")))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    id: &str,
) -> Result<&'a mut Product, ApiError> {
    catalog(context)
        .products
        .get_mut(id)
        .ok_or_else(|| not_found(format!("Product {id} not found.")))
}

/// Refuses a product that doesn't exist or can't be seen yet.
pub(super) fn look(context: &mut Context<'_>, id: &str) -> Result<Age, ApiError> {
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
) -> Result<Vec<Tag>, ApiError> {
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
