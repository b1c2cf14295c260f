//! The key of a product or portfolio: a folder's name, and the word that commands take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A key: lower-case letters, digits and single hyphens, starting with a letter; at most 40
/// characters.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Key(
    #[schemars(regex(pattern = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"), length(max = 40))] String,
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
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Key, KeyError> {
        let parts_are_words = text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        let starts_with_letter = text.starts_with(|c: char| c.is_ascii_lowercase());
        if parts_are_words && starts_with_letter && text.len() <= 40 {
            Ok(Key(text.to_owned()))
        } else {
            Err(KeyError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Key, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0
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
