//! All that an account's Service Catalog holds, whoever made it: what an import is made of.

use super::{actions, body, each, in_the_way, portfolios, products, versions};
use crate::call::CallError;
use crate::session::Session;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactDetail, ProvisioningArtifactType};
use compute_catalog::publish::LiveAction;
use std::collections::BTreeSet;
use xtask::import::{HeldAction, HeldCatalog, HeldPortfolio, HeldProduct, HeldVersion};

/// Reads products with their versions' bodies, and portfolios with what is in them.
pub(crate) async fn read(session: &Session) -> Result<HeldCatalog, CallError> {
    let (products, portfolios) =
        tokio::try_join!(products::list(session), in_the_way::list(session))?;
    let products = each(session, products, |(id, texts)| async move {
        let (versions, actions, is_of_engine) = of_product(session, &id).await?;
        Ok(HeldProduct {
            id,
            name: texts.name,
            versions,
            is_of_engine,
            actions,
        })
    })
    .await?;
    let ids = products.iter().flat_map(|one| one.actions.iter().cloned());
    let ids: BTreeSet<String> = ids.collect();
    let actions = each(session, ids, |id| async move {
        let live = actions::describe(session, &id).await?;
        Ok(live.map(|live| (id, action(live))))
    })
    .await?;
    let portfolios = each(session, portfolios, |(id, name)| {
        portfolio(session, id, name)
    })
    .await?;
    Ok(HeldCatalog {
        products,
        portfolios: portfolios.into_iter().flatten().collect(),
        actions: actions.into_iter().flatten().collect(),
    })
}

fn action(live: LiveAction) -> HeldAction {
    let mut definition = live.definition;
    let mut text = |key: &str| definition.remove(key).unwrap_or_default();
    HeldAction {
        name: live.name,
        description: live.description,
        document: text("Name"),
        version: text("Version"),
        role: text("AssumeRole"),
    }
}

/// The versions of a product, the service actions that they have, and whether an engine makes them.
async fn of_product(
    session: &Session,
    product: &str,
) -> Result<(Vec<HeldVersion>, BTreeSet<String>, bool), CallError> {
    let listed = versions::list(session, product).await?;
    let is_made = |one: &ProvisioningArtifactDetail| match one.r#type() {
        None
        | Some(
            ProvisioningArtifactType::CloudFormationTemplate
            | ProvisioningArtifactType::MarketplaceAmi
            | ProvisioningArtifactType::MarketplaceCar,
        ) => false,
        Some(_) => true,
    };
    let is_of_engine = listed.iter().any(is_made);
    let ids = listed.iter().filter_map(|one| one.id());
    let found = each(session, ids, |id| async move {
        let Some(seen) = versions::describe(session, product, id).await? else {
            return Ok(None);
        };
        let actions = versions::actions(session, product, id).await?;
        let body = body::text_of_version(session, seen.template_url.as_deref()).await?;
        let version = HeldVersion {
            name: seen.version.name,
            description: seen.version.description,
            body,
        };
        Ok(Some((version, actions)))
    })
    .await?;
    let (versions, actions): (Vec<_>, Vec<_>) = found.into_iter().flatten().unzip();
    let actions = actions.into_iter().flatten().collect();
    Ok((versions, actions, is_of_engine))
}

async fn portfolio(
    session: &Session,
    id: String,
    name: String,
) -> Result<Option<HeldPortfolio>, CallError> {
    let Some(live) = portfolios::of_id(session, &id).await? else {
        return Ok(None);
    };
    let constraints = each(session, live.constraints.keys(), |id| {
        portfolios::constraint(session, id)
    });
    let constraints = constraints.await?;
    let description = live.texts.get("Description").cloned();
    Ok(Some(HeldPortfolio {
        id,
        name,
        description: description.unwrap_or_default(),
        products: live.products.into_iter().collect(),
        principals: live.principals.into_iter().collect(),
        recipients: live.recipients.into_iter().collect(),
        tag_options: live
            .tag_options
            .into_values()
            .filter(|option| option.is_active)
            .map(|option| option.pair)
            .collect(),
        constraints: constraints.into_iter().flatten().collect(),
    }))
}
