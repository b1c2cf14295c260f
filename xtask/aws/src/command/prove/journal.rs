//! What `prove` has launched and not yet ended, on disk before anything is launched: a run that is cut
//! off anywhere is cleaned up by the next.

use crate::command_error::CommandError;
use compute_catalog::environment::AccountId;
use compute_catalog::product::Key;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A provisioned product that is launched, or about to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Launched {
    pub product: Key,
    /// The name of the provisioned product.
    pub name: String,
    /// Seconds since 1970.
    pub since: u64,
}

impl Launched {
    /// One of a product, launched now. The name is the same in every run: what is left of one is found
    /// by it.
    pub fn now(product: &Key) -> Launched {
        Launched {
            name: format!("prove-{product}"),
            product: product.clone(),
            since: super::now(),
        }
    }
}

/// How a person ends a provisioned product.
pub(super) fn by_hand(name: &str) -> String {
    format!("aws servicecatalog terminate-provisioned-product --provisioned-product-name {name}")
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    account: AccountId,
    launched: Vec<Launched>,
}

/// `target/prove/<env>/`, held by this process.
pub(super) struct Journal {
    path: PathBuf,
    page: Page,
    /// Held until this is dropped, or the process ends in whatever way.
    _lock: File,
}

impl Journal {
    /// Opens the journal of an account.
    ///
    /// # Errors
    /// Another process has it, or it can't be read: what it holds would be forgotten.
    pub fn open(folder: &Path, account: &AccountId) -> Result<Journal, CommandError> {
        let path = folder.join("journal.json");
        let failed = |error: std::io::Error| {
            CommandError::input(format!("the journal {} can't be used", path.display()))
                .because(error)
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(CommandError::new(format!(
                    "another process proves from {}",
                    folder.display()
                ))
                .hint("wait until it is done"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let unreadable = |why: String| {
            CommandError::input(format!("the journal {} can't be read", path.display()))
                .because(why)
                .hint("it names what is launched and not ended: look in Service Catalog for provisioned products whose names begin with `prove-`, end them, and remove the file")
        };
        let page = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str::<Page>(&text)
                .map_err(|error| unreadable(error.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Page {
                account: account.clone(),
                launched: Vec::new(),
            },
            Err(error) => return Err(unreadable(error.to_string())),
        };
        if page.account != *account && !page.launched.is_empty() {
            return Err(unreadable(format!(
                "it is of account {}, and this is {account}",
                page.account
            )));
        }
        Ok(Journal {
            path,
            page: Page {
                account: account.clone(),
                ..page
            },
            _lock: lock,
        })
    }

    /// What is launched and not ended.
    pub fn left(&self) -> Vec<Launched> {
        self.page.launched.clone()
    }

    /// Before a launch.
    pub fn begin(&mut self, one: Launched) -> Result<(), CommandError> {
        self.page.launched.push(one);
        self.write()
    }

    /// Once it is gone.
    pub fn end(&mut self, one: &Launched) -> Result<(), CommandError> {
        self.page.launched.retain(|other| other != one);
        self.write()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file whole or not at all.
    fn write(&self) -> Result<(), CommandError> {
        let partial = self.path.with_extension("partial");
        let write = || -> std::io::Result<()> {
            let mut text = serde_json::to_vec_pretty(&self.page)?;
            text.push(b'\n');
            let mut file = File::create(&partial)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&partial, &self.path)
        };
        write().map_err(|error| {
            CommandError::new(format!(
                "cannot write the journal {}; nothing more is launched",
                self.path.display()
            ))
            .because(error)
        })
    }
}
