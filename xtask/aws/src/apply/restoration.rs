//! What is put back by a call of its own. Each call says what should be, so that it can be repeated.

use super::{Apply, StepError};
use crate::call::{CallError, Named};
use aws_sdk_servicecatalog::types::{PrincipalType, ServiceActionDefinitionKey};
use compute_catalog::publish::Restoration;

impl Apply<'_> {
    pub(super) async fn restore(&self, restoration: &Restoration) -> Result<(), StepError> {
        let catalog = &self.session.catalog;
        match restoration {
            Restoration::Principal {
                portfolio,
                arn,
                principal_type,
            } => {
                catalog
                    .associate_principal_with_portfolio()
                    .portfolio_id(portfolio)
                    .principal_arn(arn)
                    .principal_type(PrincipalType::from(principal_type.as_str()))
                    .send()
                    .await
                    .named("servicecatalog AssociatePrincipalWithPortfolio", portfolio)?;
            }
            Restoration::Product { portfolio, product } => {
                catalog
                    .associate_product_with_portfolio()
                    .portfolio_id(portfolio)
                    .product_id(product)
                    .send()
                    .await
                    .named("servicecatalog AssociateProductWithPortfolio", portfolio)?;
            }
            Restoration::TagOption { portfolio, option } => {
                let answer = catalog
                    .associate_tag_option_with_resource()
                    .resource_id(portfolio)
                    .tag_option_id(option)
                    .send()
                    .await
                    .named("servicecatalog AssociateTagOptionWithResource", portfolio);
                unless_there(answer)?;
            }
            Restoration::ActiveTagOption { option } => {
                catalog
                    .update_tag_option()
                    .id(option)
                    .active(true)
                    .send()
                    .await
                    .named("servicecatalog UpdateTagOption", option)?;
            }
            Restoration::TagOptionValue { option, value } => {
                catalog
                    .update_tag_option()
                    .id(option)
                    .value(value)
                    .send()
                    .await
                    .named("servicecatalog UpdateTagOption", option)?;
            }
            Restoration::PortfolioTexts { portfolio, texts } => {
                catalog
                    .update_portfolio()
                    .id(portfolio)
                    .set_display_name(texts.get("DisplayName").cloned())
                    .set_provider_name(texts.get("ProviderName").cloned())
                    .set_description(texts.get("Description").cloned())
                    .send()
                    .await
                    .named("servicecatalog UpdatePortfolio", portfolio)?;
            }
            Restoration::Constraint {
                constraint,
                parameters,
            } => {
                catalog
                    .update_constraint()
                    .id(constraint)
                    .parameters(parameters)
                    .send()
                    .await
                    .named("servicecatalog UpdateConstraint", constraint)?;
            }
            Restoration::ServiceAction {
                action,
                name,
                description,
                definition,
            } => {
                let definition = definition
                    .iter()
                    .map(|(key, value)| {
                        let key = ServiceActionDefinitionKey::from(key.as_str());
                        (key, value.clone())
                    })
                    .collect();
                catalog
                    .update_service_action()
                    .id(action)
                    .name(name)
                    .description(description)
                    .set_definition(Some(definition))
                    .send()
                    .await
                    .named("servicecatalog UpdateServiceAction", action)?;
            }
        }
        Ok(())
    }
}

/// An association that is there already is as good as one that was made.
fn unless_there<T>(answer: Result<T, CallError>) -> Result<(), CallError> {
    match answer {
        Err(error) if error.code.as_deref() == Some("DuplicateResourceException") => Ok(()),
        answer => answer.map(drop),
    }
}
