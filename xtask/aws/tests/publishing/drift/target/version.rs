//! Versions, changed by somebody with a console.

use super::Target;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactGuidance, ProvisioningArtifactProperties};

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_version(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        let version = &self.notebook.versions[0];
        let update = || {
            let update = catalog.update_provisioning_artifact();
            update
                .product_id(product)
                .provisioning_artifact_id(&version.id)
        };
        match kind {
            "version described otherwise" => {
                update().description("theirs").send().await.unwrap();
            }
            "version hidden" => {
                update().active(false).send().await.unwrap();
            }
            "version deprecated" => {
                let deprecated = ProvisioningArtifactGuidance::Deprecated;
                update().guidance(deprecated).send().await.unwrap();
            }
            "foreign version" => self.add_version("v0.9.0").await,
            "second version of a name" => self.add_version("v2.0.0").await,
            "version renamed" => {
                update().name("theirs").send().await.unwrap();
            }
            "version renamed and described otherwise" => {
                update()
                    .name("theirs")
                    .description("theirs")
                    .send()
                    .await
                    .unwrap();
            }
            "version renamed as another release" => {
                update().name("v7.0.0").send().await.unwrap();
            }
            "version hidden and deprecated" => {
                let deprecated = ProvisioningArtifactGuidance::Deprecated;
                let update = update().active(false).guidance(deprecated);
                update.send().await.unwrap();
            }
            "version of a newer checkout" => {
                self.add_version_described("v9.0.0", "Newer [sha256:0123456789ab]")
                    .await;
            }
            "version of ours with another body" => {
                self.add_version_described("v2.0.0", &version.description)
                    .await;
            }
            "version deleted" => {
                // The last version of a product can't be deleted.
                self.add_version("v0.9.0").await;
                for action in &version.actions {
                    self.take_action_off(action).await;
                }
                let call = catalog.delete_provisioning_artifact().product_id(product);
                let call = call.provisioning_artifact_id(&version.id);
                call.send().await.unwrap();
            }
            _ => return false,
        }
        true
    }

    /// A version made by somebody else.
    async fn add_version(&self, name: &str) {
        self.add_version_described(name, "").await;
    }

    async fn add_version_described(&self, name: &str, description: &str) {
        let url = format!(
            "https://{}.s3.us-east-1.amazonaws.com/{}",
            self.bucket, self.object
        );
        let properties = ProvisioningArtifactProperties::builder()
            .name(name)
            .description(description)
            .info("LoadTemplateFromURL", url)
            .build();
        let create = self.session.catalog.create_provisioning_artifact();
        create
            .product_id(&self.notebook.id)
            .parameters(properties)
            .idempotency_token("theirs")
            .send()
            .await
            .unwrap();
    }
}
