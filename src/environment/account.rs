//! One environment: an account in a region.

use super::VersionRetention;
use crate::product::Key;
use crate::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A file under `portfolios/environments/`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Environment {
    /// The account.
    pub account: Located<AccountId>,
    /// The region, such as `us-east-1`.
    #[schemars(regex(pattern = "^[a-z]{2}(-[a-z]+)+-[0-9]$"))]
    pub region: String,
    /// The built-in local AWS: takes no launches, and its account stands in no template.
    #[serde(default)]
    pub local: bool,
    /// The bucket for templates, where it is another than the one of the foundation stack.
    #[serde(default)]
    pub template_bucket: Option<String>,
    /// Names of exports in this account, by the key that the organization file declares.
    #[serde(default)]
    pub exports: IndexMap<String, Located<String>>,
    /// Products that were there before this catalog, by key: their versions are kept.
    #[serde(default)]
    pub products: IndexMap<Key, RecordedId>,
    /// Portfolios that were there before this catalog, by key.
    #[serde(default)]
    pub portfolios: IndexMap<Key, RecordedId>,
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
    pub login_role: Option<String>,
    /// The stacks are gone whose exports the catalog's stacks take the place of, and others still
    /// import those names: the catalog exports them.
    #[serde(default)]
    pub former_exports: bool,
    /// The profile of the AWS configuration to publish with, where `AWS_PROFILE` names none.
    #[serde(default)]
    pub profile: Option<String>,
}

/// The id of something that exists in the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordedId {
    /// Its id, `prod-…` or `port-…`.
    #[schemars(regex(pattern = "^(prod|port)-[a-z0-9]{13}$"))]
    pub id: String,
}

/// The address of a login application, such as `https://catalog.example.org`.
///
/// It stands in scripts that people run, so it is a scheme and a host and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct LoginEndpoint(
    #[schemars(regex(pattern = r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$"))]
    String,
);

/// Text that is no login endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginEndpointError(String);

impl fmt::Display for LoginEndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no login endpoint: that is `https://`, a host in lower case, and no path",
            self.0
        )
    }
}

impl std::error::Error for LoginEndpointError {}

impl LoginEndpoint {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LoginEndpoint {
    type Error = LoginEndpointError;

    fn try_from(text: String) -> Result<LoginEndpoint, LoginEndpointError> {
        let is_address = text.strip_prefix("https://").is_some_and(|rest| {
            let (host, port) = rest.split_once(':').unwrap_or((rest, "443"));
            let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            host.bytes().all(|b| is_inner(b) || b == b'.' || b == b'-')
                && host.bytes().next().is_some_and(is_inner)
                && host.bytes().next_back().is_some_and(is_inner)
                && port.parse::<u16>().is_ok()
        });
        if is_address {
            Ok(LoginEndpoint(text))
        } else {
            Err(LoginEndpointError(text))
        }
    }
}

impl From<LoginEndpoint> for String {
    fn from(endpoint: LoginEndpoint) -> String {
        endpoint.0
    }
}

/// An AWS account: 12 digits.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(#[schemars(regex(pattern = "^[0-9]{12}$"))] String);

/// Text that is no account id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountIdError(String);

impl fmt::Display for AccountIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no account id: those are 12 digits, in quotes",
            self.0
        )
    }
}

impl std::error::Error for AccountIdError {}

impl AccountId {
    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<AccountId, AccountIdError> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(AccountId(text.to_owned()))
        } else {
            Err(AccountIdError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for AccountId {
    type Error = AccountIdError;

    fn try_from(text: String) -> Result<AccountId, AccountIdError> {
        text.parse()
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> String {
        id.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
