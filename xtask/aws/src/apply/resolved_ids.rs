//! The ids behind our keys: observed at first, then as steps create things.

use crate::command_error::CommandError;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::{Desired, Observed, Ownership, Reference, live_version, ownership};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The ids behind our keys.
#[derive(Debug, Default)]
pub(crate) struct ResolvedIds(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    products: BTreeMap<Key, String>,
    versions: BTreeMap<(Key, VersionName), String>,
    outputs: BTreeMap<String, BTreeMap<String, String>>,
}

impl ResolvedIds {
    pub(crate) fn from(desired: &Desired, observed: &Observed) -> ResolvedIds {
        let mut ids = Ids::default();
        for product in &desired.products {
            let Ownership::Ours(live) = ownership(desired, product, observed) else {
                continue;
            };
            ids.products.insert(product.key.clone(), live.id.clone());
            for version in &product.versions {
                if let Some(live) = live_version(product, live, version) {
                    let key = (product.key.clone(), version.name);
                    ids.versions.insert(key, live.id.clone());
                }
            }
        }
        for (name, stack) in &observed.stacks {
            ids.outputs.insert(name.clone(), stack.outputs.clone());
        }
        ResolvedIds(Mutex::new(ids))
    }

    /// A poisoned lock is taken over: each change is one insertion.
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn product(&self, key: &Key) -> Result<String, CommandError> {
        let id = self.ids().products.get(key).cloned();
        id.ok_or_else(|| missing(&format!("the product {key}")))
    }

    pub(crate) fn version(&self, key: &Key, version: VersionName) -> Result<String, CommandError> {
        let id = self.ids().versions.get(&(key.clone(), version)).cloned();
        id.ok_or_else(|| missing(&format!("{key} {version}")))
    }

    pub(crate) fn value(&self, reference: &Reference) -> Result<String, CommandError> {
        match reference {
            Reference::Value(value) => Ok(value.clone()),
            Reference::ProductId(key) => self.product(key),
            Reference::StackOutput { stack, output } => self
                .ids()
                .outputs
                .get(stack)
                .and_then(|outputs| outputs.get(output))
                .cloned()
                .ok_or_else(|| missing(&format!("the output {output} of the stack {stack}"))),
        }
    }

    pub(crate) fn learn_product(&self, key: &Key, id: &str) {
        self.ids().products.insert(key.clone(), id.to_owned());
    }

    pub(crate) fn learn_version(&self, key: &Key, version: VersionName, id: &str) {
        let key = (key.clone(), version);
        self.ids().versions.insert(key, id.to_owned());
    }

    pub(crate) fn learn_outputs(&self, stack: &str, outputs: BTreeMap<String, String>) {
        self.ids().outputs.insert(stack.to_owned(), outputs);
    }

    /// Product key, or product key and version, to its id: for the receipt.
    pub(crate) fn for_receipt(&self) -> BTreeMap<String, String> {
        let ids = self.ids();
        let products = ids
            .products
            .iter()
            .map(|(key, id)| (key.to_string(), id.clone()));
        let versions = ids
            .versions
            .iter()
            .map(|((key, version), id)| (format!("{key} {version}"), id.clone()));
        products.chain(versions).collect()
    }
}

fn missing(what: &str) -> CommandError {
    CommandError::new(format!("the id of {what} is not known"))
        .hint("plan again: the account is not as it was when this was planned")
}
