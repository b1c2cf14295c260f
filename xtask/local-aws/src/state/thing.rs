//! What stacks of provisioned products have made: resources, each as it stands in the account.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A resource of a provisioned product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thing {
    pub kind: String,
    /// What `Ref` yields.
    pub id: String,
    pub name: String,
    pub arn: String,
    /// Evaluated.
    pub properties: Value,
    pub tags: BTreeMap<String, String>,
    /// ARNs of policies that others have attached to it.
    pub attached: Vec<String>,
    /// The stack that holds it, by name; none: it was left behind.
    pub stack: Option<String>,
    pub logical: String,
    /// `running` or `stopped`, of an instance that a service action has stopped or started.
    pub power: Option<String>,
}
