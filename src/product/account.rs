//! The id of an AWS account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

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
