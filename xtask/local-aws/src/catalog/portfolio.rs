//! Portfolios and the products in them.

use super::product::{self, change_tags};
use super::{catalog, in_use, invalid, not_found, page, quota, tag_option, token};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::catalog::Portfolio;
use crate::wire::ApiError;
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreatePortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    display_name: String,
    description: Option<String>,
    provider_name: String,
    #[serde(default, deserialize_with = "field::list")]
    tags: Vec<Tag>,
    #[serde(rename = "IdempotencyToken")]
    _idempotency_token: String,
}

pub(super) fn create(context: &mut Context<'_>, input: CreatePortfolio) -> Reply {
    let id = add(
        context,
        input.display_name,
        input.description,
        input.provider_name,
        input.tags,
    )?;
    context.settle(&id);
    let portfolio = find(context, &id)?;
    Ok(json!({
        "PortfolioDetail": detail(context, portfolio),
        "Tags": portfolio.tags,
    }))
}

/// Makes a portfolio and returns its id. Names aren't unique.
pub(crate) fn add(
    context: &mut Context<'_>,
    name: String,
    description: Option<String>,
    provider: String,
    tags: Vec<Tag>,
) -> Result<String, ApiError> {
    check_names(&name, &provider)?;
    let tags = change_tags(&[], tags, &[])?;
    let have = context
        .here()
        .map_or(0, |here| here.catalog.portfolios.len());
    quota::check("portfolios", have, quota::PORTFOLIOS)?;
    let id = context.change().mint("port-");
    let portfolio = Portfolio {
        id: id.clone(),
        name,
        description,
        provider,
        tags,
        created: context.now,
        products: BTreeSet::new(),
        principals: BTreeSet::new(),
        tag_options: Vec::new(),
        shares: Vec::new(),
    };
    catalog(context).portfolios.insert(id.clone(), portfolio);
    Ok(id)
}

fn check_names(name: &str, provider: &str) -> Result<(), ApiError> {
    if !(1..=100).contains(&name.chars().count()) {
        return Err(invalid("DisplayName takes 1 to 100 characters"));
    }
    if !(1..=50).contains(&provider.chars().count()) {
        return Err(invalid("ProviderName takes 1 to 50 characters"));
    }
    Ok(())
}

pub(super) fn missing(id: &str) -> ApiError {
    not_found(format!("Portfolio {id} not found."))
}

pub(crate) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Portfolio, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.portfolios.get(id))
        .ok_or_else(|| missing(id))
}

pub(crate) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    id: &str,
) -> Result<&'a mut Portfolio, ApiError> {
    catalog(context)
        .portfolios
        .get_mut(id)
        .ok_or_else(|| missing(id))
}

/// Refuses a portfolio that doesn't exist or can't be seen yet.
pub(super) fn look(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    find(context, id)?;
    match context.look(id) {
        Age::Unseen => Err(missing(id)),
        _ => Ok(()),
    }
}

/// The account whose portfolio of this id is shared with the caller.
pub(super) fn owner<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a str, ApiError> {
    let caller = context.account();
    context
        .state
        .accounts
        .iter()
        .find(|(_, account)| {
            account
                .regions
                .get(&context.region)
                .and_then(|region| region.catalog.portfolios.get(id))
                .is_some_and(|one| one.shares.iter().any(|share| share.principal == caller))
        })
        .map(|(account, _)| account.as_str())
        .ok_or_else(|| not_found(format!("Portfolio {id} not found.")))
}

/// `PortfolioDetail`
pub(super) fn detail(context: &Context<'_>, portfolio: &Portfolio) -> Value {
    json!({
        "Id": portfolio.id,
        "ARN": arn(context, &portfolio.id),
        "DisplayName": portfolio.name,
        "Description": portfolio.description,
        "CreatedTime": clock::epoch(portfolio.created),
        "ProviderName": portfolio.provider,
    })
}

