//! The repository on disk: where it is, and what the core needs from it.

use crate::named_file;
use crate::staged::{self, Staged};
use compute_catalog::cfn::{self, Template};
use compute_catalog::change::Kept;
use compute_catalog::environment::{ENVIRONMENTS, Environments, ORGANIZATION, PRICES, Prices};
use compute_catalog::product::{Key, Product, SourceFile, Sources};
use compute_catalog::yaml::InputError;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The repository: its folder, and the models of its products.
pub struct Workspace {
    root: PathBuf,
    products: Vec<Box<dyn Product>>,
    publisher: &'static str,
    shared: OnceLock<BTreeMap<String, String>>,
    /// What is to be written all at once: see [`Workspace::all_or_nothing`].
    staged: Mutex<Option<Staged>>,
}

/// Why the repository can't be read.
#[derive(Debug)]
pub enum WorkspaceError {
    /// Not in a checkout.
    NotFound(PathBuf),
    /// A file or folder can't be read or written.
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// Files that are to be written at once can't be.
    Staged(staged::Failure),
    /// Mistakes in files that people write.
    Input(Vec<InputError>),
}

impl From<InputError> for WorkspaceError {
    fn from(error: InputError) -> Self {
        WorkspaceError::Input(vec![error])
    }
}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkspaceError::NotFound(from) => write!(
                f,
                "{} is not inside the repository of a catalog\n  hint: run the command in one, such as a clone of compute-catalog; there, `init` makes another. \
                 `check FILE`, `diff OLD NEW`, `explain`, `completions` and `man` need none",
                from.display()
            ),
            WorkspaceError::Io { what, path, cause } => {
                write!(f, "cannot {what} {}: ", path.display())?;
                match cause.kind() {
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => f.write_str(
                        "you may not\n  hint: `ls -ld` shows who may; run the command as that user, or in a copy of your own",
                    ),
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => f.write_str(
                        "the disk is full\n  hint: make room, then run the command again",
                    ),
                    ErrorKind::NotFound => f.write_str(
                        "it isn't there\n  hint: restore it from git, or write it",
                    ),
                    _ => cause.fmt(f),
                }
            }
            WorkspaceError::Staged(failure) => failure.fmt(f),
            WorkspaceError::Input(errors) => {
                for (index, error) in errors.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    error.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for WorkspaceError {}

impl Workspace {
    /// The repository that holds a folder, with the products of this one.
    ///
    /// # Errors
    /// No folder above it is one.
    pub fn containing(folder: &Path) -> Result<Workspace, WorkspaceError> {
        Workspace::of(folder, products::all(), "publisher")
    }

    /// The repository that holds a folder, with these products, of which it offers those that have
    /// settings. `publisher` is the package whose program talks to AWS.
    ///
    /// # Errors
    /// No folder above it is one; what a stopped run has left there can't be finished.
    pub fn of(
        folder: &Path,
        products: Vec<Box<dyn Product>>,
        publisher: &'static str,
    ) -> Result<Workspace, WorkspaceError> {
        let is_root = |root: &&Path| {
            root.join("portfolios/organization.yaml").is_file() && root.join("products").is_dir()
        };
        let root = folder.ancestors().find(is_root);
        let root = root.ok_or_else(|| WorkspaceError::NotFound(folder.to_owned()))?;
        staged::finish(root).map_err(WorkspaceError::Staged)?;
        let workspace = Workspace {
            root: root.to_owned(),
            products: Vec::new(),
            publisher,
            shared: OnceLock::new(),
            staged: Mutex::new(None),
        };
        Ok(workspace.with_products(products))
    }

    /// The package whose program talks to AWS.
    pub fn publisher(&self) -> &'static str {
        self.publisher
    }

    /// Whether AWS's data is vendored here. Where it isn't, it is that of the library, and the
    /// organisation has types of its own beside its products.
    pub fn has_vendored_data(&self) -> bool {
        self.root.join("vendor/type-names.json").is_file()
    }

    /// The same folder with other products, of which it offers those that have settings: for
    /// catalogs of any size.
    pub fn with_products(self, mut products: Vec<Box<dyn Product>>) -> Workspace {
        products.retain(|product| self.offers(product.key()));
        Workspace { products, ..self }
    }

    /// The models of the products that the organisation offers.
    pub fn products(&self) -> &[Box<dyn Product>] {
        &self.products
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the organisation and its environments.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them.
    pub fn environments(&self) -> Result<Environments, WorkspaceError> {
        let text = self.read(ORGANIZATION)?;
        let mut files = Vec::new();
        for (name, _) in self.entries(ENVIRONMENTS)? {
            let path = format!("{ENVIRONMENTS}/{name}");
            let Some(stem) = name.strip_suffix(".yaml") else {
                continue;
            };
            let key = stem.parse::<Key>().map_err(|error| {
                WorkspaceError::Input(vec![InputError {
                    file: path.clone(),
                    at: Default::default(),
                    message: error.to_string(),
                    hint: Some("rename the file".to_owned()),
                }])
            })?;
            files.push((key, path.clone(), self.read(&path)?));
        }
        Environments::read((ORGANIZATION, &text), &files).map_err(WorkspaceError::Input)
    }

    /// Reads what machines cost, in each region that has a file of it.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them.
    pub fn prices(&self, environments: &Environments) -> Result<Prices, WorkspaceError> {
        let mut files = Vec::new();
        for (name, _) in self.entries_if_there(PRICES)? {
            if let Some(region) = name.strip_suffix(".yaml") {
                let text = self.read(&format!("{PRICES}/{name}"))?;
                files.push((region.to_owned(), text));
            }
        }
        Prices::read(&files, environments).map_err(WorkspaceError::Input)
    }

    /// Whether the organisation offers a product: it has settings.
    pub(crate) fn offers(&self, product: &Key) -> bool {
        let path = format!("products/{product}/settings.yaml");
        self.root.join(path).is_file()
    }

    /// Reads a product's settings, with every file that models may embed.
    ///
    /// # Errors
    /// Files that can't be read.
    pub fn sources(&self, product: &Key) -> Result<Sources, WorkspaceError> {
        let path = format!("products/{product}/settings.yaml");
        let text = self.read(&path)?;
        let mut files = self.shared()?.clone();
        self.collect(&format!("products/{product}/files"), &mut files)?;
        Ok(Sources {
            settings: SourceFile { path, text },
            files,
        })
    }

    /// The files that all products share, read once.
    fn shared(&self) -> Result<&BTreeMap<String, String>, WorkspaceError> {
        if let Some(shared) = self.shared.get() {
            return Ok(shared);
        }
        let mut files = BTreeMap::new();
        self.collect("products/shared", &mut files)?;
        Ok(self.shared.get_or_init(|| files))
    }

    fn collect(
        &self,
        folder: &str,
        files: &mut BTreeMap<String, String>,
    ) -> Result<(), WorkspaceError> {
        for (name, is_folder) in self.entries_if_there(folder)? {
            let path = format!("{folder}/{name}");
            if is_folder {
                self.collect(&path, files)?;
            } else {
                let text = self.read(&path)?;
                files.insert(path.trim_start_matches("products/").to_owned(), text);
            }
        }
        Ok(())
    }

    /// What the machines of a product keep.
    ///
    /// # Errors
    /// A file that can't be read, and every mistake in it.
    pub fn kept(&self, product: &Key) -> Result<Kept, WorkspaceError> {
        let path = format!("products/{product}/kept.yaml");
        match self.root.join(&path).is_file() {
            true => Kept::read(&path, &self.read(&path)?).map_err(WorkspaceError::Input),
            false => Ok(Kept::default()),
        }
    }

    /// A template that somebody wrote, by its path from the root.
    ///
    /// # Errors
    /// It can't be read, or is no template.
    pub fn template(&self, path: &str) -> Result<Template, WorkspaceError> {
        cfn::read(&self.read(path)?).map_err(|errors| {
            let faults = errors.into_iter().map(|error| InputError {
                file: path.to_owned(),
                at: error.at,
                message: error.message,
                hint: Some("write it as CloudFormation reads it".to_owned()),
            });
            WorkspaceError::Input(faults.collect())
        })
    }

    /// The text of a file, by its path from the root.
    ///
    /// # Errors
    /// It can't be read as UTF-8 text.
    pub fn read(&self, path: &str) -> Result<String, WorkspaceError> {
        let full = self.root.join(path);
        let failed = |cause| io("read", &full, cause);
        match self.staged().as_ref().and_then(|staged| staged.get(path)) {
            Some(Some(text)) => Ok(String::from_utf8_lossy(text).into_owned()),
            Some(None) => Err(failed(ErrorKind::NotFound.into())),
            None => {
                let bytes = std::fs::read(&full).map_err(failed)?;
                Ok(named_file::decoded(path, bytes)?)
            }
        }
    }

    /// The bytes of a file, by its path from the root; nothing where there is none.
    ///
    /// # Errors
    /// It is there and can't be read.
    pub fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, WorkspaceError> {
        if let Some(staged) = self.staged().as_ref().and_then(|staged| staged.get(path)) {
            return Ok(staged.map(<[u8]>::to_owned));
        }
        let full = self.root.join(path);
        match std::fs::read(&full) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(io("read", &full, cause)),
        }
    }

    /// Whether there is a file or folder of this path from the root.
    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
            || self
                .staged()
                .as_ref()
                .is_some_and(|staged| staged.holds(path))
    }

    /// Writes a file whole or not at all: under another name first, then renamed.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, path: &str, contents: &[u8]) -> Result<(), WorkspaceError> {
        if let Some(staged) = self.staged().as_mut() {
            staged.write(path, contents);
            return Ok(());
        }
        let full = self.root.join(path);
        if let Some(folder) = full.parent() {
            std::fs::create_dir_all(folder).map_err(|cause| io("create", folder, cause))?;
        }
        let partial = full.with_extension("partial");
        std::fs::write(&partial, contents).map_err(|cause| io("write", &full, cause))?;
        std::fs::rename(&partial, &full).map_err(|cause| io("write", &full, cause))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// It can't be removed.
    pub fn remove(&self, path: &str) -> Result<(), WorkspaceError> {
        if let Some(staged) = self.staged().as_mut() {
            staged.remove(path);
            return Ok(());
        }
        let full = self.root.join(path);
        std::fs::remove_file(&full).map_err(|cause| io("remove", &full, cause))
    }

    /// Runs something that writes many files: all of them where it answers something, and none where it
    /// answers nothing or fails. Until then, what it has written is read as if it were there. What it
    /// runs in the same way belongs to it.
    ///
    /// # Errors
    /// What it fails with; files that can't be written.
    pub fn all_or_nothing<T>(
        &self,
        run: impl FnOnce() -> Result<Option<T>, Box<dyn Error>>,
    ) -> Result<Option<T>, Box<dyn Error>> {
        if self.staged().is_some() {
            return run();
        }
        *self.staged() = Some(Staged::default());
        let done = run();
        let staged = self.staged().take().unwrap_or_default();
        if let Ok(Some(_)) = done {
            staged.commit(&self.root).map_err(WorkspaceError::Staged)?;
        }
        done
    }

    fn staged(&self) -> MutexGuard<'_, Option<Staged>> {
        self.staged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files below a folder, by their paths from the root; none when there is no such folder.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub fn files_below(&self, folder: &str) -> Result<Vec<String>, WorkspaceError> {
        let mut found = Vec::new();
        for (name, is_folder) in self.entries_if_there(folder)? {
            let path = format!("{folder}/{name}");
            if is_folder {
                found.extend(self.files_below(&path)?);
            } else {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// The names of what stands in a folder, sorted; none when there is no such folder, or it can't be
    /// read.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = self.entries_if_there(folder).unwrap_or_default();
        entries.into_iter().map(|(name, _)| name).collect()
    }

    /// As [`Workspace::entries`]; nothing when there is no such folder.
    pub(crate) fn entries_if_there(
        &self,
        folder: &str,
    ) -> Result<Vec<(String, bool)>, WorkspaceError> {
        match self.entries(folder) {
            Err(WorkspaceError::Io { cause, .. })
                if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(Vec::new())
            }
            entries => entries,
        }
    }

    /// The names in a folder, sorted, and whether each is a folder.
    fn entries(&self, folder: &str) -> Result<Vec<(String, bool)>, WorkspaceError> {
        let full = self.root.join(folder);
        let failed = |cause| io("read", &full, cause);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&full).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            // Of a link only its target says what it is.
            let is_folder = kind.is_dir() || kind.is_symlink() && entry.path().is_dir();
            entries.push((entry.file_name().to_string_lossy().into_owned(), is_folder));
        }
        entries.sort();
        Ok(entries)
    }
}

