//! The names that CloudFormation gives to stacks and to what stands in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A logical id: letters and digits, at most 255.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct LogicalId(#[schemars(regex(pattern = "^[A-Za-z0-9]{1,255}$"))] String);

/// The name of a stack: letters, digits and hyphens, a letter first, at most 128.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct StackName(#[schemars(regex(pattern = "^[A-Za-z][A-Za-z0-9-]{0,127}$"))] String);

/// Text that is no such name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NameError {}

impl LogicalId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters and digits of a text, as an id.
    pub fn from_text(text: &str) -> LogicalId {
        LogicalId(text.chars().filter(char::is_ascii_alphanumeric).collect())
    }

    /// A key in Pascal case, with a suffix: `linux-docker` and `ProductId` make
    /// `LinuxDockerProductId`.
    pub fn of_key(key: &crate::product::Key, suffix: &str) -> LogicalId {
        let mut id = String::new();
        for word in key.as_str().split('-') {
            let mut letters = word.chars();
            id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            id.extend(letters);
        }
        LogicalId(id + suffix)
    }
}

impl StackName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LogicalId {
    type Error = NameError;

    fn try_from(text: String) -> Result<LogicalId, NameError> {
        let fits = (1..=255).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(LogicalId(text))
        } else {
            Err(NameError(format!(
                "`{text}` is no logical id: 1 to 255 letters and digits"
            )))
        }
    }
}

impl TryFrom<String> for StackName {
    type Error = NameError;

    fn try_from(text: String) -> Result<StackName, NameError> {
        let starts_with_letter = text.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if starts_with_letter && text.len() <= 128 && text.bytes().all(is_word) {
            Ok(StackName(text))
        } else {
            Err(NameError(format!(
                "`{text}` is no name of a stack: at most 128 letters, digits and hyphens, a letter first"
            )))
        }
    }
}

impl From<LogicalId> for String {
    fn from(id: LogicalId) -> String {
        id.0
    }
}

impl From<StackName> for String {
    fn from(name: StackName) -> String {
        name.0
    }
}

impl fmt::Display for LogicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for StackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
