//! The state in memory and on disk. `state.json` is replaced as a whole after
//! each change, so a kill leaves the state before or after a call, never between.

use crate::blobs::{Blobs, replace};
use crate::state::State;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The keeper of the state; one for a folder.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    pub current: Arc<State>,
    /// The state before the last change, for stale reads.
    pub previous: Arc<State>,
    pub blobs: Arc<Blobs>,
    /// Held as long as the store lives; the system frees it after a kill.
    lock: File,
}

impl Drop for Store {
    /// A process that is being started holds every open file for a moment, locks as well.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

impl Store {
    /// Opens or makes the folder. Fails when another server uses it or when its
    /// state can't be read.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        lock.try_lock().map_err(|error| {
            io::Error::new(
                io::ErrorKind::ResourceBusy,
                format!("{} is in use by another server: {error}", folder.display()),
            )
        })?;
        let path = folder.join("state.json");
        let state = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{}: {error}", path.display()),
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error),
        };
        let current = Arc::new(state);
        Ok(Self {
            path,
            previous: current.clone(),
            current,
            blobs: Arc::new(Blobs::open(&folder.join("blobs"))?),
            lock,
        })
    }

    /// Makes a new state the current one, on disk first. Only after a change is the old state kept
    /// for stale reads.
    pub(crate) fn commit(&mut self, next: Arc<State>, change: bool) -> io::Result<()> {
        replace(&self.path, text(&next)?.as_bytes())?;
        let old = std::mem::replace(&mut self.current, next);
        if change {
            self.previous = old;
        }
        Ok(())
    }

    /// Takes over the looks of a read. They reach the disk with the next commit: a server that is
    /// killed before asks for them again.
    pub(crate) fn note(&mut self, next: Arc<State>) {
        self.current = next;
    }
}

/// The state as it stands on disk. By way of a value: its text is written within the crate of JSON, which
/// is optimized in builds for development as well.
fn text(state: &State) -> io::Result<String> {
    Ok(serde_json::to_value(state)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::Store;

    /// What a process has of its parent's files between its start and its program's.
    #[test]
    fn a_closed_store_is_free_while_another_process_still_has_its_lock_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let inherited = store.lock.try_clone().unwrap();
        let refused = Store::open(folder.path()).unwrap_err();
        assert!(refused.to_string().contains("in use by another server"));
        drop(store);
        Store::open(folder.path()).unwrap();
        drop(inherited);
    }
}
