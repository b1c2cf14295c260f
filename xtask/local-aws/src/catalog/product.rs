//! Products. Their names aren't unique; a new one may not be found yet.

use super::{catalog, in_use, invalid, not_found, tag_option, token};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::{Artifact, Product};
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;

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

/// The id of a product by exactly one of its id and its name.
pub(super) fn named(
    context: &Context<'_>,
    id: Option<String>,
    name: Option<String>,
) -> Result<String, ApiError> {
    match (id, name) {
        (Some(id), None) => Ok(id),
        (None, Some(name)) => {
            let mut named = context
                .here()
                .into_iter()
                .flat_map(|here| here.catalog.products.values())
                .filter(|product| product.name == name);
            match (named.next(), named.next()) {
                (Some(product), None) => Ok(product.id.clone()),
                (None, _) => Err(not_found(format!("Product {name:?} not found."))),
                _ => Err(invalid(format!("several products are named {name:?}"))),
            }
        }
        _ => Err(invalid("exactly one of the id and the name is needed")),
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
pub(super) fn view(
    context: &Context<'_>,
    product: &Product,
    status: &str,
) -> api::ProductViewDetail {
    let texts = &product.texts;
    let source = product.source.as_ref();
    let source_connection = source.map(|source| api::SourceConnectionDetail {
        r#type: Some("CODESTAR".to_owned()),
        connection_parameters: Some(api::SourceConnectionParameters {
            code_star: Some(api::CodeStarParameters {
                connection_arn: source.connection.clone(),
                repository: source.repository.clone(),
                branch: source.branch.clone(),
                artifact_path: source.path.clone(),
            }),
        }),
        last_sync: None,
    });
    let summary = api::ProductViewSummary {
        id: Some(format!(
            "prodview-{}",
            product.id.trim_start_matches("prod-")
        )),
        product_id: Some(product.id.clone()),
        name: Some(product.name.clone()),
        owner: Some(texts.owner.clone()),
        short_description: texts.description.clone(),
        r#type: Some(product.kind.to_string()),
        distributor: texts.distributor.clone(),
        has_default_path: Some(false),
        support_email: texts.support_email.clone(),
        support_description: texts.support_description.clone(),
        support_url: texts.support_url.clone(),
    };
    api::ProductViewDetail {
        product_view_summary: Some(summary),
        status: Some(status.to_owned()),
        product_arn: Some(arn(context, &product.id)),
        created_time: Some(Time(product.created)),
        source_connection,
    }
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeProductAsAdminInput,
) -> Result<api::DescribeProductAsAdminOutput, ApiError> {
    let id = named(context, input.id, input.name)?;
    let status = match look(context, &id)? {
        Age::Settled => "AVAILABLE",
        _ => "CREATING",
    };
    let product = find(context, &id)?;
    let mut versions: Vec<&Artifact> = product.artifacts.values().collect();
    versions.sort_by_key(|version| version.order);
    let summaries = versions
        .into_iter()
        .map(|version| api::ProvisioningArtifactSummary {
            id: Some(version.id.clone()),
            name: Some(version.name.clone()),
            description: version.description.clone(),
            created_time: Some(Time(version.created)),
            provisioning_artifact_metadata: Default::default(),
        })
        .collect();
    Ok(api::DescribeProductAsAdminOutput {
        product_view_detail: Some(view(context, product, status)),
        provisioning_artifact_summaries: summaries,
        tags: all(product.tags.clone()),
        tag_options: tag_option::details(context, &product.tag_options),
        budgets: Vec::new(),
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateProductInput,
) -> Result<api::UpdateProductOutput, ApiError> {
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
    product.tags = change_tags(&product.tags, all(input.add_tags), &input.remove_tags)?;
    let product = find(context, &input.id)?;
    Ok(api::UpdateProductOutput {
        product_view_detail: Some(view(context, product, "CREATED")),
        tags: all(product.tags.clone()),
    })
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

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteProductInput,
) -> Result<api::DeleteProductOutput, ApiError> {
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
    Ok(api::DeleteProductOutput {})
}
