//! What `try` and `prove` launch: a live product, and the version of it that a form would offer.

use crate::call::Named;
use crate::command_error::CommandError;
use crate::session::Session;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactDetail, ProvisioningArtifactGuidance};
use compute_catalog::product::Key;
use compute_catalog::publish::{Desired, Observed};

/// A product, and the version that a form would offer.
#[derive(Clone)]
pub(super) struct Offered {
    pub product: String,
    pub title: String,
    pub version: String,
    pub version_name: String,
    /// The launch path, where there is a choice.
    pub path: Option<String>,
}

/// The live product of a key, and its newest version that takes launches.
pub(super) async fn offered(
    session: &Session,
    desired: &Desired,
    observed: &Observed,
    key: &Key,
) -> Result<Offered, CommandError> {
    let wanted = desired.products.iter().find(|one| one.key == *key);
    let wanted = wanted.ok_or_else(|| {
        let keys: Vec<String> = desired
            .products
            .iter()
            .map(|one| one.key.to_string())
            .collect();
        CommandError::input(format!("there is no product `{key}`"))
            .hint(format!("products are {}", keys.join(", ")))
    })?;
    let environment = &desired.environment;
    let unpublished = || {
        CommandError::new(format!("`{key}` isn't published to `{environment}`")).hint(format!(
            "run `cargo xtask publish --env {environment}` first"
        ))
    };
    let live = observed
        .products
        .values()
        .find(|one| one.texts.name == wanted.texts.name);
    let live = live.ok_or_else(unpublished)?;
    let listed = session
        .catalog
        .list_provisioning_artifacts()
        .product_id(&live.id)
        .send()
        .await
        .named("servicecatalog ListProvisioningArtifacts", &live.id)?;
    let takes = |one: &&ProvisioningArtifactDetail| {
        one.active() == Some(true)
            && one.guidance() != Some(&ProvisioningArtifactGuidance::Deprecated)
    };
    let newest = listed.provisioning_artifact_details().iter().rfind(takes);
    let newest = newest.ok_or_else(|| {
        CommandError::new(format!("no version of `{key}` takes launches"))
            .hint("`cargo xtask status` says which versions are live")
    })?;
    Ok(Offered {
        product: live.id.clone(),
        title: live.texts.name.clone(),
        version: newest.id().unwrap_or_default().to_owned(),
        version_name: newest.name().unwrap_or_default().to_owned(),
        path: None,
    })
}
