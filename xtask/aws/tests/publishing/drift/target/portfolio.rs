//! Portfolios with whom and what they hold, changed by somebody with a console.

use super::Target;
use aws_sdk_servicecatalog::types::{Tag, TagOptionDetail};

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_portfolio(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        let portfolio = &self.portfolio.id;
        match kind {
            "portfolio renamed" => {
                let call = catalog.update_portfolio().id(portfolio);
                call.display_name("Theirs").send().await.unwrap();
            }
            "principal taken off" => {
                let arn = self.portfolio.principals.first().unwrap();
                self.take_principal_off(arn).await;
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
                self.delete_constraints().await;
                self.take_product_off(product).await;
            }
            "tag option taken off" => {
                self.take_tag_option_off(&self.tag_option().await).await;
            }
            "tag option switched off" => {
                let option = self.tag_option().await;
                let call = catalog.update_tag_option().id(option.id().unwrap());
                call.active(false).send().await.unwrap();
            }
            "tag option deleted" => {
                self.delete_tag_option_of_ours().await;
            }
            "tag option made anew by hand" => {
                let option = self.delete_tag_option_of_ours().await;
                let create = catalog.create_tag_option().key(option.key().unwrap());
                let made = create.value(option.value().unwrap()).send().await.unwrap();
                let id = made.tag_option_detail().unwrap().id().unwrap();
                let call = catalog.associate_tag_option_with_resource();
                let call = call.resource_id(portfolio).tag_option_id(id);
                call.send().await.unwrap();
            }
            "tag option's value edited" => {
                let option = self.tag_option().await;
                let call = catalog.update_tag_option().id(option.id().unwrap());
                call.value("Theirs").send().await.unwrap();
            }
            "portfolio tagged" => {
                let tag = Tag::builder().key("Project").value("theirs").build();
                let call = catalog.update_portfolio().id(portfolio);
                call.add_tags(tag.unwrap()).send().await.unwrap();
            }
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
            "every principal taken off" => {
                for arn in &self.portfolio.principals {
                    self.take_principal_off(arn).await;
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
            _ => return false,
        }
        true
    }

    async fn delete_constraints(&self) {
        for id in self.portfolio.constraints.keys() {
            let call = self.session.catalog.delete_constraint().id(id);
            call.send().await.unwrap();
        }
    }

    pub(super) async fn take_product_off(&self, id: &str) {
        let call = self.session.catalog.disassociate_product_from_portfolio();
        let call = call.portfolio_id(&self.portfolio.id).product_id(id);
        call.send().await.unwrap();
    }

    async fn take_principal_off(&self, arn: &str) {
        let call = self.session.catalog.disassociate_principal_from_portfolio();
        let call = call.portfolio_id(&self.portfolio.id).principal_arn(arn);
        call.send().await.unwrap();
    }

    async fn take_tag_option_off(&self, option: &TagOptionDetail) {
        let call = self.session.catalog.disassociate_tag_option_from_resource();
        let call = call.resource_id(&self.portfolio.id);
        let call = call.tag_option_id(option.id().unwrap());
        call.send().await.unwrap();
    }

    async fn tag_option(&self) -> TagOptionDetail {
        let described = self.session.catalog.describe_portfolio();
        let answer = described.id(&self.portfolio.id).send().await.unwrap();
        answer.tag_options()[0].clone()
    }

    /// Deletes a tag option of ours, with its association.
    async fn delete_tag_option_of_ours(&self) -> TagOptionDetail {
        let option = self.tag_option().await;
        self.take_tag_option_off(&option).await;
        let call = self.session.catalog.delete_tag_option();
        call.id(option.id().unwrap()).send().await.unwrap();
        option
    }

    pub(super) async fn add_tag_option(&self, resource: &str) {
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

    /// Deletes the portfolio, with everything that keeps Service Catalog from letting it go.
    async fn delete_portfolio(&self) {
        let (catalog, portfolio) = (&self.session.catalog, &self.portfolio.id);
        self.delete_constraints().await;
        for id in &self.portfolio.products {
            self.take_product_off(id).await;
        }
        for arn in &self.portfolio.principals {
            self.take_principal_off(arn).await;
        }
        let described = catalog
            .describe_portfolio()
            .id(portfolio)
            .send()
            .await
            .unwrap();
        for option in described.tag_options() {
            self.take_tag_option_off(option).await;
        }
        let call = catalog.delete_portfolio_share().portfolio_id(portfolio);
        call.organization_node(super::share::unit("ou-ab12-cdef3456"))
            .send()
            .await
            .unwrap();
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
}
