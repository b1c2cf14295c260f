//! What updates between the versions of one product do, each worked out once however often it is
//! asked for: a description, a page and a table speak of the same updates.

use super::accounts::Accounts;
use super::update::updates_to;
use super::{Running, Update, Verdict};
use crate::product::VersionName;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Updates between the versions of one product, in these accounts.
pub struct VersionUpdates<'a> {
    running: &'a [Running<'a>],
    accounts: &'a Accounts,
    /// To each version that was asked for, from every one before it.
    known: BTreeMap<VersionName, Vec<Update>>,
}

impl<'a> VersionUpdates<'a> {
    /// Those between versions that can be running, oldest first.
    pub fn of(running: &'a [Running<'a>], accounts: &'a Accounts) -> VersionUpdates<'a> {
        VersionUpdates {
            running,
            accounts,
            known: BTreeMap::new(),
        }
    }

    /// Updates to a version from every one before it, oldest first; none where it can't be running,
    /// or its template isn't kept.
    pub fn to(&mut self, version: VersionName) -> Option<&[Update]> {
        if let Entry::Vacant(unknown) = self.known.entry(version) {
            let target = self.running.iter().find(|one| one.name == version)?;
            unknown.insert(updates_to(target, self.running, self.accounts)?);
        }
        self.known.get(&version).map(Vec::as_slice)
    }

    /// What a version requires of its release, by updates from every one before it.
    pub fn verdict(&mut self, version: VersionName) -> Option<Verdict> {
        let updates = self.to(version)?.to_vec();
        let newest = updates.last().map(|update| update.from);
        let known = newest
            .and_then(|newest| self.to(newest))
            .unwrap_or_default();
        Some(Verdict::judged(updates, known))
    }
}
