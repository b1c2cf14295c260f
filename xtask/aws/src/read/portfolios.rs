//! What the portfolios of the catalog's stacks have, looked at themselves.

use super::presence::looked_for;
use super::{each, shares};
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::operation::describe_constraint::DescribeConstraintOutput;
use compute_catalog::publish::{LiveConstraint, LivePortfolio, LiveStack, LiveTagOption};
use std::collections::{BTreeMap, BTreeSet};
use xtask::import::HeldConstraint;

/// What begins the types of Service Catalog.
const CATALOG: &str = "AWS::ServiceCatalog::";

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
        let live = match stacks.get(&name) {
            Some(stack) => of_stack(session, stack).await?,
            None => None,
        };
        Ok(live.map(|live| (name, live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn of_stack(
    session: &Session,
    stack: &LiveStack,
) -> Result<Option<LivePortfolio>, CallError> {
    let of_kind = |suffix: &'static str| {
        let kinds = stack.kinds.iter();
        kinds.filter(move |(_, kind)| kind.ends_with(suffix) && kind.starts_with(CATALOG))
    };
    let id = of_kind("::Portfolio").find_map(|(logical_id, _)| stack.resources.get(logical_id));
    let Some(id) = id.cloned() else {
        return Ok(None);
    };
    let declared_constraints: BTreeMap<String, String> = of_kind("Constraint")
        .filter_map(|(logical_id, _)| {
            let id = stack.resources.get(logical_id)?;
            Some((logical_id.clone(), id.clone()))
        })
        .collect();
    let Some(live) = of_id(session, &id).await? else {
        return Ok(Some(LivePortfolio {
            id,
            is_gone: true,
            ..LivePortfolio::default()
        }));
    };
    let all = live.constraints.keys().cloned();
    let constraint_parameters = each(session, all, |id| async move {
        let found = constraint(session, &id).await?;
        Ok(found.map(|found| (id, found.parameters)))
    })
    .await?;
    Ok(Some(LivePortfolio {
        declared_constraints,
        constraint_parameters: constraint_parameters.into_iter().flatten().collect(),
        ..live
    }))
}

/// A portfolio with what is in it, whoever made it; nothing when there is none.
pub(crate) async fn of_id(session: &Session, id: &str) -> Result<Option<LivePortfolio>, CallError> {
    let Some(described) = described(session, id).await? else {
        return Ok(None);
    };
    let (principals, products, constraints, recipients) = tokio::try_join!(
        principals(session, id),
        products(session, id),
        constraints(session, id),
        recipients(session, id)
    )?;
    Ok(Some(LivePortfolio {
        id: id.to_owned(),
        principals,
        products,
        constraints,
        recipients,
        ..described
    }))
}

/// The tag options that stacks have made and that are gone. Asked for are those that no portfolio has.
pub(crate) async fn lost_tag_options(
    session: &Session,
    stacks: &BTreeMap<String, LiveStack>,
    portfolios: &BTreeMap<String, LivePortfolio>,
) -> Result<BTreeSet<String>, CallError> {
    let made = stacks.values().flat_map(|stack| {
        let options = stack.kinds.iter();
        let options = options.filter(|(_, kind)| *kind == "AWS::ServiceCatalog::TagOption");
        options.filter_map(|(logical_id, _)| stack.resources.get(logical_id))
    });
    let is_used = |id: &&String| {
        let mut all = portfolios.values();
        all.any(|portfolio| portfolio.tag_options.contains_key(*id))
    };
    let unused = made.filter(|id| !is_used(id)).cloned();
    let found = each(session, unused, |id| async move {
        let found = looked_for(session, || async {
            let asked = session.catalog.describe_tag_option().id(&id).send().await;
            asked.named("servicecatalog DescribeTagOption", &id)
        });
        Ok(found.await?.is_none().then_some(id))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// A constraint, where it is there.
pub(crate) async fn constraint(
    session: &Session,
    id: &str,
) -> Result<Option<HeldConstraint>, CallError> {
    let described = described_constraint(session, id).await?;
    Ok(described.and_then(|described| {
        let detail = described.constraint_detail();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Some(HeldConstraint {
            kind: text(detail.and_then(|one| one.r#type())),
            product: text(detail.and_then(|one| one.product_id())),
            parameters: described.constraint_parameters()?.to_owned(),
        })
    }))
}

/// What Service Catalog says of a constraint, where it is there.
pub(crate) async fn described_constraint(
    session: &Session,
    id: &str,
) -> Result<Option<DescribeConstraintOutput>, CallError> {
    looked_for(session, || async {
        let asked = session.catalog.describe_constraint().id(id).send().await;
        asked.named("servicecatalog DescribeConstraint", id)
    })
    .await
}

/// The accounts, organisations and units that it is shared with.
async fn recipients(session: &Session, id: &str) -> Result<BTreeSet<String>, CallError> {
    let mut found = BTreeSet::new();
    for kind in ["ACCOUNT", "ORGANIZATION", "ORGANIZATIONAL_UNIT"] {
        let shares = shares::list(session, id.to_owned(), kind.into()).await?;
        found.extend(shares.into_iter().map(|share| share.recipient));
    }
    Ok(found)
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

async fn constraints(
    session: &Session,
    id: &str,
) -> Result<BTreeMap<String, LiveConstraint>, CallError> {
    let mut pages = session
        .catalog
        .list_constraints_for_portfolio()
        .portfolio_id(id)
        .into_paginator()
        .send();
    let mut found = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListConstraintsForPortfolio", id)?;
        found.extend(page.constraint_details().iter().filter_map(|one| {
            let live = LiveConstraint {
                kind: one.r#type()?.to_owned(),
                product: one.product_id()?.to_owned(),
            };
            Some((one.constraint_id()?.to_owned(), live))
        }));
    }
    Ok(found)
}

/// Its texts, by the property of the resource type that holds each, and its tag options; nothing when
/// there is no such portfolio.
async fn described(session: &Session, id: &str) -> Result<Option<LivePortfolio>, CallError> {
    let answer = looked_for(session, || async {
        let asked = session.catalog.describe_portfolio().id(id).send().await;
        asked.named("servicecatalog DescribePortfolio", id)
    });
    let Some(answer) = answer.await? else {
        return Ok(None);
    };
    let detail = answer.portfolio_detail();
    let texts = [
        ("DisplayName", detail.and_then(|one| one.display_name())),
        ("ProviderName", detail.and_then(|one| one.provider_name())),
        ("Description", detail.and_then(|one| one.description())),
    ]
    .into_iter()
    .filter_map(|(property, text)| Some((property.to_owned(), text?.to_owned())))
    .collect();
    let options = answer.tag_options().iter().filter_map(|one| {
        let option = LiveTagOption {
            pair: format!("{}={}", one.key()?, one.value()?),
            is_active: one.active().unwrap_or(true),
        };
        Some((one.id()?.to_owned(), option))
    });
    let tags = answer.tags().iter();
    Ok(Some(LivePortfolio {
        texts,
        tag_options: options.collect(),
        tags: tags
            .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
            .collect(),
        ..LivePortfolio::default()
    }))
}
