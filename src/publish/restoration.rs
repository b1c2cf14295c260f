//! What is put back by a call of its own: Service Catalog's parts of stacks whose template hasn't
//! changed, and to which CloudFormation therefore does nothing.
//!
//! Only what keeps its identity: an association is known to its stack by the ids of the two that
//! belong together, and those are the same again. A constraint or service action that was deleted has
//! another id when it is made anew, and its stack would never find it.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// One thing that is put back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Restoration {
    /// Who sees a portfolio.
    Principal {
        /// `port-…`
        portfolio: String,
        /// An ARN, or a pattern of ARNs.
        arn: String,
        /// `IAM` or `IAM_PATTERN`.
        principal_type: String,
    },
    /// A product of a portfolio.
    Product {
        /// `port-…`
        portfolio: String,
        /// `prod-…`
        product: String,
    },
    /// A tag option of a portfolio.
    TagOption {
        /// `port-…`
        portfolio: String,
        /// `tag-…`
        option: String,
    },
    /// A tag option that was switched off.
    ActiveTagOption {
        /// `tag-…`
        option: String,
    },
    /// The value of a tag option.
    TagOptionValue {
        /// `tag-…`
        option: String,
        /// What launches offer.
        value: String,
    },
    /// What is shown of a portfolio.
    PortfolioTexts {
        /// `port-…`
        portfolio: String,
        /// By the property of `AWS::ServiceCatalog::Portfolio` that holds each.
        texts: BTreeMap<String, String>,
    },
    /// What a constraint says.
    Constraint {
        /// `cons-…`
        constraint: String,
        /// Its parameters, as JSON text.
        parameters: String,
    },
    /// What a service action does.
    ServiceAction {
        /// `act-…`
        action: String,
        /// Its name.
        name: String,
        /// Its description.
        description: String,
        /// What it runs and how, by Service Catalog's keys.
        definition: BTreeMap<String, String>,
    },
}

impl fmt::Display for Restoration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Restoration::Principal { portfolio, arn, .. } => {
                write!(f, "let {arn} see the portfolio {portfolio} again")
            }
            Restoration::Product { portfolio, product } => {
                write!(
                    f,
                    "put the product {product} into the portfolio {portfolio} again"
                )
            }
            Restoration::TagOption { portfolio, option } => {
                write!(
                    f,
                    "give the portfolio {portfolio} the tag option {option} again"
                )
            }
            Restoration::ActiveTagOption { option } => {
                write!(f, "switch the tag option {option} on again")
            }
            Restoration::TagOptionValue { option, value } => {
                write!(f, "give the tag option {option} its value `{value}` again")
            }
            Restoration::PortfolioTexts { portfolio, texts } => {
                let names: Vec<&str> = texts.keys().map(String::as_str).collect();
                write!(
                    f,
                    "set {} of the portfolio {portfolio} again",
                    names.join(", ")
                )
            }
            Restoration::Constraint { constraint, .. } => {
                write!(f, "make the constraint {constraint} say again what it said")
            }
            Restoration::ServiceAction { action, .. } => {
                write!(f, "make the service action {action} do again what it did")
            }
        }
    }
}
