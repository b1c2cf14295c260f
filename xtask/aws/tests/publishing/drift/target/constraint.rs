//! Constraints, changed by somebody with a console.

use super::Target;

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_constraint(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        let portfolio = &self.portfolio.id;
        match kind {
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
                let call = catalog.create_constraint().portfolio_id(portfolio);
                call.product_id(product)
                    .r#type("LAUNCH")
                    .parameters(r#"{"LocalRoleName":"NotebookLaunch"}"#)
                    .idempotency_token("theirs")
                    .send()
                    .await
                    .unwrap();
            }
            _ => return false,
        }
        true
    }

    async fn set_launch_role(&self, parameters: &str) {
        let id = &self.portfolio.declared_constraints["NotebookLaunchConstraint"];
        let call = self.session.catalog.update_constraint().id(id);
        call.parameters(parameters).send().await.unwrap();
    }
}
