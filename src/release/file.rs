//! The ledger as its file.

use super::Ledger;
use crate::yaml::{self, InputError, WriteError};

/// What the file begins with.
const HEADER: &str =
    "# Written by `cargo xtask release`. A line that stands here is never changed.\n";

/// Nobody writes it by hand.
const HINT: &str =
    "restore the file from git: what it says is kept, and only `cargo xtask release` adds to it";

impl Ledger {
    /// Reads a ledger file.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Ledger, Vec<InputError>> {
        yaml::load(file, text).map_err(|errors| {
            let restored = |error| InputError {
                hint: Some(HINT.to_owned()),
                ..error
            };
            errors.into_iter().map(restored).collect()
        })
    }

    /// The ledger as its file.
    ///
    /// # Errors
    /// Text that no YAML scalar can hold.
    pub fn write(&self) -> Result<String, WriteError> {
        let body = yaml::to_string(self)?;
        Ok(format!("{HEADER}{body}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
versions:
  - name: v1.0.0
    description: The first
    origin:
      legacy:
        environments:
          - develop
          - prod
  - name: v2.0.0
    description: \"Quoted: it's #1\"
    origin:
      released:
        digest: sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        bump: major
        note: no reason
        impact:
          - \"Instance: replaced\"
          - a second
  - name: v2.0.1
    description: The last
    origin:
      released:
        digest: sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        bump: patch
        note: one reason
";

    #[test]
    fn what_is_written_is_read() {
        let text = format!("{HEADER}{TEXT}");
        let ledger = Ledger::read("versions.yaml", &text).unwrap();
        assert_eq!(ledger.versions.len(), 3);
        assert_eq!(ledger.write().unwrap(), text);
    }
}
