//! What a run is to reach, and how what a person asks for becomes that.
//!
//! A withdrawal says which versions nobody should get any more. It is asked for once and kept: in the
//! receipt until it stands in the account, and there in tags of the product, which every later plan
//! goes by. Asked for again, there is nothing to do.

use super::{
    Blocker, Desired, LiveProduct, Observed, Ownership, Product, Subject, live_version, ownership,
};
use crate::product::{Key, VersionName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a run is to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Goal {
    /// How much of the catalog is looked after.
    pub scope: Scope,
    /// Versions that change hands by name, by product.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub withdrawals: BTreeMap<Key, Withdrawal>,
}

/// How much of the catalog a run looks after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// All of it.
    #[default]
    Catalog,
    /// These products, with what they stand on and the portfolios that offer them.
    Products(BTreeSet<Key>),
    /// The withdrawals alone: nothing new is published.
    Withdrawals,
}

/// Versions of a product that are withdrawn, or withdrawn no longer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Withdrawal {
    /// What nobody should get any more, each with why.
    #[serde(default)]
    pub withdrawn: BTreeMap<VersionName, String>,
    /// What is withdrawn no longer.
    #[serde(default)]
    pub reopened: BTreeSet<VersionName>,
}

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The account as the repository says: all of it, or these products.
    Publish(BTreeSet<Key>),
    /// From a product's newest live version to the one before.
    Rollback(Key),
    /// That taken back.
    UndoRollback(Key),
    /// One version hidden.
    Withdraw {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// Why.
        reason: String,
    },
    /// That taken back.
    UndoWithdraw {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
    },
}

impl Goal {
    /// Whether a product is looked after.
    pub(super) fn covers(&self, product: &Key) -> bool {
        match &self.scope {
            Scope::Catalog => true,
            Scope::Products(keys) => {
                keys.contains(product) || self.withdrawals.contains_key(product)
            }
            Scope::Withdrawals => self.withdrawals.contains_key(product),
        }
    }

    /// The versions of a product that nobody should get any more, each with why.
    pub(super) fn withdrawn(&self, live: &LiveProduct, key: &Key) -> BTreeMap<VersionName, String> {
        let mut withdrawn = live.withdrawn();
        if let Some(change) = self.withdrawals.get(key) {
            for (name, reason) in &change.withdrawn {
                withdrawn.entry(*name).or_insert_with(|| reason.clone());
            }
            withdrawn.retain(|name, _| !change.reopened.contains(name));
        }
        withdrawn
    }
}

impl Request {
    /// What reaches it, in an account where an earlier run may have left a goal half-way.
    ///
    /// # Errors
    /// A product or version that the account doesn't have, no version to go back to.
    pub fn goal(
        &self,
        desired: &Desired,
        observed: &Observed,
        unfinished: Option<&Goal>,
    ) -> Result<Goal, Blocker> {
        let mut goal = Goal {
            scope: Scope::Withdrawals,
            withdrawals: unfinished.map_or_else(BTreeMap::new, |goal| goal.withdrawals.clone()),
        };
        let (key, withdrawal) = match self {
            Request::Publish(keys) => {
                goal.scope = if keys.is_empty() {
                    Scope::Catalog
                } else {
                    Scope::Products(keys.clone())
                };
                return Ok(goal);
            }
            Request::Rollback(key) => (key, rollback(desired, observed, key)?),
            Request::UndoRollback(key) => (key, undo_rollback(desired, observed, key)?),
            Request::Withdraw {
                product,
                version,
                reason,
            } => {
                let reason = tag_value(product, reason)?;
                let (known, live) = find(desired, observed, product)?;
                named(known, live, *version)?;
                let withdrawn = BTreeMap::from([(*version, reason)]);
                let reopened = BTreeSet::new();
                (
                    product,
                    Withdrawal {
                        withdrawn,
                        reopened,
                    },
                )
            }
            Request::UndoWithdraw { product, version } => {
                let (known, live) = find(desired, observed, product)?;
                named(known, live, *version)?;
                (product, Withdrawal::reopening(*version))
            }
        };
        goal.withdrawals.insert(key.clone(), withdrawal);
        Ok(goal)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Request::Publish(_) => f.write_str("publish"),
            Request::Rollback(key) => write!(f, "rollback {key}"),
            Request::UndoRollback(key) => write!(f, "rollback {key} --undo"),
            Request::Withdraw {
                product, version, ..
            } => write!(f, "withdraw {product} {version} --reason TEXT"),
            Request::UndoWithdraw { product, version } => {
                write!(f, "withdraw {product} {version} --undo")
            }
        }
    }
}

