//! The versions of one product, oldest first.

use crate::digest::Digest;
use crate::product::{Bump, Key, ProductType, VersionName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// `history/versions.yaml`: a product's versions, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ledger {
    /// By what its versions are made; left out, by CloudFormation.
    #[serde(
        rename = "type",
        default,
        skip_serializing_if = "ProductType::is_default"
    )]
    pub product_type: ProductType,
    /// The versions.
    pub versions: Vec<Version>,
    /// Those of ours that nobody shall launch or update to, each with the reason; lines are added at
    /// the end, and none is taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<Barred>,
}

/// A version that nobody shall launch or update to, ever again: it can't live in an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Barred {
    /// The version.
    pub version: VersionName,
    /// Why, for those who keep the catalog.
    pub reason: String,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Version {
    /// Its name.
    pub name: VersionName,
    /// What Service Catalog shows of it, and what an update to it does.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisioningArtifactProperties.html>
    #[schemars(length(max = 8192))]
    pub description: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a version comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Origin {
    /// Frozen by `release`.
    Released {
        /// The digest of its body beside the ledger: `<name>.yaml`, or `<name>.tar.gz` of a product that
        /// an engine makes.
        digest: Digest,
        /// The part of the name that was raised.
        bump: Bump,
        /// Why it was made, for those who keep the catalog.
        note: String,
        /// What an update to it does to running products, worst first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        impact: Vec<String>,
    },
    /// Published before this catalog: kept as it is, and never sent.
    Legacy {
        /// The environments that have it.
        environments: Vec<Key>,
        /// The digest of its body, where `<name>.yaml` beside the ledger keeps that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<Digest>,
    },
}

/// A ledger and bodies that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerError {
    /// The product.
    pub product: String,
    /// The version.
    pub version: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "products/{}/history/{}: {}\n  hint: {}",
            self.product, self.version, self.message, self.hint
        )
    }
}

impl std::error::Error for LedgerError {}

impl Version {
    /// The digest of its body, when it is ours.
    pub fn digest(&self) -> Option<&Digest> {
        match &self.origin {
            Origin::Released { digest, .. } => Some(digest),
            Origin::Legacy { .. } => None,
        }
    }

    /// The digest of the body that stands beside the ledger, whoever published it.
    pub fn kept(&self) -> Option<&Digest> {
        match &self.origin {
            Origin::Released { digest, .. } => Some(digest),
            Origin::Legacy { digest, .. } => digest.as_ref(),
        }
    }
}

impl Ledger {
    /// The name of the file beside the ledger that holds a version's body.
    pub fn body_file(&self, version: VersionName) -> String {
        format!("{version}.{}", self.product_type.file_ending())
    }

    /// What is wrong where the product is made by something else now: Service Catalog never changes
    /// that of a product.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/productmgmt-update.html>
    pub fn type_fault(&self, product: &Key, is: ProductType) -> Option<LedgerError> {
        (self.product_type != is && !self.versions.is_empty()).then(|| LedgerError {
            product: product.to_string(),
            version: "versions.yaml".to_owned(),
            message: format!(
                "its versions are of the type {}, and the product is of the type {is}",
                self.product_type
            ),
            hint: "the type of a product never changes: give the new one a key of its own"
                .to_owned(),
        })
    }

    /// The newest version.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.iter().max_by_key(|version| version.name)
    }

    /// The newest version of ours.
    pub fn newest_released(&self) -> Option<&Version> {
        self.released().max_by_key(|version| version.name)
    }

    /// The newest version of ours that isn't barred: what people launch, and update to.
    pub fn newest_living(&self) -> Option<&Version> {
        let ours = self.living().filter(|version| version.digest().is_some());
        ours.max_by_key(|version| version.name)
    }

    /// The newest version that isn't barred and whose body is kept: what a change starts from.
    pub fn newest_kept(&self) -> Option<&Version> {
        let kept = self.living().filter(|version| version.kept().is_some());
        kept.max_by_key(|version| version.name)
    }

    /// The versions that can be running, oldest first: all but those that are barred, which can't
    /// live in an account.
    pub fn living(&self) -> impl Iterator<Item = &Version> {
        self.versions
            .iter()
            .filter(|version| self.barred(version.name).is_none())
    }

    /// The versions of ours, oldest first.
    pub fn released(&self) -> impl Iterator<Item = &Version> {
        self.versions
            .iter()
            .filter(|version| version.digest().is_some())
    }

    /// Why a version is barred; none where it isn't.
    pub fn barred(&self, version: VersionName) -> Option<&str> {
        let mut barred = self.barred.iter();
        let barred = barred.find(|barred| barred.version == version)?;
        Some(&barred.reason)
    }

    /// Whether the ledger and the frozen bodies (by file name) agree.
    pub fn faults(&self, product: &Key, bodies: &BTreeMap<String, Vec<u8>>) -> Vec<LedgerError> {
        let mut faults = Vec::new();
        let mut fault = |version: String, message: String, hint: &str| {
            faults.push(LedgerError {
                product: product.to_string(),
                version,
                message,
                hint: hint.to_owned(),
            });
        };
        for pair in self.versions.windows(2) {
            if pair[1].name <= pair[0].name {
                fault(
                    pair[1].name.to_string(),
                    format!("stands after {} in versions.yaml", pair[0].name),
                    "versions stand oldest first, each name once",
                );
            }
        }
        for (index, barred) in self.barred.iter().enumerate() {
            let name = barred.version;
            let mut fault = |message: &str, hint: &str| {
                fault(name.to_string(), message.to_owned(), hint);
            };
            if !self.released().any(|version| version.name == name) {
                fault(
                    "is barred, and is no version of ours",
                    "correct the name under `barred` in versions.yaml",
                );
            }
            if self
                .barred
                .iter()
                .take(index)
                .any(|other| other.version == name)
            {
                fault("is barred a second time", "one line a version");
            }
            if barred.reason.trim().is_empty() {
                fault("is barred without a reason", "say why nobody can launch it");
            }
        }
        for version in &self.versions {
            let Some(digest) = version.kept() else {
                continue;
            };
            let file = self.body_file(version.name);
            match bodies.get(&file) {
                None => fault(
                    file,
                    "the frozen body is missing".to_owned(),
                    "restore it from git",
                ),
                Some(body) if Digest::of(body) != *digest => fault(
                    file,
                    format!(
                        "the frozen body is {}, the ledger says {digest}",
                        Digest::of(body)
                    ),
                    "a frozen body never changes: restore it from git and release a new version",
                ),
                Some(_) => {}
            }
        }
        for file in bodies.keys() {
            let mut kept = self
                .versions
                .iter()
                .filter(|version| version.kept().is_some());
            let known = kept.any(|version| *file == self.body_file(version.name));
            if !known {
                fault(
                    file.clone(),
                    "no version in versions.yaml has this body".to_owned(),
                    "restore its line from git; remove the file only where it was never released",
                );
            }
        }
        faults.sort();
        faults
    }
}
