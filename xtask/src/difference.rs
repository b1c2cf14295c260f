//! Generated files against what stands on disk. Each is compared as soon as it is made, so that
//! nobody holds the whole catalog's.

use crate::generated::{ACCESS_PAGE, Files};
use crate::workspace::{Workspace, WorkspaceError};
use serde::Serialize;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The folder that holds nothing but generated files.
const FOLDER: &str = "generated";

/// What `generate` changed, or what `generate --check` found to change.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Files whose contents differ, with the difference.
    pub stale: BTreeMap<String, String>,
    /// Files that aren't there.
    pub missing: BTreeSet<String>,
    /// Files that nothing generates.
    pub orphaned: Vec<String>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.missing.is_empty() && self.orphaned.is_empty()
    }

    /// What was done about it, for people; `count` is how many files are generated.
    pub fn done(&self, count: usize) -> String {
        let mut text = String::new();
        for path in self.missing.iter().chain(self.stale.keys()) {
            let _ = writeln!(text, "wrote {path}");
        }
        for path in &self.orphaned {
            let _ = writeln!(text, "removed {path}");
        }
        if self.is_empty() {
            let _ = writeln!(text, "{count} generated files, nothing changed");
        }
        text
    }

    /// The difference for people, worst detail last; `count` is how many files are generated.
    pub fn report(&self, count: usize) -> String {
        let mut text = String::new();
        if self.is_empty() {
            let _ = writeln!(text, "{count} generated files are as they should be");
        }
        for path in &self.missing {
            let _ = writeln!(text, "missing: {path}");
        }
        for path in &self.orphaned {
            let _ = writeln!(text, "orphaned: {path} (nothing generates it)");
        }
        for (path, difference) in &self.stale {
            let _ = writeln!(text, "stale: {path}\n{}", difference.trim_end());
        }
        text
    }
}

/// Files that were made, compared with the disk.
#[derive(Debug, Default)]
pub struct Compared {
    /// Their paths.
    pub paths: BTreeSet<String>,
    /// How they differ from what stands there.
    pub difference: Difference,
    /// The contents of those that differ, where they are to be written.
    changed: Files,
}

/// Compares files with the disk.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// Where they stand.
    pub workspace: &'a Workspace,
    /// They are to be written afterwards.
    pub is_written: bool,
}

impl Comparison<'_> {
    /// Compares files.
    ///
    /// # Errors
    /// Files that are there and can't be read.
    pub fn of<T: AsRef<str> + Into<String>>(
        self,
        files: impl IntoIterator<Item = (String, T)>,
    ) -> Result<Compared, WorkspaceError> {
        let mut compared = Compared::default();
        for (path, wanted) in files {
            let text = wanted.as_ref();
            let there = self.workspace.bytes(&path)?;
            if there.as_deref() != Some(text.as_bytes()) {
                let difference = &mut compared.difference;
                match there {
                    None => {
                        difference.missing.insert(path.clone());
                    }
                    Some(there) => {
                        let there = String::from_utf8_lossy(&there);
                        let diff = TextDiff::from_lines(there.as_ref(), text)
                            .unified_diff()
                            .header(&path, "as it should be")
                            .to_string();
                        difference.stale.insert(path.clone(), diff);
                    }
                }
                if self.is_written {
                    compared.changed.insert(path.clone(), wanted.into());
                }
            }
            compared.paths.insert(path);
        }
        Ok(compared)
    }
}

/// What stands where files are generated.
pub struct ExistingFiles {
    generated: Vec<String>,
    /// Beside the generated resource types stand files written by hand, without the header.
    beside_types: Vec<String>,
}

impl ExistingFiles {
    /// Lists it.
    ///
    /// # Errors
    /// Folders that can't be read.
    pub fn of(workspace: &Workspace) -> Result<ExistingFiles, WorkspaceError> {
        Ok(ExistingFiles {
            generated: {
                let mut files = workspace.files_below(FOLDER)?;
                // A command of its own makes and compares it: asking every account takes seconds.
                files.retain(|path| path != ACCESS_PAGE);
                files
            },
            beside_types: workspace.files_below(codegen::FOLDER)?,
        })
    }
}

impl Compared {
    /// Files that were compared already, and are as they should be.
    pub fn unchanged(paths: impl IntoIterator<Item = String>) -> Compared {
        Compared {
            paths: paths.into_iter().collect(),
            ..Compared::default()
        }
    }

    /// Takes others in.
    pub fn extend(&mut self, others: Compared) {
        self.paths.extend(others.paths);
        self.changed.extend(others.changed);
        self.difference.stale.extend(others.difference.stale);
        self.difference.missing.extend(others.difference.missing);
    }

    /// Looks for files that nothing generates, when everything that is generated was compared.
    ///
    /// # Errors
    /// Files that can't be read.
    pub fn find_orphaned(
        &mut self,
        workspace: &Workspace,
        existing: ExistingFiles,
    ) -> Result<(), WorkspaceError> {
        let orphaned = &mut self.difference.orphaned;
        let is_made = |path: &String| self.paths.contains(path);
        orphaned.extend(existing.generated.into_iter().filter(|path| !is_made(path)));
        for path in existing.beside_types {
            if !is_made(&path) && workspace.read(&path)?.starts_with(codegen::HEADER) {
                orphaned.push(path);
            }
        }
        Ok(())
    }

    /// Makes the disk what it should be.
    ///
    /// # Errors
    /// Files that can't be written or removed.
    pub fn apply(&self, workspace: &Workspace) -> Result<(), WorkspaceError> {
        for (path, contents) in &self.changed {
            workspace.write(path, contents.as_bytes())?;
        }
        for path in &self.difference.orphaned {
            workspace.remove(path)?;
        }
        Ok(())
    }
}
