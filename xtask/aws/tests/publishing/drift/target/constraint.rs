//! Constraints, changed by somebody with a console.

use super::Target;

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_constraint(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        match kind {
            "constraint deleted" => {
                let id = &self.portfolio.declared_constraints["NotebookLaunchConstraint"];
                catalog.delete_constraint().id(id).send().await.unwrap();
            }
            "constraint added" => {
                let topic = r#"{"NotificationArns":["arn:aws:sns:us-east-1:123456789012:theirs"]}"#;
                self.add_constraint(product, "NOTIFICATION", topic).await;
            }
            "template constraint added" => {
                let rules =
                    r#"{"Rules":{"None":{"Assertions":[{"Assert":{"Fn::Equals":["a","b"]}}]}}}"#;
                self.add_constraint(product, "TEMPLATE", rules).await;
            }
            "launch role given to what people launch as themselves" => {
                let role = r#"{"LocalRoleName":"Admin"}"#;
                self.add_constraint(self.other_product(), "LAUNCH", role)
                    .await;
            }
            "stack set constraint added" => {
                let accounts = r#"{"Version":"2.0","Properties":{"AccountList":["999999999999"],"RegionList":["us-east-1"],"AdminRole":"theirs","ExecutionRole":"theirs"}}"#;
                self.add_constraint(self.other_product(), "STACKSET", accounts)
                    .await;
            }
            "tag update constraint made by hand" => {
                let all = self.portfolio.constraints.iter();
                let mut ours =
                    all.filter(|(_, one)| one.kind == "RESOURCE_UPDATE" && one.product == *product);
                let id = ours.next().unwrap().0;
                catalog.delete_constraint().id(id).send().await.unwrap();
                let allowed =
                    r#"{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}"#;
                self.add_constraint(product, "RESOURCE_UPDATE", allowed)
                    .await;
            }
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
            "launch constraint made by hand" => {
                let role = r#"{"LocalRoleName":"NotebookLaunch"}"#;
                self.add_constraint(product, "LAUNCH", role).await;
            }
            _ => return false,
        }
        true
    }

    /// The product of ours that people launch as themselves.
    fn other_product(&self) -> &str {
        let mut all = self.portfolio.products.iter();
        all.find(|id| **id != self.notebook.id).unwrap()
    }

    async fn add_constraint(&self, product: &str, kind: &str, parameters: &str) {
        let call = self.session.catalog.create_constraint();
        let call = call.portfolio_id(&self.portfolio.id).product_id(product);
        let call = call.r#type(kind).parameters(parameters);
        call.idempotency_token("theirs").send().await.unwrap();
    }

    async fn set_launch_role(&self, parameters: &str) {
        let id = &self.portfolio.declared_constraints["NotebookLaunchConstraint"];
        let call = self.session.catalog.update_constraint().id(id);
        call.parameters(parameters).send().await.unwrap();
    }
}
