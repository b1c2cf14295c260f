//! An account, and every kind of drift made in it as somebody with a console would.

use crate::world::World;
use aws_sdk_cloudformation::types::{ChangeSetType, Parameter};
use aws_sdk_s3::types::Tagging;
use aws_sdk_servicecatalog::types::{
    OrganizationNode, OrganizationNodeType, ProvisioningArtifactGuidance,
    ProvisioningArtifactProperties, ServiceActionDefinitionKey, ServiceActionDefinitionType, Tag,
    TagOptionDetail,
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
        let hints = Hints::default();
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

    /// A product made by somebody else; answers its id.
    async fn new_product(&self, name: &str, tagged_as: &str) -> String {
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

    async fn add_product(&self, name: &str, tagged_as: &str) {
        self.new_product(name, tagged_as).await;
    }

    async fn add_tag_option(&self, resource: &str) {
        let catalog = &self.session.catalog;
        let create = catalog.create_tag_option().key("Theirs").value("one");
        let answer = create.send().await.unwrap();
        let id = answer.tag_option_detail().unwrap().id().unwrap();
        let call = catalog.associate_tag_option_with_resource();
        call.resource_id(resource)
            .tag_option_id(id)
            .send()
            .await
            .unwrap();
    }

    async fn set_launch_role(&self, parameters: &str) {
        let id = &self.portfolio.declared_constraints["NotebookLaunchConstraint"];
        let call = self.session.catalog.update_constraint().id(id);
        call.parameters(parameters).send().await.unwrap();
    }

    async fn tag_object(&self, key: &str, value: &str) {
        let tag = aws_sdk_s3::types::Tag::builder()
            .key(key)
            .value(value)
            .build();
        let tags = Tagging::builder().tag_set(tag.unwrap()).build().unwrap();
        let call = self.session.s3.put_object_tagging().bucket(&self.bucket);
        call.key(&self.object).tagging(tags).send().await.unwrap();
    }

    /// Deletes what stands in the bucket.
    async fn empty_bucket(&self) {
        let s3 = &self.session.s3;
        let listed = s3
            .list_objects_v2()
            .bucket(&self.bucket)
            .send()
            .await
            .unwrap();
        for object in listed.contents() {
            let call = s3.delete_object().bucket(&self.bucket);
            call.key(object.key().unwrap()).send().await.unwrap();
        }
    }

    /// Deletes the portfolio, with everything that keeps Service Catalog from letting it go.
    async fn delete_portfolio(&self) {
        let (catalog, portfolio) = (&self.session.catalog, &self.portfolio.id);
        for id in self.portfolio.constraints.keys() {
            catalog.delete_constraint().id(id).send().await.unwrap();
        }
        for id in &self.portfolio.products {
            let call = catalog.disassociate_product_from_portfolio();
            call.portfolio_id(portfolio)
                .product_id(id)
                .send()
                .await
                .unwrap();
        }
        for arn in &self.portfolio.principals {
            let call = catalog.disassociate_principal_from_portfolio();
            call.portfolio_id(portfolio)
                .principal_arn(arn)
                .send()
                .await
                .unwrap();
        }
        let described = catalog
            .describe_portfolio()
            .id(portfolio)
            .send()
            .await
            .unwrap();
        for option in described.tag_options() {
            let call = catalog.disassociate_tag_option_from_resource();
            let call = call
                .resource_id(portfolio)
                .tag_option_id(option.id().unwrap());
            call.send().await.unwrap();
        }
        let unit = OrganizationNode::builder()
            .r#type(OrganizationNodeType::OrganizationalUnit)
            .value("ou-ab12-cdef3456")
            .build();
        let call = catalog.delete_portfolio_share().portfolio_id(portfolio);
        call.organization_node(unit).send().await.unwrap();
        let deleted = || async {
            let call = catalog.delete_portfolio().id(portfolio);
            call.send().await.is_ok()
        };
        for _ in 0..50 {
            if deleted().await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the portfolio can't be deleted");
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
                self.take_action_off(version.actions.first().unwrap()).await;
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
                for id in self.portfolio.constraints.keys() {
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
            "service action added to the version" => {
                let action = catalog
                    .create_service_action()
                    .name("Theirs")
                    .definition_type(ServiceActionDefinitionType::SsmAutomation)
                    .definition(ServiceActionDefinitionKey::Name, "AWS-StopEC2Instance")
                    .definition(ServiceActionDefinitionKey::Version, "1")
                    .idempotency_token("theirs")
                    .send()
                    .await
                    .unwrap();
                let detail = action.service_action_detail().unwrap();
                let id = detail.service_action_summary().unwrap().id().unwrap();
                // New things are seen after a few looks.
                let associated = || async {
                    let call = catalog.associate_service_action_with_provisioning_artifact();
                    let call = call
                        .product_id(product)
                        .provisioning_artifact_id(&version.id)
                        .service_action_id(id);
                    call.send().await.is_ok()
                };
                while !associated().await {
                    let _ = catalog.describe_service_action().id(id).send().await;
                }
            }
            "service action deleted" => {
                let action = version.actions.first().unwrap();
                self.take_action_off(action).await;
                catalog
                    .delete_service_action()
                    .id(action)
                    .send()
                    .await
                    .unwrap();
            }
            "service action described otherwise" => {
                let action = version.actions.first().unwrap();
                let call = catalog.update_service_action().id(action);
                call.description("Theirs").send().await.unwrap();
            }
            "service action runs another document" => {
                let action = version.actions.first().unwrap();
                let call = catalog.update_service_action().id(action);
                call.definition(ServiceActionDefinitionKey::Name, "AWS-StopEC2Instance")
                    .definition(ServiceActionDefinitionKey::Version, "1")
                    .definition(ServiceActionDefinitionKey::AssumeRole, "LAUNCH_ROLE")
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
            "tag option on the product" => self.add_tag_option(product).await,
            "product of others in the portfolio" => {
                let id = self.new_product("Theirs", "").await;
                let associated = || async {
                    let call = catalog.associate_product_with_portfolio();
                    let call = call.portfolio_id(portfolio).product_id(&id);
                    call.send().await.is_ok()
                };
                while !associated().await {
                    let _ = catalog.describe_product_as_admin().id(&id).send().await;
                }
            }
            "tag option of others on the portfolio" => self.add_tag_option(portfolio).await,
            "portfolio described otherwise" => {
                let call = catalog.update_portfolio().id(portfolio);
                call.description("Theirs").send().await.unwrap();
            }
            "portfolio of another provider" => {
                let call = catalog.update_portfolio().id(portfolio);
                call.provider_name("Theirs").send().await.unwrap();
            }
            "portfolio with every text changed" => {
                let call = catalog
                    .update_portfolio()
                    .id(portfolio)
                    .description("Theirs");
                let call = call.provider_name("Theirs").display_name("Theirs");
                call.send().await.unwrap();
            }
            "portfolio deleted" => self.delete_portfolio().await,
            "launch role changed" => {
                self.set_launch_role(r#"{"LocalRoleName":"Theirs"}"#).await;
            }
            "launch role changed to an ARN" => {
                let arn = "arn:aws:iam::123456789012:role/Theirs";
                self.set_launch_role(&format!(r#"{{"RoleArn":"{arn}"}}"#))
                    .await;
            }
            "tag updates allowed" => {
                let mut declared = self.portfolio.declared_constraints.iter();
                let (_, id) = declared
                    .find(|(_, id)| {
                        let text = &self.portfolio.constraint_parameters[*id];
                        text.contains("NOT_ALLOWED")
                    })
                    .unwrap();
                let allowed =
                    r#"{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}"#;
                let call = catalog.update_constraint().id(id);
                call.parameters(allowed).send().await.unwrap();
            }
            "every constraint deleted" => {
                for id in self.portfolio.constraints.keys() {
                    catalog.delete_constraint().id(id).send().await.unwrap();
                }
            }
            "shared with a stranger account" => {
                let call = catalog.create_portfolio_share().portfolio_id(portfolio);
                call.account_id("999999999999").send().await.unwrap();
            }
            "shared with a stranger unit" => {
                let stranger = OrganizationNode::builder()
                    .r#type(OrganizationNodeType::OrganizationalUnit)
                    .value("ou-zz99-stranger")
                    .build();
                let call = catalog.create_portfolio_share().portfolio_id(portfolio);
                call.organization_node(stranger).send().await.unwrap();
            }
            "share with principals" => {
                let call = catalog.update_portfolio_share().portfolio_id(portfolio);
                let call = call.organization_node(unit).share_principals(true);
                call.share_tag_options(true).send().await.unwrap();
            }
            "every principal taken off" => {
                for arn in &self.portfolio.principals {
                    let call = catalog.disassociate_principal_from_portfolio();
                    call.portfolio_id(portfolio)
                        .principal_arn(arn)
                        .send()
                        .await
                        .unwrap();
                }
            }
            "principal pattern added" => {
                let call = catalog.associate_principal_with_portfolio();
                call.portfolio_id(portfolio)
                    .principal_arn("arn:aws:iam:::role/theirs-*")
                    .principal_type("IAM_PATTERN".into())
                    .send()
                    .await
                    .unwrap();
            }
            "template's tag taken off" => self.tag_object("theirs", "yes").await,
            "template's tag set otherwise" => {
                self.tag_object("servicecatalog:provisioning", "false")
                    .await;
            }
            "template overwritten and untagged" => {
                let call = s3.put_object().bucket(&self.bucket).key(&self.object);
                call.body(b"theirs".to_vec().into()).send().await.unwrap();
                self.tag_object("theirs", "yes").await;
            }
            "templates all deleted" => self.empty_bucket().await,
            "change set left under our name" => {
                self.edit_stack().await;
                let call = self.session.stacks.create_change_set();
                call.stack_name("lab-grants")
                    .change_set_name("publish-left")
                    .change_set_type(ChangeSetType::Update)
                    .template_body(&self.grants)
                    .set_parameters(Some(Vec::<Parameter>::new()))
                    .send()
                    .await
                    .unwrap();
            }
            "product in a portfolio of others" => {
                let create = catalog.create_portfolio().display_name("Theirs");
                let create = create.provider_name("theirs").idempotency_token("theirs");
                let made = create.send().await.unwrap();
                let id = made.portfolio_detail().unwrap().id().unwrap();
                let associated = || async {
                    let call = catalog.associate_product_with_portfolio();
                    let call = call.portfolio_id(id).product_id(product);
                    call.send().await.is_ok()
                };
                while !associated().await {
                    let _ = catalog.describe_portfolio().id(id).send().await;
                }
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
            "launch constraint made by hand" => {
                let call = catalog.create_constraint().portfolio_id(portfolio);
                call.product_id(product)
                    .r#type("LAUNCH")
                    .parameters(r#"{"LocalRoleName":"NotebookLaunch"}"#)
                    .idempotency_token("theirs")
                    .send()
                    .await
                    .unwrap();
            }
            "stack deleted" => {
                let stacks = &self.session.stacks;
                let call = stacks.delete_stack().stack_name("lab-grants");
                call.send().await.unwrap();
                for _ in 0..20 {
                    let call = stacks.describe_stacks().stack_name("lab-grants");
                    if call.send().await.is_err() {
                        return;
                    }
                }
                panic!("the stack can't be deleted");
            }
            "service action changed" => {
                let action = version.actions.first().unwrap();
                let call = catalog.update_service_action().id(action);
                call.name("Theirs").send().await.unwrap();
            }
            other => panic!("nothing makes {other}"),
        }
    }

    /// Takes an action off the version that is live.
    async fn take_action_off(&self, action: &str) {
        let catalog = &self.session.catalog;
        let call = catalog.disassociate_service_action_from_provisioning_artifact();
        call.product_id(&self.notebook.id)
            .provisioning_artifact_id(&self.notebook.versions[0].id)
            .service_action_id(action)
            .send()
            .await
            .unwrap();
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

/// The tag that says which product of ours it is.
fn tag(product: &str) -> Tag {
    let tag = Tag::builder().key("compute-catalog:product").value(product);
    tag.build().unwrap()
}
