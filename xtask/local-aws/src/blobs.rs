//! Bodies of S3 objects, one file each, named by the SHA-256 of its content:
//! a body is complete or absent, and is written once.

use crate::wire::checksum::hex;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The folder of bodies.
#[derive(Debug)]
pub(crate) struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Keeps a body and returns its digest.
    pub(crate) fn put(&self, body: &[u8]) -> io::Result<String> {
        let digest = hex(&Sha256::digest(body));
        let path = self.folder.join(&digest);
        if !path.exists() {
            replace(&path, body)?;
        }
        Ok(digest)
    }

    pub(crate) fn get(&self, digest: &str) -> io::Result<Bytes> {
        std::fs::read(self.folder.join(digest)).map(Bytes::from)
    }
}

/// Writes a file so that a reader, also after a kill, sees the old content or
/// the new one. A loss of power isn't guarded against: no `fsync`.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    std::fs::write(&temporary, content)?;
    std::fs::rename(&temporary, path)
}
