//! End users as a person writes them: `portfolios/end-users.yaml`.

use crate::portfolio::{LogicalId, StackName};
use crate::product::Key;
use crate::yaml::Located;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Roles that people take, and what these may do.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EndUsers {
    /// The stack.
    pub stack: Located<StackName>,
    /// How people reach their machines.
    pub sessions: Sessions,
    /// Log groups that people read, by name; may hold `${AWS::AccountId}` and `*`.
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9_./#${}:*-]{1,512}$")), extend("patternErrorMessage" = "is no name of log groups: letters, digits and `_./#-`, with `*` and `${AWS::AccountId}`"))]
    pub log_groups: Vec<String>,
    /// The policies, an ability each.
    pub policies: Vec<EndUserPolicy>,
    /// The roles.
    pub roles: Vec<EndUserRole>,
}

/// How people reach their machines.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sessions {
    /// The tag of an instance that says who may open a session: the role's id, a colon and the
    /// name of the person's session.
    #[schemars(
        regex(pattern = "^[A-Za-z0-9 _.:/=+@-]{1,128}$"),
        extend(
            "not" = { "pattern": "^[Aa][Ww][Ss]:" },
            "patternErrorMessage" = "is no key of a tag: 1 to 128 letters, digits, blanks and `_.:/=+@-`, and not `aws:` first"
        )
    )]
    pub tag: String,
    /// The session documents that people may use.
    #[schemars(extend("uniqueItems" = true), inner(regex(pattern = "^[A-Za-z0-9_.-]{3,128}$")), extend("patternErrorMessage" = "is no name of a document: 3 to 128 letters, digits and `_.-`"))]
    pub documents: Vec<Located<String>>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EndUserPolicy {
    /// What it allows.
    pub ability: Located<Ability>,
    /// Its logical id; its ARN is exported under this name.
    pub logical_id: LogicalId,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EndUserRole {
    /// The key by which portfolios name it.
    pub key: Located<Key>,
    /// Its logical id; its id, ARN and name are exported under this name.
    pub logical_id: LogicalId,
    /// Its name, where others know it by name.
    #[serde(default)]
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$"), extend("patternErrorMessage" = "is no name of a role: 1 to 64 letters, digits and `+=,.@_-`"))]
    pub role_name: Option<Located<String>>,
    /// What the people who take it may do.
    pub abilities: Vec<Located<Ability>>,
}

/// What people may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Ability {
    /// Launch products; change, run actions on, and terminate one's own.
    Launch,
    /// Open sessions on one's own machines, and end them.
    Sessions,
    /// Read the logs of machines.
    Logs,
    /// See which jobs there are, and how they went.
    Jobs,
    /// See metrics.
    Metrics,
}
