//! Service actions, changed by somebody with a console.

use super::Target;
use aws_sdk_servicecatalog::types::{ServiceActionDefinitionKey, ServiceActionDefinitionType};

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_action(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let product = &self.notebook.id;
        let version = &self.notebook.versions[0];
        match kind {
            "service action taken off" => {
                self.take_action_off(version.actions.first().unwrap()).await;
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
            "service action changed" => {
                let action = version.actions.first().unwrap();
                let call = catalog.update_service_action().id(action);
                call.name("Theirs").send().await.unwrap();
            }
            _ => return false,
        }
        true
    }

    /// Takes an action off the version that is live.
    pub(super) async fn take_action_off(&self, action: &str) {
        let catalog = &self.session.catalog;
        let call = catalog.disassociate_service_action_from_provisioning_artifact();
        call.product_id(&self.notebook.id)
            .provisioning_artifact_id(&self.notebook.versions[0].id)
            .service_action_id(action)
            .send()
            .await
            .unwrap();
    }
}
