//! What an environment has proven, for the environments after it.

use super::{
    Desired, Evidence, Observed, Ownership, Promotion, VersionStatus, evidence, ownership,
};
use std::collections::BTreeMap;

impl Promotion {
    /// The versions that an environment has published and whose live bodies are the frozen ones.
    pub fn of(desired: &Desired, observed: &Observed) -> Promotion {
        let mut verified = BTreeMap::new();
        for product in &desired.products {
            let Ownership::Ours(live) = ownership(desired, product, observed) else {
                continue;
            };
            let digests = product
                .versions
                .iter()
                .filter(|version| {
                    live.versions.iter().any(|one| {
                        one.name == version.name.to_string()
                            && one.status == VersionStatus::Available
                            && evidence(version, one) == Evidence::Body
                    })
                })
                .map(|version| version.digest.clone())
                .collect();
            verified.insert(product.key.clone(), digests);
        }
        Promotion {
            from: desired.environment.clone(),
            verified,
        }
    }
}
