//! An account, and every kind of drift made in it as somebody with a console would.

use crate::world::World;
use aws_sdk_cloudformation::types::{ChangeSetType, Parameter};
use aws_sdk_servicecatalog::types::{
    OrganizationNode, OrganizationNodeType, ProvisioningArtifactGuidance,
    ProvisioningArtifactProperties, TagOptionDetail,
};
use compute_catalog::publish::{Desired, LivePortfolio, LiveProduct};
use publisher::{Hints, Session, observe};

/// What drift is made on.
pub struct Target {
    session: Session,
    notebook: LiveProduct,
    portfolio: LivePortfolio,
    object: String,
    bucket: String,
    grants: String,
}

impl Target {
    pub async fn of(world: &World, desired: &Desired) -> Target {
        let session = world.session().await;
        let hints = Hints {
            portfolios: true,
            ..Hints::default()
        };
        let observed = observe(&session, desired, &hints).await.unwrap();
        let key = "notebook".parse().unwrap();
        let mut products = observed.products.values();
        Target {
            session,
            notebook: products.find(|live| live.tagged_as(&key)).unwrap().clone(),
            portfolio: observed.portfolios["lab-research"].clone(),
            object: desired.find(&key).unwrap().versions[0].object.clone(),
            bucket: observed.bucket.unwrap(),
            grants: observed.stacks["lab-grants"].template.clone(),
        }
    }

    async fn tag_option(&self) -> TagOptionDetail {
        let described = self.session.catalog.describe_portfolio();
        let answer = described.id(&self.portfolio.id).send().await.unwrap();
        answer.tag_options()[0].clone()
    }

    /// A version made by somebody else.
    async fn add_version(&self, name: &str) {
        let url = format!(
            "https://{}.s3.us-east-1.amazonaws.com/{}",
            self.bucket, self.object
        );
        let properties = ProvisioningArtifactProperties::builder()
            .name(name)
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

    pub async fn drift(&self, kind: &str) {
        let (catalog, s3) = (&self.session.catalog, &self.session.s3);
        let (product, portfolio) = (&self.notebook.id, &self.portfolio.id);
        let version = &self.notebook.versions[0];
        let update = || {
            let update = catalog.update_provisioning_artifact();
            update
                .product_id(product)
                .provisioning_artifact_id(&version.id)
        };
        let unit = OrganizationNode::builder()
            .r#type(OrganizationNodeType::OrganizationalUnit)
            .value("ou-ab12-cdef3456")
            .build();
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
            "service action taken off" => {
                let call = catalog.disassociate_service_action_from_provisioning_artifact();
                let call = call
                    .product_id(product)
                    .provisioning_artifact_id(&version.id);
                let action = version.actions.first().unwrap();
                call.service_action_id(action).send().await.unwrap();
            }
            "foreign version" => self.add_version("v0.9.0").await,
            "second version of a name" => self.add_version("v2.0.0").await,
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
            "portfolio renamed" => {
                let call = catalog.update_portfolio().id(portfolio);
                call.display_name("Theirs").send().await.unwrap();
            }
            "constraint deleted" => {
                let id = &self.portfolio.declared_constraints["NotebookLaunchConstraint"];
                catalog.delete_constraint().id(id).send().await.unwrap();
            }
            "constraint added" => {
                let call = catalog
                    .create_constraint()
                    .portfolio_id(portfolio)
                    .product_id(product);
                call.r#type("NOTIFICATION")
                    .parameters(
                        r#"{"NotificationArns":["arn:aws:sns:us-east-1:123456789012:theirs"]}"#,
                    )
                    .idempotency_token("theirs")
                    .send()
                    .await
                    .unwrap();
            }
            "principal taken off" => {
                let arn = self.portfolio.principals.first().unwrap();
                let call = catalog.disassociate_principal_from_portfolio();
                call.portfolio_id(portfolio)
                    .principal_arn(arn)
                    .send()
                    .await
                    .unwrap();
            }
            "principal added" => {
                let call = catalog
                    .associate_principal_with_portfolio()
                    .portfolio_id(portfolio);
                call.principal_arn("arn:aws:iam::123456789012:role/other")
                    .principal_type("IAM".into())
                    .send()
                    .await
                    .unwrap();
            }
            "product taken off the portfolio" => {
                for id in &self.portfolio.constraints {
                    catalog.delete_constraint().id(id).send().await.unwrap();
                }
                let call = catalog.disassociate_product_from_portfolio();
                call.portfolio_id(portfolio)
                    .product_id(product)
                    .send()
                    .await
                    .unwrap();
            }
            "tag option taken off" => {
                let option = self.tag_option().await;
                let call = catalog.disassociate_tag_option_from_resource();
                let call = call
                    .resource_id(portfolio)
                    .tag_option_id(option.id().unwrap());
                call.send().await.unwrap();
            }
            "tag option switched off" => {
                let option = self.tag_option().await;
                let call = catalog.update_tag_option().id(option.id().unwrap());
                call.active(false).send().await.unwrap();
            }
            "share ended" => {
                let call = catalog.delete_portfolio_share().portfolio_id(portfolio);
                call.organization_node(unit).send().await.unwrap();
            }
            "share without tag options" => {
                let call = catalog.update_portfolio_share().portfolio_id(portfolio);
                let call = call.organization_node(unit).share_tag_options(false);
                call.send().await.unwrap();
            }
            "template deleted" => {
                let call = s3.delete_object().bucket(&self.bucket).key(&self.object);
                call.send().await.unwrap();
            }
            "template overwritten" => {
                let call = s3.put_object().bucket(&self.bucket).key(&self.object);
                call.body(b"Resources: {}\n".to_vec().into())
                    .send()
                    .await
                    .unwrap();
            }
            "stack edited" => self.edit_stack().await,
            "service action changed" => {
                let action = version.actions.first().unwrap();
                let call = catalog.update_service_action().id(action);
                call.name("Theirs").send().await.unwrap();
            }
            other => panic!("nothing makes {other}"),
        }
    }

