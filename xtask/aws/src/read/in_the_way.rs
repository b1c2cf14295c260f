//! What others have made and stacks that don't exist yet would make.

use super::{each, portfolios, presence};
use crate::call::{CallError, Named};
use crate::session::Session;
use compute_catalog::publish::{Desired, InTheWay, LiveStack, Stack};
use std::collections::{BTreeMap, BTreeSet};

/// Looks only for kinds of things that a missing stack makes.
pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<InTheWay, CallError> {
    let missing: Vec<&Stack> = desired
        .stacks
        .iter()
        .filter(|stack| stacks.get(&stack.name).is_none_or(LiveStack::holds_nothing))
        .collect();
    let makes = |kind: &str| missing.iter().any(|stack| stack.template.contains(kind));
    let mut found = InTheWay::default();
    if makes("AWS::ServiceCatalog::Portfolio") {
        found.portfolios = list(session).await?;
    }
    if makes("AWS::ServiceCatalog::TagOption") {
        found.tag_options = tag_options(session).await?;
    }
    let names: BTreeSet<String> = missing
        .iter()
        .flat_map(|stack| stack.role_names(desired))
        .collect();
    let roles = each(session, names, |name| async move {
        let is_there = presence::role(session, &name).await?;
        Ok(is_there.then_some(name))
    })
    .await?;
    found.roles = roles.into_iter().flatten().collect();
    let recorded = missing.iter();
    let recorded = recorded.filter_map(|stack| stack.recorded_portfolio.clone());
    let recorded = each(session, recorded, |id| async move {
        let live = portfolios::of_id(session, &id).await?;
        Ok((id, live))
    });
    found.recorded = recorded.await?.into_iter().collect();
    Ok(found)
}

/// Every portfolio: id to name.
pub(crate) async fn list(session: &Session) -> Result<BTreeMap<String, String>, CallError> {
    let mut pages = session.catalog.list_portfolios().into_paginator().send();
    let mut found = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListPortfolios", "the account")?;
        for detail in page.portfolio_details() {
            if let (Some(id), Some(name)) = (detail.id(), detail.display_name()) {
                found.insert(id.to_owned(), name.to_owned());
            }
        }
    }
    Ok(found)
}

/// Every tag option: `key=value` to id.
async fn tag_options(session: &Session) -> Result<BTreeMap<String, String>, CallError> {
    let mut pages = session.catalog.list_tag_options().into_paginator().send();
    let mut found = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListTagOptions", "the account")?;
        for option in page.tag_option_details() {
            if let (Some(key), Some(value), Some(id)) = (option.key(), option.value(), option.id())
            {
                found.insert(format!("{key}={value}"), id.to_owned());
            }
        }
    }
    Ok(found)
}
