//! A file that one process at a time holds, and that is written whole or not at all.

use serde::Serialize;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A JSON file of a folder, held by this process.
#[derive(Debug)]
pub(crate) struct HeldFile {
    path: PathBuf,
    /// Held until this is dropped, or the process ends in whatever way.
    _lock: File,
}

impl HeldFile {
    /// Holds the file of this name in a folder, which is made where it isn't there; nothing where
    /// another process has the folder.
    ///
    /// # Errors
    /// The folder or its lock can't be made.
    pub(crate) fn open(folder: &Path, name: &str) -> io::Result<Option<HeldFile>> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(HeldFile {
                path: folder.join(name),
                _lock: lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Its text; nothing where it isn't there.
    ///
    /// # Errors
    /// It can't be read.
    pub(crate) fn read(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    /// It can't be written; it is then what it was.
    pub(crate) fn write(&self, value: &impl Serialize) -> io::Result<()> {
        let partial = self.path.with_extension("partial");
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        let mut file = File::create(&partial)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&partial, &self.path)
    }
}
