//! What the portfolios of the catalog's stacks have, looked at themselves.

use super::each;
use crate::call::{CallError, Named};
use crate::session::Session;
use compute_catalog::publish::{LivePortfolio, LiveStack};
use std::collections::{BTreeMap, BTreeSet};

/// By the name of the stack.
pub(crate) async fn read(
    session: &Session,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<BTreeMap<String, LivePortfolio>, CallError> {
    let names = stacks
        .iter()
        .filter(|(_, live)| {
            live.is_settled() && live.template.contains("AWS::ServiceCatalog::Portfolio")
        })
        .map(|(name, _)| name.clone());
    let found = each(session, names, |name| async move {
        let live = of_stack(session, &name).await?;
        Ok(live.map(|live| (name, live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn of_stack(session: &Session, name: &str) -> Result<Option<LivePortfolio>, CallError> {
    let mut portfolio = None;
    let mut declared_constraints = BTreeMap::new();
    let mut pages = session
        .stacks
        .list_stack_resources()
        .stack_name(name)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation ListStackResources", name)?;
        for resource in page.stack_resource_summaries() {
            let id = resource.physical_resource_id().unwrap_or_default();
            let kind = resource.resource_type().unwrap_or_default();
            if kind == "AWS::ServiceCatalog::Portfolio" {
                portfolio = Some(id.to_owned());
            } else if kind.starts_with("AWS::ServiceCatalog::") && kind.ends_with("Constraint") {
                let logical_id = resource.logical_resource_id().unwrap_or_default();
                declared_constraints.insert(logical_id.to_owned(), id.to_owned());
            }
        }
    }
    let Some(id) = portfolio else {
        return Ok(None);
    };
    let (principals, products, constraints, (texts, tag_options)) = tokio::try_join!(
        principals(session, &id),
        products(session, &id),
        constraints(session, &id),
        described(session, &id)
    )?;
    Ok(Some(LivePortfolio {
        id,
        texts,
        principals,
        products,
        constraints,
        tag_options,
        declared_constraints,
    }))
}

async fn principals(session: &Session, id: &str) -> Result<BTreeSet<String>, CallError> {
    let mut pages = session
        .catalog
        .list_principals_for_portfolio()
        .portfolio_id(id)
        .into_paginator()
        .send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListPrincipalsForPortfolio", id)?;
        let arns = page
            .principals()
            .iter()
            .filter_map(|one| one.principal_arn());
        found.extend(arns.map(str::to_owned));
    }
    Ok(found)
}

async fn products(session: &Session, id: &str) -> Result<BTreeSet<String>, CallError> {
    let mut pages = session
        .catalog
        .search_products_as_admin()
        .portfolio_id(id)
        .into_paginator()
        .send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog SearchProductsAsAdmin", id)?;
        let summaries = page.product_view_details().iter();
        let ids = summaries.filter_map(|one| one.product_view_summary()?.product_id());
        found.extend(ids.map(str::to_owned));
    }
    Ok(found)
}

async fn constraints(session: &Session, id: &str) -> Result<BTreeSet<String>, CallError> {
    let mut pages = session
        .catalog
        .list_constraints_for_portfolio()
        .portfolio_id(id)
        .into_paginator()
        .send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListConstraintsForPortfolio", id)?;
        let ids = page.constraint_details().iter();
        found.extend(ids.filter_map(|one| one.constraint_id().map(str::to_owned)));
    }
    Ok(found)
}

/// Its texts, by the property of the resource type that holds each, and its active tag options.
async fn described(
    session: &Session,
    id: &str,
) -> Result<(BTreeMap<String, String>, BTreeSet<String>), CallError> {
    let answer = session
        .catalog
        .describe_portfolio()
        .id(id)
        .send()
        .await
        .named("servicecatalog DescribePortfolio", id)?;
    let detail = answer.portfolio_detail();
    let texts = [
        ("DisplayName", detail.and_then(|one| one.display_name())),
        ("ProviderName", detail.and_then(|one| one.provider_name())),
        ("Description", detail.and_then(|one| one.description())),
    ]
    .into_iter()
    .filter_map(|(property, text)| Some((property.to_owned(), text?.to_owned())))
    .collect();
    let options = answer
        .tag_options()
        .iter()
        .filter(|one| one.active().unwrap_or(true))
        .filter_map(|one| Some(format!("{}={}", one.key()?, one.value()?)))
        .collect();
    Ok((texts, options))
}
