//! All that an account's Service Catalog holds, whoever made it: what an import is made of.

use super::{body, each, in_the_way, portfolios, products, versions};
use crate::call::CallError;
use crate::session::Session;
use xtask::import::{HeldCatalog, HeldPortfolio, HeldProduct, HeldVersion};

/// Reads products with their versions' bodies, and portfolios with what is in them.
pub(crate) async fn read(session: &Session) -> Result<HeldCatalog, CallError> {
    let (products, portfolios) =
        tokio::try_join!(products::list(session), in_the_way::list(session))?;
    let products = each(session, products, |(id, texts)| async move {
        let (versions, actions) = of_product(session, &id).await?;
        Ok(HeldProduct {
            id,
            name: texts.name,
            versions,
            actions,
        })
    })
    .await?;
    let portfolios = each(session, portfolios, |(id, name)| {
        portfolio(session, id, name)
    })
    .await?;
    Ok(HeldCatalog {
        products,
        portfolios: portfolios.into_iter().flatten().collect(),
    })
}

/// The versions of a product, and how many service actions they have.
async fn of_product(
    session: &Session,
    product: &str,
) -> Result<(Vec<HeldVersion>, usize), CallError> {
    let listed = versions::list(session, product).await?;
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
    let actions: std::collections::BTreeSet<String> = actions.into_iter().flatten().collect();
    Ok((versions, actions.len()))
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
