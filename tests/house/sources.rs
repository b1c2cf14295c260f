//! The repository's own Rust files.

use std::path::{Path, PathBuf};

/// A Rust file: its path from the root, and its text.
pub struct RustFile {
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below these folders, sorted by path.
pub fn rust_files(folders: &[&str]) -> Vec<RustFile> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut files);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty(), "no Rust file below {folders:?}");
    files
}

fn collect(folder: &Path, files: &mut Vec<RustFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.push(RustFile {
                path: relative,
                text: std::fs::read_to_string(&path).unwrap(),
            });
        }
    }
}
