//! The templates of what is live: of each product the newest version that can be launched, and of
//! each stack.

use super::{body, each, versions};
use crate::command_error::CommandError;
use crate::session::Session;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::{Desired, Guidance, LiveVersion, Observed, Product};
use xtask::diff::Live;

/// Reads the templates of what is live.
///
/// # Errors
/// A call that AWS refuses, or that gets no answer. A template that can't be read is told in its
/// place.
pub async fn live(
    session: &Session,
    desired: &Desired,
    observed: &Observed,
) -> Result<Live, CommandError> {
    let newest = desired
        .products
        .iter()
        .filter_map(|product| newest_of(product, observed));
    let products = each(session, newest, |(key, product, version)| async move {
        let seen = versions::describe(session, product, &version.id).await?;
        let url = seen.and_then(|seen| seen.template_url);
        let text = body::text_of_version(session, url.as_deref()).await?;
        Ok((key, (version.name.clone(), text)))
    })
    .await?;
    let stacks = desired.stacks.iter().filter_map(|stack| {
        let live = observed.stacks.get(&stack.name)?;
        let file = stack.file.trim_start_matches("generated/").to_owned();
        (!live.template.is_empty()).then(|| (file, live.template.to_string()))
    });
    Ok(Live {
        products: products.into_iter().collect(),
        stacks: stacks.collect(),
    })
}

/// The newest version that is offered; what is deprecated only where nothing else is live.
fn newest_of<'o>(
    product: &Product,
    observed: &'o Observed,
) -> Option<(Key, &'o str, &'o LiveVersion)> {
    let live = observed
        .products
        .values()
        .find(|live| live.is_of(product))?;
    let newest = live
        .versions
        .iter()
        .filter(|version| version.active)
        .max_by_key(|version| {
            let is_offered = version.guidance == Guidance::Default;
            (is_offered, version.name.parse::<VersionName>().ok())
        })?;
    Some((product.key.clone(), &live.id, newest))
}
