//! The receipt on disk, and the lock on it that keeps two runs of one checkout apart.

use crate::command_error::CommandError;
use compute_catalog::publish::{RECEIPT_SCHEMA, Receipt};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// `target/publish/<env>/`, held by this process.
#[derive(Debug)]
pub(crate) struct ReceiptFile {
    path: PathBuf,
    /// Held until this is dropped, or the process ends in whatever way.
    _lock: File,
}

impl ReceiptFile {
    /// Opens the folder, unless another process has it.
    pub(crate) fn open(folder: &Path) -> Result<ReceiptFile, CommandError> {
        let failed = |error: std::io::Error| {
            CommandError::input(format!("the folder {} can't be used", folder.display()))
                .because(error)
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(ReceiptFile {
                path: folder.join("receipt.json"),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(CommandError::new(format!(
                "another process publishes from {}",
                folder.display()
            ))
            .hint("wait until it is done")),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The receipt of the last run, where there is one of this form.
    pub(crate) fn read(&self) -> Result<Option<Receipt>, CommandError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failure("read", error)),
        };
        let unreadable = |error: serde_json::Error| {
            CommandError::input(format!("the receipt {} can't be read", self.path.display()))
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
        let partial = self.path.with_extension("partial");
        let write = || -> std::io::Result<()> {
            let mut text = serde_json::to_vec_pretty(receipt)?;
            text.push(b'\n');
            let mut file = File::create(&partial)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&partial, &self.path)
        };
        write().map_err(|error| self.failure("write", error))
    }

    /// Where the receipt is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn failure(&self, verb: &str, error: std::io::Error) -> CommandError {
        CommandError::new(format!("cannot {verb} the receipt {}", self.path.display()))
            .because(error)
    }
}
