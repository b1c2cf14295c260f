//! Service actions of versions.

use super::{Apply, StepError};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::versions;
use aws_sdk_servicecatalog::types::{
    ServiceActionAssociation, ServiceActionAssociationErrorCode as Code,
};
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::Reference;

/// The most that one call associates.
const BATCH: usize = 50;

impl Apply<'_> {
    pub(super) async fn associate(
        &self,
        key: &Key,
        version: VersionName,
        actions: &[Reference],
    ) -> Result<(), StepError> {
        let product = self.known.product(key)?;
        let id = self.known.version(key, version)?;
        self.version_is_there(&product, &id).await?;
        let mut wanted = Vec::new();
        for action in actions {
            wanted.push(self.known.value(action)?);
        }
        for attempt in 1.. {
            let have = versions::actions(self.session, &product, &id).await?;
            wanted.retain(|action| !have.contains(action));
            if wanted.is_empty() {
                break;
            }
            let failed = self.associate_once(&product, &id, &wanted).await?;
            let last = failed.iter().find(|failed| !failed.may_pass);
            if let Some(failed) = last.or(failed
                .first()
                .filter(|_| attempt >= self.session.pace.attempts))
            {
                return Err(CommandError::new(format!(
                    "the service action {} can't be given to {key} {version}",
                    failed.action
                ))
                .because(&failed.why)
                .hint("the version stays closed to launches until it has all its actions; publish again")
                .into());
            }
            if failed.is_empty() {
                break;
            }
            self.session.pace.wait().await;
        }
        Ok(())
    }

    /// One round of calls. An answer of 200 can hold failures.
    async fn associate_once(
        &self,
        product: &str,
        version: &str,
        actions: &[String],
    ) -> Result<Vec<FailedItem>, StepError> {
        let mut failed = Vec::new();
        for batch in actions.chunks(BATCH) {
            let mut call = self
                .session
                .catalog
                .batch_associate_service_action_with_provisioning_artifact();
            for action in batch {
                let association = ServiceActionAssociation::builder()
                    .service_action_id(action)
                    .product_id(product)
                    .provisioning_artifact_id(version)
                    .build()
                    .map_err(|error| {
                        CommandError::new(format!("no association for {action}")).because(error)
                    })?;
                call = call.service_action_associations(association);
            }
            let answer = call.send().await.named(
                "servicecatalog BatchAssociateServiceActionWithProvisioningArtifact",
                version,
            )?;
            for item in answer.failed_service_action_associations() {
                match item.error_code() {
                    Some(Code::DuplicateResourceException) => {}
                    code => failed.push(FailedItem {
                        action: item.service_action_id().unwrap_or_default().to_owned(),
                        may_pass: matches!(
                            code,
                            Some(
                                Code::ThrottlingException
                                    | Code::InternalFailure
                                    | Code::ResourceNotFoundException
                            )
                        ),
                        why: format!(
                            "{}: {}",
                            code.map_or("no code", Code::as_str),
                            item.error_message().unwrap_or_default()
                        ),
                    }),
                }
            }
        }
        Ok(failed)
    }
}

/// An association that a call didn't make.
struct FailedItem {
    action: String,
    /// Whether trying again may help.
    may_pass: bool,
    why: String,
}
