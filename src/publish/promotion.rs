//! What an environment has proven, for the environments after it: told by its account, or by the file
//! that its publish has left, for who has the credentials of one account only.

use super::{
    Desired, Evidence, Observed, Ownership, Promotion, VersionStatus, evidence, live_version,
    ownership,
};
use crate::digest::Digest;
use crate::environment::AccountId;
use crate::product::Key;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the file's form.
const PROOF_SCHEMA: u32 = 1;

/// `target/publish/<env>/proof.json`: the versions that a publish has verified, by the digests of
/// their live bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Proof {
    /// The version of this form.
    pub schema: u32,
    /// The environment.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// The digests, by product.
    pub verified: BTreeMap<Key, BTreeSet<Digest>>,
    /// The digest of everything above, as it stands.
    pub digest: Option<Digest>,
}

impl Proof {
    /// What an account proves.
    pub fn of(desired: &Desired, observed: &Observed) -> Proof {
        let promotion = Promotion::of(desired, observed);
        let mut proof = Proof {
            schema: PROOF_SCHEMA,
            environment: promotion.from,
            account: desired.account.clone(),
            verified: promotion.verified,
            digest: None,
        };
        proof.digest = Some(proof.own_digest());
        proof
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        // Plain values of strings and lists: JSON holds all of them.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a proof of an environment and account.
    ///
    /// # Errors
    /// Text that is no proof, one that was edited, or one of another environment or account.
    pub fn read(text: &str, environment: &Key, account: &AccountId) -> Result<Promotion, String> {
        let proof: Proof = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if proof.schema != PROOF_SCHEMA {
            return Err(format!(
                "its schema is {}; this program reads {PROOF_SCHEMA}",
                proof.schema
            ));
        }
        if proof.digest.as_ref() != Some(&proof.own_digest()) {
            return Err("it was changed after it was written".to_owned());
        }
        if (&proof.environment, &proof.account) != (environment, account) {
            return Err(format!(
                "it is of {} ({}), not of {environment} ({account})",
                proof.environment, proof.account
            ));
        }
        Ok(Promotion {
            from: proof.environment,
            verified: proof.verified,
        })
    }

    fn own_digest(&self) -> Digest {
        let bare = Proof {
            digest: None,
            ..self.clone()
        };
        Digest::of(serde_json::to_string(&bare).unwrap_or_default().as_bytes())
    }
}

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
                    live_version(product, live, version).is_some_and(|one| {
                        one.status == VersionStatus::Available
                            && evidence(&version.digest, one) == Evidence::Body
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
