//! Products: all of the account are listed, and those looked at that may be ours.

use super::{Hints, each, versions};
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::operation::describe_product_as_admin::DescribeProductAsAdminOutput;
use aws_sdk_servicecatalog::types::{ProductViewSortBy, ProductViewSummary, SortOrder, Status};
use compute_catalog::product::{Key, ProductType};
use compute_catalog::publish::{Desired, LiveProduct, LiveStack, Reference, Texts};
use std::collections::{BTreeMap, BTreeSet};

/// Service Catalog's largest page of products.
const PAGE: i32 = 20;

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    hints: &Hints,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<BTreeMap<String, LiveProduct>, CallError> {
    let texts: BTreeSet<&Texts> = desired.products.iter().map(|one| &one.texts).collect();
    let is_like_ours = |found: &Texts| {
        texts
            .iter()
            .any(|ours| ours.name == found.name || is_maker(ours, found))
    };
    // Only a product's description tells its tags, and an account has hundreds of products of others:
    // those are described that have a name or the makers of ours, or that something of ours refers to.
    let mut ids: BTreeSet<String> = match &hints.alone {
        Some(ids) => ids.clone(),
        None => list(session)
            .await?
            .into_iter()
            .filter(|(_, found)| is_like_ours(found))
            .map(|(id, _)| id)
            .collect(),
    };
    ids.extend(hints.products.iter().cloned());
    let recorded = desired.products.iter();
    ids.extend(recorded.filter_map(|product| product.legacy_id.clone()));
    ids.extend(referred(desired, stacks));
    let found = each(session, ids, |id| async move {
        let Some((mut live, listed)) = describe(session, &id).await? else {
            return Ok(None);
        };
        if let Some(product) = desired.products.iter().find(|product| live.is_of(product)) {
            live.versions = versions::read(session, product, &live, &listed, hints.usage).await?;
            live.portfolios = portfolios(session, &id).await?;
        }
        Ok(Some((id, live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// Whether two products have the same owner and distributor.
fn is_maker(ours: &Texts, found: &Texts) -> bool {
    !ours.owner.is_empty() && ours.owner == found.owner && ours.distributor == found.distributor
}

/// The ids that our stacks have been given as those of our products.
fn referred(desired: &Desired, stacks: &BTreeMap<String, LiveStack>) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for stack in &desired.stacks {
        let live = stacks.get(&stack.name);
        for (name, reference) in &stack.parameters {
            if let Reference::ProductId(_) = reference {
                let id = live.and_then(|live| live.parameters.get(name));
                ids.extend(id.cloned());
            }
        }
    }
    ids
}

/// The portfolios that a product is in, whoever has put it there.
async fn portfolios(session: &Session, id: &str) -> Result<BTreeSet<String>, CallError> {
    let call = session.catalog.list_portfolios_for_product();
    let mut pages = call.product_id(id).into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListPortfoliosForProduct", id)?;
        let ids = page.portfolio_details().iter();
        found.extend(ids.filter_map(|one| one.id().map(str::to_owned)));
    }
    Ok(found)
}

/// All products of the account, with what is shown of them.
pub(crate) async fn list(session: &Session) -> Result<BTreeMap<String, Texts>, CallError> {
    let mut pages = session
        .catalog
        .search_products_as_admin()
        .into_paginator()
        .page_size(PAGE)
        .send();
    let mut found = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog SearchProductsAsAdmin", "the account")?;
        for detail in page.product_view_details() {
            if let Some(summary) = detail.product_view_summary()
                && let Some(id) = summary.product_id()
            {
                found.insert(id.to_owned(), texts(summary));
            }
        }
    }
    Ok(found)
}

fn texts(summary: &ProductViewSummary) -> Texts {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Texts {
        name: text(summary.name()),
        owner: text(summary.owner()),
        description: text(summary.short_description()),
        distributor: text(summary.distributor()),
        support_description: text(summary.support_description()),
        support_email: text(summary.support_email()),
        support_url: text(summary.support_url()),
    }
}

/// A product with the ids of its versions, where it can be seen.
async fn describe(
    session: &Session,
    id: &str,
) -> Result<Option<(LiveProduct, BTreeSet<String>)>, CallError> {
    let answer = ask(session, id).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let listed = answer
        .provisioning_artifact_summaries()
        .iter()
        .filter_map(|summary| summary.id().map(str::to_owned))
        .collect();
    Ok(Some((live(id, &answer), listed)))
}

async fn ask(session: &Session, id: &str) -> Result<DescribeProductAsAdminOutput, CallError> {
    session
        .catalog
        .describe_product_as_admin()
        .id(id)
        .send()
        .await
        .named("servicecatalog DescribeProductAsAdmin", id)
}

fn live(id: &str, answer: &DescribeProductAsAdminOutput) -> LiveProduct {
    let summary = answer
        .product_view_detail()
        .and_then(|detail| detail.product_view_summary());
    let product_type = summary.and_then(|summary| summary.r#type());
    let texts = summary.map_or_else(Texts::default, texts);
    let source = answer
        .product_view_detail()
        .and_then(|detail| detail.source_connection()?.connection_parameters())
        .map(|parameters| {
            let repository = parameters.code_star().map(|one| one.repository());
            repository.unwrap_or("a repository").to_owned()
        });
    let tag_options = answer
        .tag_options()
        .iter()
        .filter_map(|one| Some(format!("{}={}", one.key()?, one.value()?)))
        .collect();
    let tags = answer
        .tags()
        .iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect();
    LiveProduct {
        id: id.to_owned(),
        // What goes without saying is no part of what a plan is made from.
        product_type: product_type
            .map(|one| one.as_str().to_owned())
            .filter(|one| one != ProductType::default().as_str()),
        texts,
        tags,
        tag_options,
        source,
        portfolios: BTreeSet::new(),
        versions: Vec::new(),
    }
}

/// The id of the product that is tagged as this one, by a fresh look at the newest of the account: what
/// was there before has been read, and what is looked for is what a call has made that nobody heard
/// answered.
pub(crate) async fn find(
    session: &Session,
    key: &Key,
    name: &str,
) -> Result<Option<String>, CallError> {
    let newest = session
        .catalog
        .search_products_as_admin()
        .sort_by(ProductViewSortBy::CreationDate)
        .sort_order(SortOrder::Descending)
        .page_size(PAGE)
        .send()
        .await
        .named("servicecatalog SearchProductsAsAdmin", "the account")?;
    let newest = newest.product_view_details().iter();
    let named = newest
        .filter_map(|detail| detail.product_view_summary())
        .filter(|summary| summary.name() == Some(name))
        .filter_map(|summary| summary.product_id().map(str::to_owned));
    let found = each(
        session,
        named,
        |id| async move { describe(session, &id).await },
    )
    .await?;
    Ok(found
        .into_iter()
        .flatten()
        .map(|(live, _)| live)
        .find(|live| live.tagged_as(key))
        .map(|live| live.id))
}

/// How far the creation of a product came; `None` while it can't be seen.
pub(crate) async fn status(session: &Session, id: &str) -> Result<Option<Status>, CallError> {
    match ask(session, id).await {
        Ok(answer) => Ok(answer
            .product_view_detail()
            .and_then(|detail| detail.status())
            .cloned()),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
