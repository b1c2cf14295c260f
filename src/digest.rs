//! The digest of a frozen body, or of any other bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::Read;
use std::str::FromStr;

/// SHA-256 over the bytes of a body, written `sha256:` and 64 lower-case hexadecimal digits.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(#[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))] String);

/// Text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestError(String);

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no digest: it is written `sha256:` and 64 hexadecimal digits",
            self.0
        )
    }
}

impl std::error::Error for DigestError {}

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(format!("sha256:{:x}", Sha256::digest(bytes)))
    }

    /// The digest of these texts, one after the other.
    pub fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Digest {
        let hash = Sha256::new();
        let hash = texts.into_iter().fold(hash, Sha256::chain_update);
        Digest(format!("sha256:{:x}", hash.finalize()))
    }

    /// The digest of what a reader gives.
    ///
    /// # Errors
    /// The reader's.
    pub fn read(mut reader: impl Read) -> std::io::Result<Digest> {
        let mut hash = Sha256::new();
        std::io::copy(&mut reader, &mut hash)?;
        Ok(Digest(format!("sha256:{:x}", hash.finalize())))
    }

    /// The 64 hexadecimal digits.
    pub fn hex(&self) -> &str {
        self.0.trim_start_matches("sha256:")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Digest, DigestError> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        let is_hex = hex
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex.len() == 64 && is_hex {
            Ok(Digest(text.to_owned()))
        } else {
            Err(DigestError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Digest, DigestError> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_known_digest_of_known_bytes() {
        let known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), known);
        assert_eq!(known.parse(), Ok(Digest::of(b"abc")));
        assert_eq!(Digest::read(b"abc".as_slice()).unwrap().to_string(), known);
        assert_eq!(Digest::of_all(["a", "bc"]).to_string(), known);
        assert!(known.to_uppercase().parse::<Digest>().is_err());
    }
}
