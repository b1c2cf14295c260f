//! Where a community logs in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

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
