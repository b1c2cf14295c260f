//! The versions of a product on disk: its ledger with the frozen bodies, and what was published before
//! this catalog.

use crate::workspace::{Workspace, WorkspaceError, io};
use compute_catalog::cfn::{self, Template};
use compute_catalog::product::{Key, VersionName};
use compute_catalog::release::{Contract, Frozen, Ledger, LegacyVersions};
use std::collections::BTreeMap;
use std::error::Error;

/// A product's versions: the ledger, and the frozen bodies by file name.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// `versions.yaml`.
    pub ledger: Ledger,
    /// The bodies beside it.
    pub bodies: BTreeMap<String, Vec<u8>>,
}

impl History {
    /// The template of a released version.
    ///
    /// # Errors
    /// Its body is missing or is no template.
    pub fn template(&self, product: &Key, version: VersionName) -> Result<Template, String> {
        let path = format!("products/{product}/history/{version}.yaml");
        let body = self
            .bodies
            .get(&format!("{version}.yaml"))
            .ok_or_else(|| format!("{path} is missing\n  hint: restore it from git"))?;
        let text = std::str::from_utf8(body).map_err(|error| format!("{path}: {error}"))?;
        cfn::read(text).map_err(|errors| {
            let lines: Vec<String> = errors
                .iter()
                .map(|error| format!("{path}:{error}"))
                .collect();
            lines.join("\n")
        })
    }
}

impl Workspace {
    /// Writes a new version. The body first: a body without a line is found and explained by `check`; a
    /// line without a body would promise bytes that aren't there.
    ///
    /// # Errors
    /// Files that can't be written.
    pub fn write_version(&self, product: &Key, frozen: &Frozen) -> Result<(), Box<dyn Error>> {
        let folder = format!("products/{product}/history");
        let body = frozen.ledger.body_file(frozen.name);
        self.write(&format!("{folder}/{body}"), &frozen.body)?;
        let ledger = frozen.ledger.write()?;
        self.write(&format!("{folder}/versions.yaml"), ledger.as_bytes())?;
        Ok(())
    }

    /// Reads a product's versions. A product without a history has none yet.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in the ledger.
    pub fn history(&self, product: &Key) -> Result<History, WorkspaceError> {
        let folder = format!("products/{product}/history");
        let mut history = History::default();
        for (name, _) in self.entries_if_there(&folder)? {
            let path = format!("{folder}/{name}");
            if name == "versions.yaml" {
                history.ledger =
                    Ledger::read(&path, &self.read(&path)?).map_err(WorkspaceError::Input)?;
            } else {
                let full = self.root().join(&path);
                let body = std::fs::read(&full).map_err(|cause| io("read", &full, cause))?;
                history.bodies.insert(name, body);
            }
        }
        Ok(history)
    }

    /// Reads what a product's versions published before this catalog promised, where that is kept.
    ///
    /// # Errors
    /// A file that can't be read, and the first mistake in it.
    pub fn legacy_versions(&self, product: &Key) -> Result<Option<LegacyVersions>, WorkspaceError> {
        let path = format!("products/{product}/legacy.json");
        if !self.root().join(&path).is_file() {
            return Ok(None);
        }
        let facts = LegacyVersions::read(&path, &self.read(&path)?)
            .map_err(|error| WorkspaceError::Input(vec![error]))?;
        let path = format!("products/{product}/legacy/template.yaml");
        match self.root().join(&path).is_file() {
            true => Ok(Some(facts.with_names(&self.template(&path)?))),
            false => Ok(Some(facts)),
        }
    }

    /// Where a product departs from what stacks of its earlier versions hold, where it says so.
    ///
    /// # Errors
    /// A file that can't be read, and every mistake in it.
    pub fn contract(&self, product: &Key) -> Result<Option<Contract>, WorkspaceError> {
        let path = contract_path(product);
        match self.root().join(&path).is_file() {
            true => {
                let contract = Contract::read(&path, &self.read(&path)?);
                contract.map(Some).map_err(WorkspaceError::Input)
            }
            false => Ok(None),
        }
    }
}

/// Where a product says how it departs from what stacks of its earlier versions hold.
pub(crate) fn contract_path(product: &Key) -> String {
    format!("products/{product}/contract.yaml")
}
