//! The versions that run already: their bodies as they were published, and the ledger of them.

use super::original::readable;
use crate::console;
use compute_catalog::digest::Digest;
use compute_catalog::product::{Key, ProductType, VersionName};
use compute_catalog::release::{Ledger, Origin, Version};
use std::error::Error;

/// A version that was published before this catalog.
pub struct Imported {
    /// Its name.
    pub name: VersionName,
    /// How its file is called.
    pub shown: String,
    /// Its body, to the byte.
    pub text: String,
    /// What Service Catalog shows of it.
    pub description: Option<String>,
}

/// The versions of one product, oldest first.
pub struct Versions {
    versions: Vec<Imported>,
    environments: Vec<Key>,
}

impl Versions {
    /// Takes versions of any order; tells what is wrong where one is no template or is there twice.
    pub fn of(mut versions: Vec<Imported>, environments: &[Key]) -> Option<Versions> {
        versions.sort_by_key(|version| version.name);
        let mut is_good = true;
        for pair in versions.windows(2) {
            if let [one, other] = pair
                && one.name == other.name
            {
                console::error(&format!(
                    "{} and {} are both {}\n  hint: each version has its own name",
                    one.shown, other.shown, one.name
                ));
                is_good = false;
            }
        }
        for version in &versions {
            is_good &= readable(&version.shown, &version.text).is_some();
        }
        is_good.then(|| Versions {
            versions,
            environments: environments.to_vec(),
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// The files below the product's folder: each body as it is, and the ledger.
    ///
    /// # Errors
    /// Text that no YAML can hold.
    pub fn files(&self) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        if self.versions.is_empty() {
            return Ok(Vec::new());
        }
        let versions = self.versions.iter();
        let ledger = Ledger {
            product_type: ProductType::default(),
            versions: versions
                .map(|version| Version {
                    name: version.name,
                    description: version
                        .description
                        .clone()
                        .unwrap_or_else(|| "Published before this catalog".to_owned()),
                    origin: Origin::Legacy {
                        environments: self.environments.clone(),
                        digest: Some(Digest::of(version.text.as_bytes())),
                    },
                })
                .collect(),
            barred: Vec::new(),
        };
        let bodies = self.versions.iter();
        let bodies = bodies.map(|version| {
            let path = format!("history/{}.yaml", version.name);
            (path, version.text.clone())
        });
        let ledger = ("history/versions.yaml".to_owned(), ledger.write()?);
        Ok(bodies.chain([ledger]).collect())
    }

    /// Which versions are known now.
    pub fn told(&self) -> String {
        let versions = self.versions.iter();
        let lines = versions.map(|version| format!("{} is {}\n", version.name, version.shown));
        lines.collect()
    }
}
