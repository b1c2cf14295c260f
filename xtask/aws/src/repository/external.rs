//! Products that an engine makes, as an environment should have them.

use super::Repository;
use crate::command_error::CommandError;
use compute_catalog::environment::Environment;
use compute_catalog::product::{Key, ProductType};
use compute_catalog::publish::{Desired, Product, ReleasedProduct};
use xtask::external::ExternalEntry;

impl Repository {
    /// Such a product. What an update of it does is not known, and its ledger says so.
    ///
    /// # Errors
    /// A ledger that doesn't hold.
    pub(super) fn external_product(
        &self,
        entry: &ExternalEntry,
        key: &Key,
        environment: &Environment,
    ) -> Result<Product, String> {
        let history = &entry.history;
        let ledger = &history.ledger;
        if let Some(fault) = ledger.type_fault(&entry.key, ProductType::External) {
            return Err(fault.to_string());
        }
        let offer = ReleasedProduct {
            key: &entry.key,
            entry: &entry.product.catalog,
            ledger,
            bodies: &history.bodies,
            actions: self.actions(&entry.key),
        };
        let organization = &self.catalog.environments.organization;
        Desired::product(&offer, key, environment, organization).map_err(|error| error.to_string())
    }

    /// Refuses such a product where it would be launched.
    ///
    /// # Errors
    /// It is one.
    pub(crate) fn launchable(&self, key: &Key) -> Result<(), CommandError> {
        let mut external = self.catalog.external.iter();
        match external.any(|one| one.key == *key) {
            false => Ok(()),
            true => Err(CommandError::input(format!(
                "`{key}` can't be launched from here: an engine makes it, of which nothing is known"
            ))
            .hint("launch it in Service Catalog's console, in an account that has the engine")),
        }
    }
}
