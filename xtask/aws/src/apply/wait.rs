//! Waiting for things that a service makes in its own time.

use super::{Apply, StepError};
use crate::call::CallError;
use crate::command_error::CommandError;
use crate::read::{products, versions};
use aws_sdk_servicecatalog::types::Status;
use compute_catalog::publish::VersionStatus;
use std::future::Future;

/// What a look shows.
pub(crate) enum Look<T> {
    /// Not yet; the state as the service words it.
    NotYet(String),
    /// There.
    There(T),
    /// It never will be.
    Never(CommandError),
}

impl Apply<'_> {
    /// Looks until there is something to see.
    pub(crate) async fn wait_for<T, F>(
        &self,
        what: &str,
        mut look: impl FnMut() -> F,
    ) -> Result<T, StepError>
    where
        F: Future<Output = Result<Look<T>, CallError>>,
    {
        let pace = self.session.pace;
        let mut state = String::new();
        for _ in 0..pace.looks {
            match look().await? {
                Look::There(found) => return Ok(found),
                Look::Never(failure) => return Err(failure.into()),
                Look::NotYet(now) => state = now,
            }
            pace.wait().await;
        }
        let seconds = (pace.gap * pace.looks).as_secs();
        Err(
            CommandError::new(format!("{what} took longer than {seconds} s"))
                .because(format!("it is still {state}"))
                .hint("run the command again: it goes on waiting")
                .into(),
        )
    }

    /// Waits until a product can be used.
    pub(crate) async fn product_is_there(&self, id: &str) -> Result<(), StepError> {
        self.wait_for(&format!("the product {id}"), || async {
            Ok(match products::status(self.session, id).await? {
                None => Look::NotYet("not found".to_owned()),
                Some(Status::Creating) => Look::NotYet("CREATING".to_owned()),
                Some(Status::Failed) => Look::Never(CommandError::new(format!(
                    "Service Catalog failed to create the product {id}"
                ))),
                Some(_) => Look::There(()),
            })
        })
        .await
    }

    /// Waits until a version can be used.
    pub(crate) async fn version_is_there(
        &self,
        product: &str,
        version: &str,
    ) -> Result<versions::Seen, StepError> {
        self.wait_for(&format!("the version {version}"), || async {
            let Some(seen) = versions::describe(self.session, product, version).await? else {
                return Ok(Look::NotYet("not found".to_owned()));
            };
            Ok(match seen.version.status {
                VersionStatus::Creating => Look::NotYet("CREATING".to_owned()),
                VersionStatus::Available => Look::There(seen),
                VersionStatus::Failed => Look::Never(
                    CommandError::new(format!(
                        "Service Catalog failed to create {} ({version})",
                        seen.version.name
                    ))
                    .hint("look at it in the console; delete it, then publish again"),
                ),
            })
        })
        .await
    }
}
