//! One environment: an account in a region.

use super::{LoginEndpoint, VersionRetention};
use crate::product::{AccountId, Key};
use crate::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A file under `portfolios/environments/`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Environment {
    /// The account.
    pub account: Located<AccountId>,
    /// The region, such as `us-east-1`.
    #[schemars(regex(pattern = "^[a-z]{2}(-[a-z]+)+-[0-9]$"))]
    pub region: Located<String>,
    /// The built-in local AWS. Its account stands in no template: what looks an account up is launched elsewhere.
    #[serde(default)]
    pub local: bool,
    /// The bucket for templates, where it is another than the one of the foundation stack.
    #[serde(default)]
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"))]
    pub template_bucket: Option<String>,
    /// Names of exports in this account, by the key that the organization file declares.
    #[serde(default)]
    pub exports: IndexMap<Located<String>, Located<String>>,
    /// Products that were there before this catalog, by key: their versions are kept.
    #[serde(default)]
    pub products: IndexMap<Located<Key>, RecordedId>,
    /// Closes the versions of those from before this catalog to new launches, which its launch role
    /// can't launch. What runs on them goes on, and can be updated and ended.
    #[serde(default)]
    pub close_adopted: bool,
    /// Portfolios that were there before this catalog, by key.
    #[serde(default)]
    pub portfolios: IndexMap<Located<Key>, RecordedId>,
    /// Where the people of this environment log in.
    #[serde(default)]
    pub login_endpoint: Option<LoginEndpoint>,
    /// Takes only versions that this environment has published and verified.
    #[serde(default)]
    pub promotes_from: Option<Located<Key>>,
    /// How many versions of each product are kept.
    #[serde(default)]
    pub retention: VersionRetention,
    /// The role, by ARN, by which the login application assumes the roles of end users.
    #[serde(default)]
    #[schemars(regex(pattern = r"^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$"))]
    pub login_role: Option<String>,
    /// The stacks are gone whose exports the catalog's stacks take the place of, and others still
    /// import those names: the catalog exports them.
    #[serde(default)]
    pub legacy_exports: bool,
    /// The profile of the AWS configuration to publish with, where `AWS_PROFILE` names none.
    #[serde(default)]
    pub profile: Option<String>,
}

/// The id of something that exists in the account.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordedId {
    /// Its id, `prod-…` or `port-…`.
    #[schemars(regex(pattern = "^(prod|port)-[a-z0-9]{13}$"))]
    pub id: Located<String>,
}
