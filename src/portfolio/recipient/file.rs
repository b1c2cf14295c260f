//! What a portfolio's file says of the accounts with which it is shared.

use crate::portfolio::StackName;
use crate::yaml::Located;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the accounts get with which a portfolio is shared, in the region of the portfolio.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Recipients {
    /// The StackSet of the launch roles that the portfolio's constraints call by name.
    pub stack_set: Located<StackName>,
    /// A StackSet of the foundation, whose exports the roles and the products import; left out where
    /// the accounts have it.
    #[serde(default)]
    pub foundation_stack_set: Option<StackName>,
    /// As whom the account of the catalog acts on the organisation.
    #[serde(default)]
    pub administrator: Administrator,
}

/// As whom an account acts on StackSets that reach organisational units.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Administrator {
    /// It is a delegated administrator of StackSets.
    #[default]
    Delegated,
    /// It is the organisation's management account.
    Management,
}
