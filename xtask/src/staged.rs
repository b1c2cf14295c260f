//! What is to be written at once: all of it, or nothing.
//!
//! It is written into a folder of its own first, where a full disk or a stop changes nothing else, and
//! moved to its places when all of it is there. A move that fails takes back those before it. A run that
//! is stopped between two moves leaves the folder, and the next command moves the rest.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Beside the files, so that a move is one within a file system.
const FOLDER: &str = ".staged";

/// In the folder: held as long as the run lives that writes there.
const LOCK: &str = "lock";

/// In the folder: what isn't all there yet.
const PARTS: &str = "parts";

/// In the folder: the same, when it is.
const WHOLE: &str = "whole";

/// In either: what is to be written, and an empty file for each that is to be removed.
const NEW: &str = "new";
const GONE: &str = "gone";

/// In the folder: what stood in the places.
const BEFORE: &str = "before";

/// What is to be written, by path from the root. None: the file is to be removed.
#[derive(Debug, Default)]
pub struct Staged(BTreeMap<String, Option<Vec<u8>>>);

/// Why nothing was written.
#[derive(Debug)]
pub struct Failure {
    path: PathBuf,
    cause: io::Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot write {}: {}\n  hint: all files are as they were: mend that, then run the command again",
            self.path.display(),
            self.cause
        )
    }
}

impl std::error::Error for Failure {}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |cause| Failure { path, cause }
}

impl Staged {
    /// A file with these contents.
    pub fn write(&mut self, path: &str, contents: &[u8]) {
        self.0.insert(path.to_owned(), Some(contents.to_owned()));
    }

    /// A file less.
    pub fn remove(&mut self, path: &str) {
        self.0.insert(path.to_owned(), None);
    }

    /// What a file will hold, where something is to be done to it; `Some(None)`: it will be gone.
    pub fn get(&self, path: &str) -> Option<Option<&[u8]>> {
        self.0.get(path).map(Option::as_deref)
    }

    /// Whether a file of this path, or below it, is to be written.
    pub fn holds(&self, path: &str) -> bool {
        let is_within = |file: &str| {
            file.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut written = self.0.iter().filter(|(_, contents)| contents.is_some());
        written.any(|(file, _)| is_within(file))
    }

    /// Writes and removes everything.
    ///
    /// # Errors
    /// A file that can't be written or removed: all are as they were.
    pub fn commit(self, root: &Path) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let folder = root.join(FOLDER);
        let written = self.written(&folder).and_then(|_lock| {
            let mut moves = Moves::new(root);
            moves.all().inspect_err(|_| moves.take_back())
        });
        // What is left of it hides nothing: the next command removes it.
        let _ = fs::remove_dir_all(&folder);
        written
    }

    /// Writes everything into the folder.
    fn written(&self, folder: &Path) -> Result<File, Failure> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock = folder.join(LOCK);
        let lock = File::create(&lock)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(failed(&lock))?;
        for (path, contents) in &self.0 {
            let part = match contents {
                Some(_) => folder.join(PARTS).join(NEW).join(path),
                None => folder.join(PARTS).join(GONE).join(path),
            };
            make_parents(&part).map_err(failed(&part))?;
            fs::write(&part, contents.as_deref().unwrap_or_default()).map_err(failed(&part))?;
        }
        let whole = folder.join(WHOLE);
        fs::rename(folder.join(PARTS), &whole).map_err(failed(&whole))?;
        Ok(lock)
    }
}

/// Finishes what a run began that was stopped: moves the rest where all was there, and removes what
/// wasn't. A run that lives is left alone.
///
/// # Errors
/// A file that can't be moved: what is left stays for the next command.
pub fn finish(root: &Path) -> Result<(), Failure> {
    let folder = root.join(FOLDER);
    let lock = folder.join(LOCK);
    let lock = match File::open(&lock) {
        Ok(lock) => lock,
        // It was stopped before it held anything, or there is none.
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            let _ = fs::remove_dir(&folder);
            return Ok(());
        }
        Err(cause) => return Err(failed(&lock)(cause)),
    };
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(cause)) => return Err(failed(&folder.join(LOCK))(cause)),
    }
    Moves::new(root).all()?;
    fs::remove_dir_all(&folder).map_err(failed(&folder))
}

/// The moves of one commit.
struct Moves<'a> {
    root: &'a Path,
    folder: PathBuf,
    /// The places that were changed, in order.
    done: Vec<PathBuf>,
    /// The folders that were made for them, in order.
    made: Vec<PathBuf>,
}

