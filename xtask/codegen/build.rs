//! Finds what the generator is made of, for the stamp that says whether it has to run: every file
//! of this crate. Nothing else of the repository is compiled into it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let root = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let mut files = vec![root.join("Cargo.toml")];
    collect(&root.join("src"), &mut files)?;
    files.sort();
    // Checkouts can share a folder of builds: the paths are those of whichever is compiled.
    let texts: String = files
        .iter()
        .filter_map(|path| path.strip_prefix(&root).ok())
        .map(|path| format!("/{}", path.display()))
        .map(|path| format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})),\n"))
        .collect();
    let out = PathBuf::from(required("OUT_DIR")?);
    fs::write(out.join("sources.rs"), format!("[\n{texts}]\n"))
}

fn required(name: &str) -> io::Result<String> {
    std::env::var(name).map_err(|cause| io::Error::other(format!("{name}: {cause}")))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
