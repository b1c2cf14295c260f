//! What the last look at the publisher found: as long as nothing of what it is made from has changed
//! since, cargo need not look again, which takes a third of a second before every command.
//!
//! What it is made from stands in the file that cargo leaves beside each program for those who ask
//! whether it has to be called again:
//! <https://doc.rust-lang.org/cargo/reference/build-cache.html#dep-info-files>

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Where a look is kept, below the workspace's root.
const FILE: &str = "target/publisher/look.json";
/// What names crates and settles how they are built. Cargo lists none of it.
const MANIFESTS: [&str; 4] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
];

/// A look of cargo's at the publisher.
#[derive(Deserialize, Serialize)]
pub struct Look {
    /// The repository. A folder of builds that was copied from another tells of that one's sources.
    root: PathBuf,
    /// Before cargo read the first file: what changes from then on may not be in the program.
    began: SystemTime,
    /// The program.
    program: PathBuf,
    /// When it was linked. Another build in the same folder may put another in its place.
    linked: SystemTime,
}

impl Look {
    /// The program that cargo has found up to date, or made so, in a look that began then.
    pub fn new(root: &Path, began: SystemTime, program: &Path) -> std::io::Result<Look> {
        Ok(Look {
            root: root.to_owned(),
            began,
            linked: fs::metadata(program)?.modified()?,
            program: program.to_owned(),
        })
    }

    /// The last look at the publisher of this repository, where one is kept that can be read.
    pub fn last(root: &Path) -> Option<Look> {
        serde_json::from_slice(&fs::read(root.join(FILE)).ok()?).ok()
    }

    /// Keeps it for the next command.
    pub fn keep(&self) -> std::io::Result<()> {
        let file = self.root.join(FILE);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, serde_json::to_vec(self)?)
    }

    /// The program, unless something may have changed since: what can't be read may have.
    pub fn into_program(self, root: &Path) -> Option<PathBuf> {
        let is_same = self.root == root && modified(&self.program)? == self.linked;
        let listed = fs::read_to_string(self.program.with_extension("d")).ok()?;
        let sources = sources(&listed, root)?;
        let is_older = |path: &PathBuf| is_older(path, self.began);
        let manifests = manifests(&sources, root);
        let is_unchanged = sources.iter().chain(&manifests).all(is_older);
        (is_same && is_unchanged).then_some(self.program)
    }
}

/// What stands after the first colon and space, each path with its blanks escaped.
fn sources(listed: &str, root: &Path) -> Option<Vec<PathBuf>> {
    let (_, paths) = listed.lines().next()?.split_once(": ")?;
    let mut found = vec![String::new()];
    let mut signs = paths.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, signs.peek(), found.last_mut()) {
            ('\\', Some(' '), Some(path)) => path.extend(signs.next()),
            (' ', _, _) => found.push(String::new()),
            (sign, _, Some(path)) => path.push(sign),
            (_, _, None) => return None,
        }
    }
    let paths = found.iter().filter(|path| !path.is_empty());
    Some(paths.map(|path| root.join(path)).collect())
}

/// The manifests in the folders of these files and above them, within the repository.
fn manifests(sources: &[PathBuf], root: &Path) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = sources
        .iter()
        .flat_map(|source| source.ancestors().skip(1))
        .filter(|folder| folder.starts_with(root))
        .collect();
    let files = folders.iter().flat_map(|folder| {
        MANIFESTS
            .iter()
            .map(|name| folder.join(name))
            .filter(|file| file.exists())
    });
    files.collect()
}

/// Whether a file, or all that a folder holds, was there before and hasn't changed since.
fn is_older(path: &Path, began: SystemTime) -> bool {
    if modified(path).is_none_or(|modified| modified >= began) {
        return false;
    }
    match fs::read_dir(path) {
        Ok(mut entries) => {
            entries.all(|entry| entry.is_ok_and(|entry| is_older(&entry.path(), began)))
        }
        Err(_) => path.is_file(),
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}
