//! What a plan goes by: the parts of the account that it was made from, each with a digest.

use super::{Desired, LiveProduct, Observed};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Part of the account (`product notebook`, `stack …`) to the digest of what was observed of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub BTreeMap<String, Digest>);

impl Fingerprint {
    /// The fingerprint of what a plan for `desired` depends on.
    pub fn of(desired: &Desired, observed: &Observed) -> Fingerprint {
        let mut parts = BTreeMap::new();
        parts.insert("bucket".to_owned(), digest(&observed.bucket));
        parts.insert("templates".to_owned(), digest(&observed.templates));
        for product in &desired.products {
            let related: Vec<LiveProduct> = observed
                .products
                .values()
                .filter(|live| live.is_of(product) || live.texts.name == product.texts.name)
                .cloned()
                .map(settled)
                .collect();
            parts.insert(format!("product {}", product.key), digest(&related));
        }
        for stack in &desired.stacks {
            let live = observed.stacks.get(&stack.name);
            parts.insert(format!("stack {}", stack.name), digest(&live));
        }
        for set in &desired.stack_sets {
            let live = observed.stack_sets.get(&set.name);
            parts.insert(format!("stack set {}", set.name), digest(&live));
        }
        parts.insert("shares".to_owned(), digest(&observed.shares));
        parts.insert("portfolios".to_owned(), digest(&observed.portfolios));
        parts.insert("service actions".to_owned(), digest(&observed.actions));
        let lost = &observed.lost_tag_options;
        parts.insert("lost tag options".to_owned(), digest(lost));
        Fingerprint(parts)
    }
}

/// Without what moves by itself: how many run on it, and the order in which versions are listed.
fn settled(mut live: LiveProduct) -> LiveProduct {
    live.versions.sort_by(|a, b| a.id.cmp(&b.id));
    for version in &mut live.versions {
        version.in_use = None;
    }
    live
}

fn digest<T: Serialize>(value: &T) -> Digest {
    // Plain values of strings and lists: JSON holds all of them.
    Digest::of(serde_json::to_string(value).unwrap_or_default().as_bytes())
}

/// The parts that differ.
pub fn moved(then: &Fingerprint, now: &Fingerprint) -> Vec<String> {
    let names: BTreeSet<&String> = then.0.keys().chain(now.0.keys()).collect();
    names
        .into_iter()
        .filter(|name| then.0.get(*name) != now.0.get(*name))
        .cloned()
        .collect()
}