/// Everything that was read, or all mistakes.
///
/// # Errors
/// The first file that can't be read, or every mistake in all of them.
pub fn all<T, C: FromIterator<T>>(
    read: impl IntoIterator<Item = Result<T, WorkspaceError>>,
) -> Result<C, WorkspaceError> {
    let mut errors = Vec::new();
    let mut good = Vec::new();
    for one in read {
        match one {
            Ok(one) => good.push(one),
            Err(WorkspaceError::Input(found)) => errors.extend(found),
            Err(error) => return Err(error),
        }
    }
    if errors.is_empty() {
        Ok(good.into_iter().collect())
    } else {
        Err(WorkspaceError::Input(errors))
    }
}

pub(crate) fn io(what: &'static str, path: &Path, cause: std::io::Error) -> WorkspaceError {
    WorkspaceError::Io {
        what,
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_write_is_told_so_with_what_to_do() {
        let path = Path::new("generated/a.yaml");
        let told = io("write", path, ErrorKind::PermissionDenied.into()).to_string();
        assert!(told.starts_with("cannot write generated/a.yaml: you may not\n  hint: `ls -ld`"));
        let told = io("write", path, ErrorKind::StorageFull.into()).to_string();
        assert!(told.starts_with("cannot write generated/a.yaml: the disk is full\n  hint: "));
    }
}
