//! Products, changed by somebody with a console.

use super::Target;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactProperties, Tag};

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_product(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        match kind {
            "product renamed" => {
                let call = catalog.update_product().id(product).name("Theirs");
                call.send().await.unwrap();
            }
            "product's tag taken off" => {
                let call = catalog.update_product().id(product);
                call.remove_tags("compute-catalog:product")
                    .send()
                    .await
                    .unwrap();
            }
            "product described otherwise" => {
                let call = catalog.update_product().id(product);
                call.description("Theirs").send().await.unwrap();
            }
            "product of another owner" => {
                let call = catalog.update_product().id(product);
                call.owner("Theirs").send().await.unwrap();
            }
            "product of another distributor" => {
                let call = catalog.update_product().id(product);
                call.distributor("Theirs").send().await.unwrap();
            }
            "product with another support text" => {
                let call = catalog.update_product().id(product);
                call.support_description("Theirs").send().await.unwrap();
            }
            "product with another support address" => {
                let call = catalog.update_product().id(product);
                call.support_email("theirs@example.com")
                    .send()
                    .await
                    .unwrap();
            }
            "product with another support page" => {
                let call = catalog.update_product().id(product);
                call.support_url("https://example.com/theirs")
                    .send()
                    .await
                    .unwrap();
            }
            "product renamed and of other makers" => {
                let call = catalog.update_product().id(product).name("Theirs");
                call.owner("Theirs")
                    .distributor("Theirs")
                    .send()
                    .await
                    .unwrap();
            }
            "product tagged as another" => {
                let call = catalog.update_product().id(product);
                call.add_tags(tag("theirs")).send().await.unwrap();
            }
            "second product with our tag" => self.add_product("Theirs", "notebook").await,
            "second product of our name" => {
                self.add_product(&self.notebook.texts.name, "").await;
            }
            "product tagged" => {
                let tag = Tag::builder().key("Project").value("theirs").build();
                let call = catalog.update_product().id(product);
                call.add_tags(tag.unwrap()).send().await.unwrap();
            }
            "product tagged as withdrawn of no version" => {
                let tag = Tag::builder().key("compute-catalog:withdrawn:latest");
                let call = catalog.update_product().id(product);
                let call = call.add_tags(tag.value("theirs").build().unwrap());
                call.send().await.unwrap();
            }
            "product deleted" => {
                for (id, one) in &self.portfolio.constraints {
                    if one.product == *product {
                        catalog.delete_constraint().id(id).send().await.unwrap();
                    }
                }
                self.take_product_off(product).await;
                catalog.delete_product().id(product).send().await.unwrap();
            }
            "tag option on the product" => self.add_tag_option(product).await,
            _ => return false,
        }
        true
    }

    /// A product made by somebody else; answers its id.
    pub(super) async fn new_product(&self, name: &str, tagged_as: &str) -> String {
        let url = format!(
            "https://{}.s3.us-east-1.amazonaws.com/{}",
            self.bucket, self.object
        );
        let properties = ProvisioningArtifactProperties::builder()
            .name("theirs")
            .info("LoadTemplateFromURL", url)
            .r#type("CLOUD_FORMATION_TEMPLATE".into())
            .build();
        let mut create = self
            .session
            .catalog
            .create_product()
            .name(name)
            .owner("theirs");
        if !tagged_as.is_empty() {
            let texts = &self.notebook.texts;
            create = create
                .owner(&texts.owner)
                .distributor(&texts.distributor)
                .tags(tag(tagged_as));
        }
        let answer = create
            .product_type("CLOUD_FORMATION_TEMPLATE".into())
            .provisioning_artifact_parameters(properties)
            .idempotency_token("theirs")
            .send()
            .await
            .unwrap();
        let detail = answer.product_view_detail().unwrap();
        let summary = detail.product_view_summary().unwrap();
        summary.product_id().unwrap().to_owned()
    }

    pub(super) async fn add_product(&self, name: &str, tagged_as: &str) {
        self.new_product(name, tagged_as).await;
    }
}

/// The tag that says which product of ours it is.
fn tag(product: &str) -> Tag {
    let tag = Tag::builder().key("compute-catalog:product").value(product);
    tag.build().unwrap()
}