impl Moves<'_> {
    fn new(root: &Path) -> Moves<'_> {
        Moves {
            root,
            folder: root.join(FOLDER),
            done: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Moves what is whole to its places: what is new first, then what names it, then what goes. A stop
    /// between leaves files that nothing names yet.
    fn all(&mut self) -> Result<(), Failure> {
        let whole = self.folder.join(WHOLE);
        let (new, gone) = (whole.join(NEW), whole.join(GONE));
        let mut files = files_below(&new)?;
        files.sort_by_key(|path| self.root.join(path).exists());
        for path in files {
            self.one(&path, Some(&new.join(&path)))?;
        }
        for path in files_below(&gone)? {
            self.one(&path, None)?;
        }
        Ok(())
    }

    fn one(&mut self, path: &Path, from: Option<&Path>) -> Result<(), Failure> {
        let place = self.root.join(path);
        let failed = || failed(&place);
        if let Some(folder) = place.parent() {
            let missing = folder.ancestors().take_while(|folder| !folder.exists());
            let mut missing: Vec<&Path> = missing.collect();
            while let Some(folder) = missing.pop() {
                fs::create_dir(folder).map_err(failed())?;
                self.made.push(folder.to_owned());
            }
        }
        if place.is_dir() {
            return Err(failed()(ErrorKind::IsADirectory.into()));
        }
        if place.exists() {
            let before = self.folder.join(BEFORE).join(path);
            make_parents(&before).map_err(failed())?;
            fs::rename(&place, &before).map_err(failed())?;
        }
        self.done.push(path.to_owned());
        match from {
            Some(from) => fs::rename(from, &place).map_err(failed()),
            None => Ok(()),
        }
    }

    /// Brings back what stood in the places. What fails here has been told by what failed before.
    fn take_back(&mut self) {
        for path in self.done.drain(..).rev() {
            let place = self.root.join(&path);
            let before = self.folder.join(BEFORE).join(&path);
            let _ = match before.exists() {
                true => fs::rename(&before, &place),
                false => fs::remove_file(&place),
            };
        }
        for folder in self.made.drain(..).rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn make_parents(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)
}

/// The files below a folder, by their paths from it, sorted; none where there is no such folder.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let entries = match fs::read_dir(&next) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
            entries => entries.map_err(failed(&next))?,
        };
        for entry in entries {
            let path = entry.map_err(failed(&next))?.path();
            match (path.is_dir(), path.strip_prefix(folder)) {
                (false, Ok(within)) => found.push(within.to_owned()),
                _ => open.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with the files that it begins with.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list"), "old").unwrap();
        fs::write(folder.path().join("spare"), "spare").unwrap();
        folder
    }

    /// Every file with what it holds.
    fn files(root: &Path) -> Vec<(String, String)> {
        let found = files_below(root).unwrap().into_iter();
        let read = |path: PathBuf| {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            (path.display().to_string(), text)
        };
        found.map(read).collect()
    }

    /// A new file, a changed one and one less.
    fn staged() -> Staged {
        let mut staged = Staged::default();
        staged.write("product/a/b", b"new");
        staged.write("list", b"changed");
        staged.remove("spare");
        staged
    }

    fn after() -> Vec<(String, String)> {
        [("list", "changed"), ("product/a/b", "new")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .to_vec()
    }

    #[test]
    fn all_is_written_and_removed_at_once() {
        let folder = folder();
        staged().commit(folder.path()).unwrap();
        assert_eq!(files(folder.path()), after());
        assert!(!folder.path().join(FOLDER).exists());
    }

    #[test]
    fn a_write_that_fails_leaves_everything_as_it_was() {
        // The folder for parts can't be made; a place is a folder; a folder of a place is a file.
        for (file, contents) in [(FOLDER, ""), ("z/in", ""), ("z", "")] {
            let folder = folder();
            let root = folder.path();
            make_parents(&root.join(file)).unwrap();
            fs::write(root.join(file), contents).unwrap();
            let before = files(root);
            let mut staged = staged();
            staged.write(if file == "z" { "z/in" } else { "z" }, b"never");
            let failure = staged.commit(root).unwrap_err().to_string();
            assert!(failure.contains("as they were"), "{failure}");
            assert_eq!(files(root), before, "{file}");
            assert!(!root.join("product").exists(), "{file}");
        }
    }

    #[test]
    fn what_was_stopped_is_finished_where_it_was_whole_and_removed_where_not() {
        let folder = folder();
        let root = folder.path();
        let before = files(root);
        // Stopped while it was written.
        drop(staged().written(&root.join(FOLDER)).unwrap());
        fs::rename(root.join(FOLDER).join(WHOLE), root.join(FOLDER).join(PARTS)).unwrap();
        finish(root).unwrap();
        assert_eq!(files(root), before);
        // Stopped after the first move.
        drop(staged().written(&root.join(FOLDER)).unwrap());
        let whole = root.join(FOLDER).join(WHOLE);
        let first = Path::new("product/a/b");
        let mut moves = Moves::new(root);
        moves
            .one(first, Some(&whole.join(NEW).join(first)))
            .unwrap();
        finish(root).unwrap();
        assert_eq!(files(root), after());
        finish(root).unwrap();
    }

    #[test]
    fn a_run_that_lives_is_left_alone() {
        let folder = folder();
        let root = folder.path();
        let lock = staged().written(&root.join(FOLDER)).unwrap();
        finish(root).unwrap();
        assert!(root.join(FOLDER).join(WHOLE).exists());
        drop(lock);
        finish(root).unwrap();
        assert_eq!(files(root), after());
    }
}
