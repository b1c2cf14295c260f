//! Constraints in the way of those that a stack makes: taken off right before, and put back where the
//! stack makes none.

use super::{Apply, StepError};
use crate::call::Named;
use crate::read::portfolios::described_constraint;
use compute_catalog::publish::Superseded;

/// A constraint that was taken off, with all that it takes to make it again.
pub(super) struct TakenOff<'a> {
    of: &'a Superseded,
    parameters: String,
    description: Option<String>,
}

impl Apply<'_> {
    /// Takes constraints off; those that are gone already are let be.
    pub(super) async fn take_off<'a>(
        &self,
        superseded: &'a [Superseded],
    ) -> Result<Vec<TakenOff<'a>>, StepError> {
        let catalog = &self.session.catalog;
        let mut taken_off = Vec::new();
        for of in superseded {
            let id = &of.constraint;
            let Some(described) = described_constraint(self.session, id).await? else {
                continue;
            };
            let detail = described.constraint_detail;
            taken_off.push(TakenOff {
                of,
                parameters: described.constraint_parameters.unwrap_or_default(),
                description: detail.and_then(|detail| detail.description),
            });
            let deleted = catalog.delete_constraint().id(id).send().await;
            match deleted.named("servicecatalog DeleteConstraint", id) {
                Err(error) if error.is_not_found() => {}
                deleted => {
                    deleted?;
                }
            }
        }
        Ok(taken_off)
    }

    /// Makes again what was taken off, under other ids.
    pub(super) async fn put_back(&self, taken_off: &[TakenOff<'_>]) -> Result<(), StepError> {
        for one in taken_off {
            let of = one.of;
            self.session
                .catalog
                .create_constraint()
                .portfolio_id(&of.portfolio)
                .product_id(&of.product_id)
                .r#type(&of.kind)
                .parameters(&one.parameters)
                .set_description(one.description.clone())
                .idempotency_token(self.token(&["put back", &of.constraint]))
                .send()
                .await
                .named("servicecatalog CreateConstraint", &of.product_id)?;
        }
        Ok(())
    }
}
