//! The documents of a role's policies.

use serde::Serialize;

/// The policies of a role, as the documents that stand in the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    /// Its own policies, inline and attached, as JSON.
    pub identity: Vec<String>,
    /// Its permissions boundary, as JSON.
    pub boundary: Option<String>,
}