impl Withdrawal {
    fn reopening(version: VersionName) -> Withdrawal {
        Withdrawal {
            withdrawn: BTreeMap::new(),
            reopened: BTreeSet::from([version]),
        }
    }
}

/// From the newest version that is live to the one before that isn't withdrawn.
fn rollback(desired: &Desired, observed: &Observed, key: &Key) -> Result<Withdrawal, Blocker> {
    let (product, live) = find(desired, observed, key)?;
    let withdrawn = live.withdrawn();
    let all = live_names(product, live);
    let newest = all.last().copied();
    let before = all
        .iter()
        .rev()
        .skip(1)
        .find(|name| !withdrawn.contains_key(name));
    let (Some(newest), Some(before)) = (newest, before) else {
        return Err(Blocker {
            on: Subject::Product(key.clone()),
            message: "the account has no earlier version of ours to go back to".to_owned(),
            hint: "release a new version that does what the old one did".to_owned(),
        });
    };
    let reason = format!("rolled back to {before}");
    Ok(Withdrawal {
        withdrawn: BTreeMap::from([(newest, reason)]),
        reopened: BTreeSet::new(),
    })
}

/// Back to the newest version that is live.
fn undo_rollback(desired: &Desired, observed: &Observed, key: &Key) -> Result<Withdrawal, Blocker> {
    let (product, live) = find(desired, observed, key)?;
    let newest = live_names(product, live).last().copied();
    Ok(newest.map_or_else(Withdrawal::default, Withdrawal::reopening))
}

/// The released versions that the account has and people may get, oldest first.
fn live_names(product: &Product, live: &LiveProduct) -> Vec<VersionName> {
    let versions = product
        .versions
        .iter()
        .filter(|version| version.barred.is_none());
    let mut names: Vec<VersionName> = versions
        .filter(|version| live_version(product, live, version).is_some())
        .map(|version| version.name)
        .collect();
    names.sort();
    names
}

/// A version that the account has, by its name.
fn named(product: &Product, live: &LiveProduct, version: VersionName) -> Result<(), Blocker> {
    if let Some(reason) = product.version(version).and_then(|one| one.barred.as_ref()) {
        return Err(Blocker {
            on: Subject::Version(product.key.clone(), version),
            message: format!("it is barred: {reason}"),
            hint: "release a new version, and publish it".to_owned(),
        });
    }
    let names = live_names(product, live);
    if names.contains(&version) {
        return Ok(());
    }
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Err(Blocker {
        on: Subject::Version(product.key.clone(), version),
        message: "the account has no such version of ours".to_owned(),
        hint: format!("it has {}", names.join(", ")),
    })
}

/// A reason as the value of a tag.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_Tag.html>
fn tag_value(product: &Key, reason: &str) -> Result<String, Blocker> {
    let reason = reason.trim();
    let is_taken = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    if !reason.is_empty() && reason.chars().count() <= 256 && reason.chars().all(is_taken) {
        return Ok(reason.to_owned());
    }
    Err(Blocker {
        on: Subject::Product(product.clone()),
        message: format!("`{reason}` can't be kept as the reason"),
        hint: "a tag of the product keeps it: 1 to 256 letters, digits, blanks and any of _.:/=+-@"
            .to_owned(),
    })
}

fn find<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    key: &Key,
) -> Result<(&'a Product, &'a LiveProduct), Blocker> {
    let absent = |message: &str, hint: &str| Blocker {
        on: Subject::Product(key.clone()),
        message: message.to_owned(),
        hint: hint.to_owned(),
    };
    let product = desired.find(key).ok_or_else(|| {
        absent(
            "the catalog doesn't have it",
            "name a folder under products/",
        )
    })?;
    match ownership(desired, product, observed) {
        Ownership::Ours(live) => Ok((product, live)),
        Ownership::Absent => Err(absent("the account doesn't have it", "publish it first")),
        Ownership::Unclear(mut blockers) => Err(blockers
            .pop()
            .unwrap_or_else(|| absent("it can't be told", "see the plan"))),
    }
}
