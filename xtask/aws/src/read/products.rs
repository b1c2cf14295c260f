//! Products: all of the account, since only their tags say which are ours.

use super::{Hints, each, versions};
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::operation::describe_product_as_admin::DescribeProductAsAdminOutput;
use aws_sdk_servicecatalog::types::Status;
use compute_catalog::publish::{Desired, LiveProduct, Product, Texts};
use std::collections::{BTreeMap, BTreeSet};

/// Service Catalog's largest page of products.
const PAGE: i32 = 20;

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    hints: &Hints,
) -> Result<BTreeMap<String, LiveProduct>, CallError> {
    let mut ids = list(session).await?;
    ids.extend(hints.products.iter().cloned());
    ids.extend(
        desired
            .products
            .iter()
            .filter_map(|product| product.legacy_id.clone()),
    );
    let found = each(session, ids, |id| async move {
        let Some((mut live, listed)) = describe(session, &id).await? else {
            return Ok(None);
        };
        if let Some(product) = desired
            .products
            .iter()
            .find(|product| is_ours(product, &live))
        {
            live.versions = versions::read(session, product, &id, &listed, hints.usage).await?;
        }
        Ok(Some((id, live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

fn is_ours(product: &Product, live: &LiveProduct) -> bool {
    live.tagged_as(&product.key) || product.legacy_id.as_ref() == Some(&live.id)
}

/// The ids of all products.
async fn list(session: &Session) -> Result<BTreeSet<String>, CallError> {
    let mut pages = session
        .catalog
        .search_products_as_admin()
        .into_paginator()
        .page_size(PAGE)
        .send();
    let mut ids = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog SearchProductsAsAdmin", "the account")?;
        for detail in page.product_view_details() {
            let id = detail
                .product_view_summary()
                .and_then(|summary| summary.product_id());
            ids.extend(id.map(str::to_owned));
        }
    }
    Ok(ids)
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
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let summary = answer
        .product_view_detail()
        .and_then(|detail| detail.product_view_summary());
    let texts = summary.map_or_else(Texts::default, |summary| Texts {
        name: text(summary.name()),
        owner: text(summary.owner()),
        description: text(summary.short_description()),
        distributor: text(summary.distributor()),
        support_description: text(summary.support_description()),
        support_email: text(summary.support_email()),
        support_url: text(summary.support_url()),
    });
    let tags = answer
        .tags()
        .iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect();
    LiveProduct {
        id: id.to_owned(),
        texts,
        tags,
        versions: Vec::new(),
    }
}

/// The id of the product that is tagged as this one, by a fresh look.
pub(crate) async fn find(
    session: &Session,
    product: &Product,
) -> Result<Option<String>, CallError> {
    let ids = list(session).await?;
    let found = each(
        session,
        ids,
        |id| async move { describe(session, &id).await },
    )
    .await?;
    Ok(found
        .into_iter()
        .flatten()
        .map(|(live, _)| live)
        .find(|live| is_ours(product, live))
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
