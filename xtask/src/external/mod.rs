//! Products that an engine of the organisation's own makes: described in `external.yaml`, made of the
//! files in `artifact/`. No model makes them, and nothing here reads what the engine reads.

mod archive;
mod folder;
mod keys;
mod release;

pub use archive::{archive, holds_the_same};
pub use release::release;

use crate::history::History;
use crate::workspace::{Workspace, WorkspaceError, all};
use compute_catalog::portfolio::{Named, ProductFacts};
use compute_catalog::product::{ArtifactFile, ExternalProduct, Key};
use compute_catalog::yaml;

/// What nobody here knows of an update to another version.
pub const NOT_KNOWN: &str =
    "what an update does is not known: an EXTERNAL product's engine decides";

/// One such product, with its versions.
pub struct ExternalEntry {
    /// Its key.
    pub key: Key,
    /// What its author says of it.
    pub product: ExternalProduct,
    /// Its name, with its place.
    named: Named,
    /// The files of its next version, by their paths.
    pub files: Vec<ArtifactFile>,
    /// Its versions.
    pub history: History,
}

impl ExternalEntry {
    /// Reads the products of these keys; all of them when there is no key.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in what describes the products.
    pub fn load(workspace: &Workspace, keys: &[Key]) -> Result<Vec<ExternalEntry>, WorkspaceError> {
        let wanted = workspace.external()?.into_iter();
        let wanted = wanted.filter(|key| keys.is_empty() || keys.contains(key));
        all(wanted.map(|key| ExternalEntry::read(workspace, key)))
    }

    fn read(workspace: &Workspace, key: Key) -> Result<ExternalEntry, WorkspaceError> {
        let path = workspace.external_path(&key);
        let text = workspace.read(&path)?;
        let product = ExternalProduct::read(&path, &text).map_err(WorkspaceError::Input)?;
        // What the product could be read of has lines.
        let tree = yaml::read(&text).ok();
        let name = ["catalog".to_owned(), "name".to_owned()];
        Ok(ExternalEntry {
            named: Named {
                name: product.catalog.name.clone(),
                at: tree
                    .map(|tree| tree.locate(&name, false))
                    .unwrap_or_default(),
                file: path,
            },
            product,
            files: folder::read(&workspace.root().join(workspace.artifact_path(&key)))?,
            history: workspace.history(&key)?,
            key,
        })
    }

    /// What portfolios and the launch role ask of it.
    pub fn facts(&self) -> ProductFacts {
        let mut facts = ProductFacts::of_external(&self.product);
        facts.named = Some(self.named.clone());
        facts
    }

    /// What to say where its files have changes that no version holds: publishing sends versions, so
    /// nobody gets them.
    pub fn unreleased(&self) -> Option<String> {
        let ledger = &self.history.ledger;
        let newest = ledger.newest_released();
        let body = newest.and_then(|one| self.history.bodies.get(&ledger.body_file(one.name)));
        if body.is_some_and(|body| holds_the_same(body, &self.files)) {
            return None;
        }
        let key = &self.key;
        let what = newest.map_or_else(
            || "no version holds it yet".to_owned(),
            |newest| {
                format!(
                    "its files have changes that no version holds, {} and before",
                    newest.name
                )
            },
        );
        Some(format!(
            "not released: {key}: {what}\n  hint: {NOT_KNOWN}; `cargo xtask release {key} --bump … --note …` makes a version"
        ))
    }
}
