//! What IAM remembers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What IAM has in one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Iam {
    pub alias: Option<String>,
    pub roles: BTreeMap<String, Role>,
    /// Managed policies by ARN, as declared.
    pub policies: BTreeMap<String, Value>,
    /// Instance profiles by name, as declared.
    pub instance_profiles: BTreeMap<String, Value>,
}

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub id: String,
    pub arn: String,
    pub path: String,
    /// The trust policy.
    pub trust: Value,
    pub description: Option<String>,
    pub created: i64,
    /// As declared by a stack; null where it exists from the start.
    pub properties: Value,
}
