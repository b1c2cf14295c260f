//! SearchProductsAsAdmin: at most 20 a page, filtered by words, in no order
//! unless one is asked for.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_SearchProductsAsAdmin.html>

use super::{invalid, page, portfolio, product};
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::Product;
use crate::wire::ApiError;
use std::collections::BTreeMap;

pub(super) fn search(
    context: &mut Context<'_>,
    input: api::SearchProductsAsAdminInput,
) -> Result<api::SearchProductsAsAdminOutput, ApiError> {
    if input
        .product_source
        .as_deref()
        .is_some_and(|source| source != "ACCOUNT")
    {
        return Err(invalid("ProductSource can only be ACCOUNT"));
    }
    if input.filters.contains_key("SourceProductId") {
        return Err(invalid("the local AWS has no filter SourceProductId"));
    }
    let mut found: Vec<Product> = match &input.portfolio_id {
        Some(id) => products_of(context, id)?,
        None => context
            .here()
            .map(|here| here.catalog.products.values().cloned().collect())
            .unwrap_or_default(),
    };
    found.retain(|product| context.look(&product.id) != Age::Unseen);
    found.retain(|product| matches(product, &input.filters));
    match input.sort_by.as_deref() {
        // By id, which says nothing.
        None => {}
        Some("Title") => found.sort_by(|a, b| a.name.cmp(&b.name)),
        Some("VersionCount") => found.sort_by_key(|product| product.artifacts.len()),
        Some(_) => found.sort_by_key(|product| product.created),
    }
    if input.sort_order.as_deref() == Some("DESCENDING") {
        found.reverse();
    }
    let (found, next) = page::page(found, input.page_size, 20, input.page_token.as_deref())?;
    let views = found
        .iter()
        .map(|product| product::view(context, product, "CREATED"))
        .collect();
    Ok(api::SearchProductsAsAdminOutput {
        product_view_details: views,
        next_page_token: next,
    })
}

/// The products of a portfolio of the caller's, or of one shared with the caller.
fn products_of(context: &mut Context<'_>, id: &str) -> Result<Vec<Product>, ApiError> {
    let region = match context
        .here()
        .filter(|here| here.catalog.portfolios.contains_key(id))
    {
        Some(here) => here,
        None => {
            let owner = portfolio::owner(context, id)?.to_owned();
            context
                .state
                .region(&owner, &context.region)
                .ok_or_else(|| portfolio::missing(id))?
        }
    };
    let portfolio = region
        .catalog
        .portfolios
        .get(id)
        .ok_or_else(|| portfolio::missing(id))?;
    Ok(portfolio
        .products
        .iter()
        .filter_map(|product| region.catalog.products.get(product).cloned())
        .collect())
}

/// Every filter has to match; of the values of one filter, any.
fn matches(product: &Product, filters: &BTreeMap<String, Vec<String>>) -> bool {
    let texts = &product.texts;
    filters.iter().all(|(filter, values)| {
        values.iter().any(|value| match filter.as_str() {
            "Owner" => texts.owner == *value,
            "ProductType" => value == product.kind.as_str(),
            _ => {
                let word = value.to_lowercase();
                [
                    Some(&product.name),
                    texts.description.as_ref(),
                    Some(&texts.owner),
                ]
                .into_iter()
                .flatten()
                .any(|text| text.to_lowercase().contains(&word))
            }
        })
    })
}
