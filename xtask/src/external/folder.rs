//! The files of a product, as they stand on the disk.

use crate::workspace::WorkspaceError;
use compute_catalog::product::{ArtifactFile, FileKind};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;

/// Everything below a folder, by path; nothing where there is no such folder. Links aren't followed: what
/// they lead to isn't read.
pub(super) fn read(folder: &Path) -> Result<Vec<ArtifactFile>, WorkspaceError> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(
    folder: &Path,
    below: &str,
    files: &mut Vec<ArtifactFile>,
) -> Result<(), WorkspaceError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| WorkspaceError::Io {
            what: "read",
            path,
            cause,
        }
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if below.is_empty() && error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed(folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(failed(folder))?;
        let full = entry.path();
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        let about = fs::symlink_metadata(&full).map_err(failed(&full))?;
        if about.is_dir() {
            collect(&full, &format!("{path}/"), files)?;
            continue;
        }
        let kind = kind(&about);
        let bytes = match kind {
            FileKind::Plain | FileKind::Program => fs::read(&full).map_err(failed(&full))?,
            FileKind::Link | FileKind::Special => Vec::new(),
        };
        files.push(ArtifactFile { path, kind, bytes });
    }
    Ok(())
}

fn kind(about: &Metadata) -> FileKind {
    match (about.is_symlink(), about.is_file()) {
        (true, _) => FileKind::Link,
        (false, false) => FileKind::Special,
        (false, true) if is_program(about) => FileKind::Program,
        (false, true) => FileKind::Plain,
    }
}

#[cfg(unix)]
fn is_program(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o100 != 0
}

/// Elsewhere no file says it.
#[cfg(not(unix))]
fn is_program(_: &Metadata) -> bool {
    false
}
