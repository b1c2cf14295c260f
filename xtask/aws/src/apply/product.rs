//! Products.

use super::{Apply, StepError};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::{products, versions};
use aws_sdk_servicecatalog::types::{
    ProductType, ProvisioningArtifactProperties, ProvisioningArtifactType, Tag,
};
use compute_catalog::digest::Digest;
use compute_catalog::product::Key;
use compute_catalog::publish::{PRODUCT_TAG, Reference, Texts, Version};
use std::collections::BTreeMap;

impl Apply<'_> {
    pub(super) async fn create_product(
        &self,
        key: &Key,
        texts: &Texts,
        first: &Version,
        bucket: &Reference,
    ) -> Result<(), StepError> {
        if let Some(id) = products::find(self.session, key, &texts.name).await? {
            self.product_is_there(&id).await?;
            self.known.learn_product(key, &id);
            // An earlier attempt made it, with its first version.
            return self.find_version(key, &id, first).await;
        }
        let answer = self
            .session
            .catalog
            .create_product()
            .name(&texts.name)
            .owner(&texts.owner)
            .description(&texts.description)
            .distributor(&texts.distributor)
            .support_description(&texts.support_description)
            .support_email(&texts.support_email)
            .support_url(&texts.support_url)
            .product_type(ProductType::from(first.product_type.as_str()))
            .tags(tag(PRODUCT_TAG, key.as_str())?)
            .provisioning_artifact_parameters(self.properties(first, bucket)?)
            .idempotency_token(self.token(&[
                "product",
                key.as_str(),
                &format!("{texts:?}"),
                &first.object,
                &first.description,
            ]))
            .send()
            .await
            .named("servicecatalog CreateProduct", key.as_str())?;
        let id = answer
            .product_view_detail()
            .and_then(|detail| detail.product_view_summary())
            .and_then(|summary| summary.product_id())
            .ok_or_else(|| CommandError::new(format!("CreateProduct gave no id for {key}")))?;
        self.known.learn_product(key, id);
        self.product_is_there(id).await?;
        self.find_version(key, id, first).await
    }

    /// Learns the id of a product's first version, and waits until it is there.
    async fn find_version(
        &self,
        key: &Key,
        product: &str,
        version: &Version,
    ) -> Result<(), StepError> {
        let name = version.name.to_string();
        let id = self
            .wait_for(&format!("the version {name} of {product}"), || async {
                let listed = versions::list(self.session, product).await?;
                let found = listed.iter().find(|detail| detail.name() == Some(&name));
                Ok(match found.and_then(|detail| detail.id()) {
                    Some(id) => super::wait::Look::There(id.to_owned()),
                    None => super::wait::Look::NotYet("not found".to_owned()),
                })
            })
            .await?;
        self.version_is_there(product, &id).await?;
        self.known.learn_version(key, version.name, &id);
        Ok(())
    }

    /// What a version is made of.
    pub(super) fn properties(
        &self,
        version: &Version,
        bucket: &Reference,
    ) -> Result<ProvisioningArtifactProperties, CommandError> {
        let bucket = self.known.value(bucket)?;
        let url = self.session.object_url(&bucket, &version.object);
        Ok(ProvisioningArtifactProperties::builder()
            .name(version.name.to_string())
            .description(&version.description)
            .info("LoadTemplateFromURL", url)
            .r#type(ProvisioningArtifactType::from(
                version.product_type.as_str(),
            ))
            .build())
    }

    /// An idempotency token made of what is created and of this attempt. AWS says of no token when it
    /// expires: made of the content alone, it would bring back the id of what was deleted since.
    pub(super) fn token(&self, parts: &[&str]) -> String {
        let place = [
            self.session.account.as_str(),
            &self.session.region,
            self.nonce,
        ];
        let text = [&place[..], parts].concat().join("\n");
        Digest::of(text.as_bytes()).hex().to_owned()
    }

    pub(super) async fn update_product(
        &self,
        key: &Key,
        texts: &Texts,
        tags: &BTreeMap<String, String>,
        untag: &[String],
    ) -> Result<(), StepError> {
        let id = self.known.product(key)?;
        let mut update = self
            .session
            .catalog
            .update_product()
            .id(&id)
            .name(&texts.name)
            .owner(&texts.owner)
            .description(&texts.description)
            .distributor(&texts.distributor)
            .support_description(&texts.support_description)
            .support_email(&texts.support_email)
            .support_url(&texts.support_url);
        for (name, value) in tags {
            update = update.add_tags(tag(name, value)?);
        }
        for name in untag {
            update = update.remove_tags(name);
        }
        update
            .send()
            .await
            .named("servicecatalog UpdateProduct", key.as_str())?;
        Ok(())
    }
}

fn tag(key: &str, value: &str) -> Result<Tag, CommandError> {
    Tag::builder()
        .key(key)
        .value(value)
        .build()
        .map_err(|error| CommandError::new(format!("the tag {key} can't be made")).because(error))
}
