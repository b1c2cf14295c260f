//! What `prove` has launched and not yet ended, on disk before anything is launched: a run that is cut
//! off anywhere is cleaned up by the next.

use crate::command_error::CommandError;
use crate::held_file::HeldFile;
use compute_catalog::environment::AccountId;
use compute_catalog::product::Key;
use serde::{Deserialize, Serialize};
use std::path::Path;

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
            since: crate::lock::now_seconds(),
        }
    }
}

/// How a person ends a provisioned product.
pub(super) fn by_hand(name: &str) -> String {
    format!("aws servicecatalog terminate-provisioned-product --provisioned-product-name {name}")
}

/// Its name in the folder.
const NAME: &str = "journal.json";

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    account: AccountId,
    launched: Vec<Launched>,
}

/// `target/prove/<env>/`, held by this process.
pub(super) struct Journal {
    file: HeldFile,
    page: Page,
}

impl Journal {
    /// Opens the journal of an account.
    ///
    /// # Errors
    /// Another process has it, or it can't be read: what it holds would be forgotten.
    pub fn open(folder: &Path, account: &AccountId) -> Result<Journal, CommandError> {
        let path = folder.join(NAME);
        let failed = |error: std::io::Error| {
            CommandError::input(format!("the journal {} can't be used", path.display()))
                .because(error)
        };
        let Some(file) = HeldFile::open(folder, NAME).map_err(failed)? else {
            return Err(CommandError::new(format!(
                "another process proves from {}",
                folder.display()
            ))
            .hint("wait until it is done"));
        };
        let unreadable = |why: String| {
            CommandError::input(format!("the journal {} can't be read", path.display()))
                .because(why)
                .hint("it names what is launched and not ended: look in Service Catalog for provisioned products whose names begin with `prove-`, end them, and remove the file")
        };
        let text = file.read().map_err(|error| unreadable(error.to_string()))?;
        let page = match text {
            Some(text) => serde_json::from_str::<Page>(&text)
                .map_err(|error| unreadable(error.to_string()))?,
            None => Page {
                account: account.clone(),
                launched: Vec::new(),
            },
        };
        if page.account != *account && !page.launched.is_empty() {
            return Err(unreadable(format!(
                "it is of account {}, and this is {account}",
                page.account
            )));
        }
        Ok(Journal {
            file,
            page: Page {
                account: account.clone(),
                ..page
            },
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
        self.file.path()
    }

    /// Writes the file whole or not at all.
    fn write(&self) -> Result<(), CommandError> {
        self.file.write(&self.page).map_err(|error| {
            CommandError::new(format!(
                "cannot write the journal {}; nothing more is launched",
                self.path().display()
            ))
            .because(error)
        })
    }
}
