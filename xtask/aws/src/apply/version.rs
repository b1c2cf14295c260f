//! Versions: created closed to launches, opened when they are complete and proven.

use super::{Apply, StepError};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::{body, versions};
use aws_sdk_servicecatalog::operation::update_provisioning_artifact::builders::UpdateProvisioningArtifactFluentBuilder;
use aws_sdk_servicecatalog::types::ProvisioningArtifactGuidance;
use compute_catalog::digest::Digest;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::{Evidence, Guidance, Reference, Version, evidence};

impl Apply<'_> {
    pub(super) async fn create_version(
        &self,
        key: &Key,
        version: &Version,
        bucket: &Reference,
    ) -> Result<(), StepError> {
        let product = self.known.product(key)?;
        self.product_is_there(&product).await?;
        let name = version.name.to_string();
        let listed = versions::list(self.session, &product).await?;
        let found = listed.iter().find(|detail| detail.name() == Some(&name));
        let id = match found.and_then(|detail| detail.id()) {
            Some(id) => id.to_owned(),
            None => self.add_version(key, &product, version, bucket).await?,
        };
        let seen = self.version_is_there(&product, &id).await?;
        self.prove(&version.digest, seen).await?;
        self.known.learn_version(key, version.name, &id);
        // Guidance can't be given at creation, which opens a version to launches.
        self.update_guidance(&product, &id, Guidance::Deprecated)
            .await
    }

    async fn add_version(
        &self,
        key: &Key,
        product: &str,
        version: &Version,
        bucket: &Reference,
    ) -> Result<String, StepError> {
        let on = format!("{key} {}", version.name);
        let answer = self
            .session
            .catalog
            .create_provisioning_artifact()
            .product_id(product)
            .parameters(self.properties(version, bucket)?)
            .idempotency_token(self.token(&[
                "version",
                product,
                &version.object,
                &version.description,
            ]))
            .send()
            .await
            .named("servicecatalog CreateProvisioningArtifact", &on)?;
        let id = answer
            .provisioning_artifact_detail()
            .and_then(|detail| detail.id())
            .ok_or_else(|| {
                CommandError::new(format!("CreateProvisioningArtifact gave no id for {on}"))
            })?;
        Ok(id.to_owned())
    }

    /// Refuses a live version whose body isn't the frozen one.
    async fn prove(&self, released: &Digest, mut seen: versions::Seen) -> Result<(), StepError> {
        seen.version.body = body::of_version(self.session, seen.template_url.as_deref()).await?;
        let live = &seen.version;
        let why = match evidence(released, live) {
            Evidence::Body | Evidence::Description => return Ok(()),
            Evidence::OtherBody(digest) => format!("its body is {digest}"),
            Evidence::None(why) => why,
        };
        Err(CommandError::new(format!(
            "{} ({}) is not the released version {released}",
            live.name, live.id
        ))
        .because(why)
        .hint("it stays as it is: find out who made it, rename or delete it, publish again")
        .into())
    }

    /// Opens a version to launches whose body is the frozen one.
    pub(super) async fn offer_version(
        &self,
        key: &Key,
        version: VersionName,
        released: &Digest,
    ) -> Result<(), StepError> {
        let product = self.known.product(key)?;
        let id = self.known.version(key, version)?;
        let seen = self.version_is_there(&product, &id).await?;
        self.prove(released, seen).await?;
        self.update_guidance(&product, &id, Guidance::Default).await
    }

    pub(super) async fn set_guidance(
        &self,
        key: &Key,
        version: VersionName,
        guidance: Guidance,
    ) -> Result<(), StepError> {
        let product = self.known.product(key)?;
        let id = self.known.version(key, version)?;
        self.update_guidance(&product, &id, guidance).await
    }

    pub(super) async fn update_guidance(
        &self,
        product: &str,
        id: &str,
        guidance: Guidance,
    ) -> Result<(), StepError> {
        let guidance = match guidance {
            Guidance::Default => ProvisioningArtifactGuidance::Default,
            Guidance::Deprecated => ProvisioningArtifactGuidance::Deprecated,
        };
        self.update_version(product, id, |update| update.guidance(guidance))
            .await
    }

    pub(super) async fn set_active(
        &self,
        key: &Key,
        version: VersionName,
        active: bool,
    ) -> Result<(), StepError> {
        let id = self.known.version(key, version)?;
        let product = self.known.product(key)?;
        self.update_version(&product, &id, |update| update.active(active))
            .await
    }

    pub(super) async fn rename_version(
        &self,
        key: &Key,
        version: VersionName,
    ) -> Result<(), StepError> {
        let id = self.known.version(key, version)?;
        let product = self.known.product(key)?;
        self.update_version(&product, &id, |update| update.name(version.to_string()))
            .await
    }

    pub(super) async fn describe_version(
        &self,
        key: &Key,
        version: VersionName,
        description: &str,
    ) -> Result<(), StepError> {
        let id = self.known.version(key, version)?;
        let product = self.known.product(key)?;
        self.update_version(&product, &id, |update| update.description(description))
            .await
    }

    /// Changes one property of a version.
    async fn update_version(
        &self,
        product: &str,
        id: &str,
        set: impl FnOnce(
            UpdateProvisioningArtifactFluentBuilder,
        ) -> UpdateProvisioningArtifactFluentBuilder,
    ) -> Result<(), StepError> {
        let update = self.session.catalog.update_provisioning_artifact();
        set(update.product_id(product).provisioning_artifact_id(id))
            .send()
            .await
            .named("servicecatalog UpdateProvisioningArtifact", id)?;
        Ok(())
    }
}
