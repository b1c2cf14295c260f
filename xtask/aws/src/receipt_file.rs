//! The receipt on disk, and the lock on it that keeps two runs of one checkout apart.

use crate::command_error::CommandError;
use crate::held_file::HeldFile;
use compute_catalog::publish::{RECEIPT_SCHEMA, Receipt};
use std::path::Path;

/// `target/publish/<env>/`, held by this process.
#[derive(Debug)]
pub(crate) struct ReceiptFile(HeldFile);

impl ReceiptFile {
    /// Opens the folder, unless another process has it.
    pub(crate) fn open(folder: &Path) -> Result<ReceiptFile, CommandError> {
        let failed = |error: std::io::Error| {
            CommandError::input(format!("the folder {} can't be used", folder.display()))
                .because(error)
        };
        let held = HeldFile::open(folder, "receipt.json").map_err(failed)?;
        held.map(ReceiptFile).ok_or_else(|| {
            CommandError::new(format!(
                "another process publishes from {}",
                folder.display()
            ))
            .hint("wait until it is done")
        })
    }

    /// The receipt of the last run, where there is one of this form.
    pub(crate) fn read(&self) -> Result<Option<Receipt>, CommandError> {
        let text = self.0.read().map_err(|error| self.failure("read", error))?;
        let Some(text) = text else { return Ok(None) };
        let unreadable = |error: serde_json::Error| {
            CommandError::input(format!(
                "the receipt {} can't be read",
                self.path().display()
            ))
            .because(error)
            .hint("remove it: the account itself says what is left to do")
        };
        let value: serde_json::Value = serde_json::from_str(&text).map_err(unreadable)?;
        // Another form is of another release of this program: the account says what is left to do.
        if value["schema"] != RECEIPT_SCHEMA {
            return Ok(None);
        }
        serde_json::from_value(value).map(Some).map_err(unreadable)
    }

    /// Writes the receipt whole or not at all.
    pub(crate) fn write(&self, receipt: &Receipt) -> Result<(), CommandError> {
        let written = self.0.write(receipt);
        written.map_err(|error| self.failure("write", error))
    }

    /// Where the receipt is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn failure(&self, verb: &str, error: std::io::Error) -> CommandError {
        CommandError::new(format!(
            "cannot {verb} the receipt {}",
            self.path().display()
        ))
        .because(error)
    }
}
