//! The versions of a product of ours, with their bodies, service actions and use.

use super::fixed::Made;
use super::provisioned::everybody;
use super::{Usage, body, each};
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::types::{
    ProvisionedProductViewFilterBy, ProvisioningArtifactDetail, ProvisioningArtifactGuidance,
    Status,
};
use compute_catalog::product::VersionName;
use compute_catalog::publish::{
    Body, Guidance, LiveProduct, LiveVersion, Product, VersionStatus, is_marked,
};
use std::collections::BTreeSet;

/// All versions. `listed` are the ids that the product itself lists: the list of versions can be cut
/// off, and takes no page token.
pub(crate) async fn read(
    session: &Session,
    product: &Product,
    live: &LiveProduct,
    listed: &BTreeSet<String>,
    usage: Usage,
) -> Result<Vec<LiveVersion>, CallError> {
    let id = live.id.as_str();
    let withdrawn = live.withdrawn();
    let details = list(session, id).await?;
    let mut versions: Vec<(LiveVersion, Option<Made>)> = details
        .iter()
        .map(|detail| (seen(detail), made(detail)))
        .collect();
    let known: BTreeSet<&str> = details.iter().filter_map(|detail| detail.id()).collect();
    let rest = listed.iter().filter(|id| !known.contains(id.as_str()));
    let rest = each(session, rest, |version| async move {
        Ok(describe(session, id, version)
            .await?
            .map(|seen| seen.version))
    })
    .await?;
    versions.extend(rest.into_iter().flatten().map(|version| (version, None)));
    each(session, versions, |(version, made)| {
        let name = version.name.parse::<VersionName>().ok();
        let is_withdrawn = name.is_some_and(|name| withdrawn.contains_key(&name));
        let counts = usage == Usage::All || usage == Usage::Withdrawn && is_withdrawn;
        complete(session, product, id, (version, made), counts)
    })
    .await
}

/// Adds what only further calls tell.
async fn complete(
    session: &Session,
    product: &Product,
    id: &str,
    (mut version, made): (LiveVersion, Option<Made>),
    usage: bool,
) -> Result<LiveVersion, CallError> {
    let name = version.name.parse::<VersionName>().ok();
    let is_ours = name.is_some_and(|name| product.version(name).is_some())
        // One of ours that somebody has renamed, or that another revision has released.
        || is_marked(&version.description)
        || name.is_none();
    let kept = made.as_ref().and_then(|made| session.fixed.body(made));
    // One whose template was read was available then; the list tells all else of it.
    if let Some(digest) = kept.filter(|_| is_ours) {
        version.body = Body::Read(digest);
        version.actions = actions(session, id, &version.id).await?;
    } else if is_ours && let Some(seen) = describe(session, id, &version.id).await? {
        version = seen.version;
        version.body = body::of_version(session, seen.template_url.as_deref()).await?;
        if let (Body::Read(digest), Some(made), VersionStatus::Available) =
            (&version.body, &made, version.status)
        {
            session.fixed.keep_body(made, digest);
        }
        version.actions = actions(session, id, &version.id).await?;
    }
    if usage {
        version.in_use = Some(in_use(session, &version.id).await?);
    }
    Ok(version)
}

pub(crate) async fn list(
    session: &Session,
    product: &str,
) -> Result<Vec<ProvisioningArtifactDetail>, CallError> {
    let answer = session
        .catalog
        .list_provisioning_artifacts()
        .product_id(product)
        .send()
        .await
        .named("servicecatalog ListProvisioningArtifacts", product)?;
    Ok(answer.provisioning_artifact_details().to_vec())
}

/// A version as `DescribeProvisioningArtifact` tells it.
pub(crate) struct Seen {
    pub version: LiveVersion,
    pub template_url: Option<String>,
}

/// One version, where it can be seen.
pub(crate) async fn describe(
    session: &Session,
    product: &str,
    version: &str,
) -> Result<Option<Seen>, CallError> {
    let answer = session
        .catalog
        .describe_provisioning_artifact()
        .product_id(product)
        .provisioning_artifact_id(version)
        .verbose(true)
        .send()
        .await
        .named("servicecatalog DescribeProvisioningArtifact", version);
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(detail) = answer.provisioning_artifact_detail() else {
        return Ok(None);
    };
    let mut version = seen(detail);
    version.status = match answer.status() {
        Some(Status::Creating) => VersionStatus::Creating,
        Some(Status::Failed) => VersionStatus::Failed,
        // AVAILABLE, or CREATED as older versions answer.
        _ => VersionStatus::Available,
    };
    let template_url = answer
        .info()
        .and_then(|info| {
            info.get("TemplateUrl")
                .or_else(|| info.get("LoadTemplateFromURL"))
        })
        .cloned();
    Ok(Some(Seen {
        version,
        template_url,
    }))
}

/// Which version it is, of all that ever had its id.
fn made(detail: &ProvisioningArtifactDetail) -> Option<Made> {
    Some(Made {
        id: detail.id()?.to_owned(),
        at: format!("{:?}", detail.created_time()?),
    })
}

fn seen(detail: &ProvisioningArtifactDetail) -> LiveVersion {
    LiveVersion {
        id: detail.id().unwrap_or_default().to_owned(),
        name: detail.name().unwrap_or_default().to_owned(),
        description: detail.description().unwrap_or_default().to_owned(),
        active: detail.active().unwrap_or(true),
        guidance: match detail.guidance() {
            Some(ProvisioningArtifactGuidance::Deprecated) => Guidance::Deprecated,
            _ => Guidance::Default,
        },
        status: VersionStatus::Available,
        body: Body::Unasked,
        actions: BTreeSet::new(),
        in_use: None,
    }
}

/// The ids of a version's service actions.
pub(crate) async fn actions(
    session: &Session,
    product: &str,
    version: &str,
) -> Result<BTreeSet<String>, CallError> {
    let mut pages = session
        .catalog
        .list_service_actions_for_provisioning_artifact()
        .product_id(product)
        .provisioning_artifact_id(version)
        .into_paginator()
        .send();
    let mut ids = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named(
            "servicecatalog ListServiceActionsForProvisioningArtifact",
            version,
        )?;
        ids.extend(
            page.service_action_summaries()
                .iter()
                .filter_map(|action| action.id().map(str::to_owned)),
        );
    }
    Ok(ids)
}

/// How many provisioned products of the account run on a version.
async fn in_use(session: &Session, version: &str) -> Result<u64, CallError> {
    let answer = session
        .catalog
        .search_provisioned_products()
        .access_level_filter(everybody())
        .filters(
            ProvisionedProductViewFilterBy::SearchQuery,
            vec![format!("provisioningArtifactId:{version}")],
        )
        .page_size(1)
        .send()
        .await
        .named("servicecatalog SearchProvisionedProducts", version)?;
    Ok(u64::try_from(answer.total_results_count()).unwrap_or_default())
}
