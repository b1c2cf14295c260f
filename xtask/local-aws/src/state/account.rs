//! What is remembered: by account and region, and what belongs to none.

use super::catalog::Catalog;
use super::cloudformation::Stacks;
use super::iam::Iam;
use super::s3::Bucket;
use super::thing::Thing;
use crate::config::Identity;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The state of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// Ids given out so far.
    minted: u64,
    /// Looks left until a new thing is there, by its id. See [`crate::Delays`].
    pub settling: BTreeMap<String, u32>,
    /// Bucket names are unique over all accounts.
    pub buckets: BTreeMap<String, Bucket>,
    /// Keys given out by `AssumeRole`.
    pub sessions: BTreeMap<String, Identity>,
    pub accounts: BTreeMap<String, Account>,
    /// ARNs of Lambda functions that exist.
    #[serde(default)]
    pub functions: BTreeSet<String>,
    /// Organisational unit to its accounts.
    pub organization: BTreeMap<String, BTreeSet<String>>,
}

/// One account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub iam: Iam,
    pub regions: BTreeMap<String, Region>,
}

/// What one account has in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Region {
    pub catalog: Catalog,
    pub stacks: Stacks,
    /// What provisioned products consist of.
    #[serde(default)]
    pub things: Vec<Thing>,
}

impl State {
    /// The next id: a prefix and 13 letters and digits, in no order that says
    /// anything, the same for the same history.
    pub(crate) fn mint(&mut self, prefix: &str) -> String {
        const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        self.minted += 1;
        let digest = Sha256::digest(format!("{prefix} {}", self.minted));
        let mut id = prefix.to_owned();
        for byte in digest.iter().take(13) {
            id.push(char::from(DIGITS[usize::from(*byte) % DIGITS.len()]));
        }
        id
    }

    /// How many ids were given out.
    pub(crate) fn minted(&self) -> u64 {
        self.minted
    }

    /// As many ids as somebody else has given out since.
    pub(crate) fn mint_to(&mut self, minted: u64) {
        self.minted = self.minted.max(minted);
    }

    /// Whether ids were given out since an earlier state: callers may hold them.
    pub(crate) fn has_minted_since(&self, earlier: &State) -> bool {
        self.minted != earlier.minted
    }

    pub(crate) fn account_mut(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.to_owned()).or_default()
    }

    pub(crate) fn region_mut(&mut self, account: &str, region: &str) -> &mut Region {
        self.account_mut(account)
            .regions
            .entry(region.to_owned())
            .or_default()
    }

    pub(crate) fn region(&self, account: &str, region: &str) -> Option<&Region> {
        self.accounts.get(account)?.regions.get(region)
    }
}