pub(super) fn arn(context: &Context<'_>, id: &str) -> String {
    format!(
        "arn:aws:catalog:{}:{}:portfolio/{id}",
        context.region,
        context.account()
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: String,
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribePortfolio) -> Reply {
    look(context, &input.id)?;
    let portfolio = find(context, &input.id)?;
    Ok(json!({
        "PortfolioDetail": detail(context, portfolio),
        "Tags": portfolio.tags,
        "TagOptions": tag_option::details(context, &portfolio.tag_options),
        "Budgets": [],
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UpdatePortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: String,
    display_name: Option<String>,
    description: Option<String>,
    provider_name: Option<String>,
    #[serde(default, deserialize_with = "field::list")]
    add_tags: Vec<Tag>,
    #[serde(default, deserialize_with = "field::list")]
    remove_tags: Vec<String>,
}

pub(super) fn update(context: &mut Context<'_>, input: UpdatePortfolio) -> Reply {
    look(context, &input.id)?;
    let portfolio = find_mut(context, &input.id)?;
    if let Some(name) = input.display_name {
        portfolio.name = name;
    }
    if input.description.is_some() {
        portfolio.description = input.description;
    }
    if let Some(provider) = input.provider_name {
        portfolio.provider = provider;
    }
    check_names(&portfolio.name, &portfolio.provider)?;
    portfolio.tags = change_tags(&portfolio.tags, input.add_tags, &input.remove_tags)?;
    let portfolio = find(context, &input.id)?;
    Ok(json!({
        "PortfolioDetail": detail(context, portfolio),
        "Tags": portfolio.tags,
    }))
}

pub(super) fn delete(context: &mut Context<'_>, input: DescribePortfolio) -> Reply {
    look(context, &input.id)?;
    remove(context, &input.id)?;
    Ok(json!({}))
}

/// Removes a portfolio that nothing hangs on.
pub(crate) fn remove(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    let portfolio = find(context, id)?;
    let holds = [
        ("products", portfolio.products.is_empty()),
        ("principals", portfolio.principals.is_empty()),
        ("tag options", portfolio.tag_options.is_empty()),
        ("shares", portfolio.shares.is_empty()),
    ];
    if let Some((what, _)) = holds.iter().find(|(_, empty)| !empty) {
        return Err(in_use(format!("Portfolio {id} still has {what}")));
    }
    let catalog = catalog(context);
    catalog.portfolios.remove(id);
    token::forget(catalog, id);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPortfolios {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn list(context: &mut Context<'_>, input: ListPortfolios) -> Reply {
    let all = context
        .here()
        .map(|here| here.catalog.portfolios.values().cloned().collect());
    list_page(
        context,
        all.unwrap_or_default(),
        input.page_size,
        input.page_token.as_deref(),
    )
}

fn list_page(
    context: &mut Context<'_>,
    mut all: Vec<Portfolio>,
    size: Option<usize>,
    token: Option<&str>,
) -> Reply {
    all.retain(|portfolio| context.look(&portfolio.id) != Age::Unseen);
    let (some, next) = page::page(all, size, 20, token)?;
    let details: Vec<Value> = some.iter().map(|one| detail(context, one)).collect();
    Ok(json!({ "PortfolioDetails": details, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPortfoliosForProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    product_id: String,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn list_of_product(context: &mut Context<'_>, input: ListPortfoliosForProduct) -> Reply {
    product::look(context, &input.product_id)?;
    let of_product = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.portfolios.values())
        .filter(|portfolio| portfolio.products.contains(&input.product_id))
        .cloned()
        .collect();
    list_page(
        context,
        of_product,
        input.page_size,
        input.page_token.as_deref(),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ProductAndPortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    product_id: String,
    portfolio_id: String,
}

pub(super) fn associate(context: &mut Context<'_>, input: ProductAndPortfolio) -> Reply {
    look(context, &input.portfolio_id)?;
    product::look(context, &input.product_id)?;
    add_product(context, &input.portfolio_id, &input.product_id)?;
    Ok(json!({}))
}

/// Puts a product into a portfolio; once more has no effect.
pub(crate) fn add_product(
    context: &mut Context<'_>,
    portfolio_id: &str,
    product_id: &str,
) -> Result<(), ApiError> {
    product::find(context, product_id)?;
    let products = &find(context, portfolio_id)?.products;
    if !products.contains(product_id) {
        quota::check(
            "products of a portfolio",
            products.len(),
            quota::PRODUCTS_OF_PORTFOLIO,
        )?;
        let portfolio = find_mut(context, portfolio_id)?;
        portfolio.products.insert(product_id.to_owned());
    }
    Ok(())
}

pub(super) fn disassociate(context: &mut Context<'_>, input: ProductAndPortfolio) -> Reply {
    look(context, &input.portfolio_id)?;
    product::look(context, &input.product_id)?;
    remove_product(context, &input.portfolio_id, &input.product_id)?;
    Ok(json!({}))
}

/// Takes a product out of a portfolio, unless constraints still bind the two.
pub(crate) fn remove_product(
    context: &mut Context<'_>,
    portfolio_id: &str,
    product_id: &str,
) -> Result<(), ApiError> {
    let bound = context.here().is_some_and(|here| {
        here.catalog
            .constraints
            .values()
            .any(|one| one.portfolio == portfolio_id && one.product == product_id)
    });
    if bound {
        return Err(in_use(format!(
            "constraints bind product {product_id} to portfolio {portfolio_id}"
        )));
    }
    if !find_mut(context, portfolio_id)?.products.remove(product_id) {
        return Err(not_found(format!(
            "Product {product_id} isn't associated with portfolio {portfolio_id}."
        )));
    }
    Ok(())
}
