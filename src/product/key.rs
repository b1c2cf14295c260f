//! The key of a product or portfolio: a folder's name, and the word that commands take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A key: lower-case letters, digits and single hyphens, starting with a letter; at most 40
/// characters.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Key(
    #[schemars(regex(pattern = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"), length(max = 40))]
    Cow<'static, str>,
);

/// Text that is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no key: at most 40 lower-case letters, digits and single hyphens, a letter first",
            self.0
        )
    }
}

impl std::error::Error for KeyError {}

impl Key {
    /// The key of a model, in a constant: text that is no key does not compile.
    ///
    /// # Panics
    /// The text is no key.
    pub const fn constant(text: &'static str) -> Key {
        assert!(
            is_key(text.as_bytes()),
            "a key is lower-case letters, digits and single hyphens"
        );
        Key(Cow::Borrowed(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Key, KeyError> {
        if is_key(text.as_bytes()) {
            Ok(Key(Cow::Owned(text.to_owned())))
        } else {
            Err(KeyError(text.to_owned()))
        }
    }
}

const fn is_key(text: &[u8]) -> bool {
    if text.is_empty() || text.len() > 40 || !text[0].is_ascii_lowercase() {
        return false;
    }
    let mut index = 0;
    let mut after_hyphen = false;
    while index < text.len() {
        match text[index] {
            b'-' if after_hyphen => return false,
            b'-' => after_hyphen = true,
            b'a'..=b'z' | b'0'..=b'9' => after_hyphen = false,
            _ => return false,
        }
        index += 1;
    }
    !after_hyphen
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Key, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0.into_owned()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_folder_names() {
        for good in ["windows", "s3-private", "a1"] {
            assert!(good.parse::<Key>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "S3",
            "-a",
            "a-",
            "a--b",
            "1a",
            "a_b",
            "../x",
            &"a".repeat(41),
        ] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
    }
}
