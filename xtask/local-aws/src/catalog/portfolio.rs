//! Portfolios and the products in them.

use super::product::{self, change_tags};
use super::{catalog, in_use, invalid, not_found, page, quota, tag_option, token};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::Portfolio;
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;
use std::collections::BTreeSet;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreatePortfolioInput,
) -> Result<api::CreatePortfolioOutput, ApiError> {
    let id = add(
        context,
        input.display_name,
        input.description,
        input.provider_name,
        all(input.tags),
    )?;
    context.settle(&id);
    let portfolio = find(context, &id)?;
    Ok(api::CreatePortfolioOutput {
        portfolio_detail: Some(detail(context, portfolio)),
        tags: all(portfolio.tags.clone()),
    })
}

/// Makes a portfolio and returns its id. Names aren't unique.
pub(crate) fn add(
    context: &mut Context<'_>,
    name: String,
    description: Option<String>,
    provider: String,
    tags: Vec<Tag>,
) -> Result<String, ApiError> {
    // Of a template, which no model has been held to.
    if !(1..=100).contains(&name.chars().count()) || !(1..=50).contains(&provider.chars().count()) {
        return Err(invalid(
            "DisplayName takes 1 to 100 characters and ProviderName 1 to 50",
        ));
    }
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
pub(super) fn detail(context: &Context<'_>, portfolio: &Portfolio) -> api::PortfolioDetail {
    api::PortfolioDetail {
        id: Some(portfolio.id.clone()),
        arn: Some(arn(context, &portfolio.id)),
        display_name: Some(portfolio.name.clone()),
        description: portfolio.description.clone(),
        created_time: Some(Time(portfolio.created)),
        provider_name: Some(portfolio.provider.clone()),
    }
}

pub(super) fn arn(context: &Context<'_>, id: &str) -> String {
    format!(
        "arn:aws:catalog:{}:{}:portfolio/{id}",
        context.region,
        context.account()
    )
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribePortfolioInput,
) -> Result<api::DescribePortfolioOutput, ApiError> {
    look(context, &input.id)?;
    let portfolio = find(context, &input.id)?;
    Ok(api::DescribePortfolioOutput {
        portfolio_detail: Some(detail(context, portfolio)),
        tags: all(portfolio.tags.clone()),
        tag_options: tag_option::details(context, &portfolio.tag_options),
        budgets: Vec::new(),
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdatePortfolioInput,
) -> Result<api::UpdatePortfolioOutput, ApiError> {
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
    portfolio.tags = change_tags(&portfolio.tags, all(input.add_tags), &input.remove_tags)?;
    let portfolio = find(context, &input.id)?;
    Ok(api::UpdatePortfolioOutput {
        portfolio_detail: Some(detail(context, portfolio)),
        tags: all(portfolio.tags.clone()),
    })
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeletePortfolioInput,
) -> Result<api::DeletePortfolioOutput, ApiError> {
    look(context, &input.id)?;
    remove(context, &input.id)?;
    Ok(api::DeletePortfolioOutput {})
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

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListPortfoliosInput,
) -> Result<api::ListPortfoliosOutput, ApiError> {
    let all = context
        .here()
        .map(|here| here.catalog.portfolios.values().cloned().collect());
    let (details, next) = list_page(
        context,
        all.unwrap_or_default(),
        input.page_size,
        input.page_token.as_deref(),
    )?;
    Ok(api::ListPortfoliosOutput {
        portfolio_details: details,
        next_page_token: next,
    })
}

fn list_page(
    context: &mut Context<'_>,
    mut all: Vec<Portfolio>,
    size: Option<i64>,
    token: Option<&str>,
) -> Result<(Vec<api::PortfolioDetail>, Option<String>), ApiError> {
    all.retain(|portfolio| context.look(&portfolio.id) != Age::Unseen);
    let (some, next) = page::page(all, size, 20, token)?;
    Ok((some.iter().map(|one| detail(context, one)).collect(), next))
}

pub(super) fn list_of_product(
    context: &mut Context<'_>,
    input: api::ListPortfoliosForProductInput,
) -> Result<api::ListPortfoliosForProductOutput, ApiError> {
    product::look(context, &input.product_id)?;
    let of_product = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.portfolios.values())
        .filter(|portfolio| portfolio.products.contains(&input.product_id))
        .cloned()
        .collect();
    let (details, next) = list_page(
        context,
        of_product,
        input.page_size,
        input.page_token.as_deref(),
    )?;
    Ok(api::ListPortfoliosForProductOutput {
        portfolio_details: details,
        next_page_token: next,
    })
}

pub(super) fn associate(
    context: &mut Context<'_>,
    input: api::AssociateProductWithPortfolioInput,
) -> Result<api::AssociateProductWithPortfolioOutput, ApiError> {
    look(context, &input.portfolio_id)?;
    product::look(context, &input.product_id)?;
    add_product(context, &input.portfolio_id, &input.product_id)?;
    Ok(api::AssociateProductWithPortfolioOutput {})
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

pub(super) fn disassociate(
    context: &mut Context<'_>,
    input: api::DisassociateProductFromPortfolioInput,
) -> Result<api::DisassociateProductFromPortfolioOutput, ApiError> {
    look(context, &input.portfolio_id)?;
    product::look(context, &input.product_id)?;
    remove_product(context, &input.portfolio_id, &input.product_id)?;
    Ok(api::DisassociateProductFromPortfolioOutput {})
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