    /// Gives the portfolio again the principal and the tag option that it had.
    pub async fn put_back_by_hand(&self) {
        let (catalog, portfolio) = (&self.session.catalog, &self.portfolio.id);
        let principal = catalog.associate_principal_with_portfolio();
        principal
            .portfolio_id(portfolio)
            .principal_arn(self.portfolio.principals.first().unwrap())
            .principal_type("IAM".into())
            .send()
            .await
            .unwrap();
        let options = catalog.list_tag_options().send().await.unwrap();
        let of_portfolio = |option: &&TagOptionDetail| {
            let (key, value) = (option.key().unwrap(), option.value().unwrap());
            self.portfolio
                .tag_options
                .contains(&format!("{key}={value}"))
        };
        for option in options.tag_option_details().iter().filter(of_portfolio) {
            // What it has already is refused.
            let call = catalog.associate_tag_option_with_resource();
            let call = call.resource_id(portfolio);
            let _ = call.tag_option_id(option.id().unwrap()).send().await;
        }
    }

    /// Adds a tag option to a stack, as somebody with a console would.
    async fn edit_stack(&self) {
        let stacks = &self.session.stacks;
        let template = self.grants.replace(
            "Resources:\n",
            "Resources:\n  Theirs:\n    Type: AWS::ServiceCatalog::TagOption\n    Properties: { Key: Theirs, Value: one }\n",
        );
        stacks
            .create_change_set()
            .stack_name("lab-grants")
            .change_set_name("theirs")
            .change_set_type(ChangeSetType::Update)
            .template_body(template)
            .set_parameters(Some(Vec::<Parameter>::new()))
            .send()
            .await
            .unwrap();
        let executed = || async {
            let call = stacks.execute_change_set().stack_name("lab-grants");
            call.change_set_name("theirs").send().await.is_ok()
        };
        while !executed().await {
            let call = stacks.describe_change_set().stack_name("lab-grants");
            let _ = call.change_set_name("theirs").send().await;
        }
        let settled = || async {
            let call = stacks.describe_stacks().stack_name("lab-grants");
            let answer = call.send().await.unwrap();
            answer.stacks()[0].stack_status().unwrap().as_str() == "UPDATE_COMPLETE"
        };
        while !settled().await {}
    }
}
