//! A catalog of one product, and an account that has it.

use compute_catalog::digest::Digest;
use compute_catalog::environment::{AccountId, VersionRetention};
use compute_catalog::product::Key;
use compute_catalog::publish::{
    Body, Bucket, Desired, Guidance, LiveProduct, LiveTemplate, LiveVersion, Observed, PRODUCT_TAG,
    Product, Texts, Version, VersionStatus,
};
use std::collections::{BTreeMap, BTreeSet};

pub fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn texts() -> Texts {
    Texts {
        name: "Notebook".to_owned(),
        ..Texts::default()
    }
}

fn version(name: &str) -> Version {
    let body = name.as_bytes().to_vec();
    let digest = Digest::of(&body);
    Version {
        product_type: Default::default(),
        name: name.parse().unwrap(),
        description: format!("As of {name} [sha256:{}]", &digest.hex()[..12]),
        impact: vec!["the instance is replaced".to_owned()],
        object: format!("templates/notebook/{name}-{}.yaml", digest.hex()),
        digest,
        body: body.into(),
        barred: None,
    }
}

/// The product `notebook` with these versions.
pub fn desired(versions: &[&str]) -> Desired {
    Desired {
        environment: key("prod"),
        account: "123456789012".parse::<AccountId>().unwrap(),
        region: "us-east-1".to_owned(),
        bucket: Bucket::Named("templates".to_owned()),
        products: vec![Product {
            key: key("notebook"),
            legacy_id: None,
            texts: texts(),
            versions: versions.iter().map(|name| version(name)).collect(),
            legacy_versions: Vec::new(),
            closes_adopted: false,
            retention: VersionRetention::default(),
            actions: Vec::new(),
        }],
        stacks: Vec::new(),
        stack_sets: Vec::new(),
        shares: Vec::new(),
        promotion: None,
        lacks: Vec::new(),
    }
}

/// An account with the bucket and nothing else.
pub fn empty() -> Observed {
    Observed {
        bucket: Some("templates".to_owned()),
        ..Observed::default()
    }
}

/// An account in which `desired` was published.
pub fn published(desired: &Desired) -> Observed {
    let mut observed = empty();
    let product = &desired.products[0];
    let newest = product.versions.last().unwrap().name;
    let versions = product
        .versions
        .iter()
        .map(|version| LiveVersion {
            id: format!("pa-{}", version.name),
            name: version.name.to_string(),
            description: version.description.clone(),
            active: true,
            guidance: if version.name == newest {
                Guidance::Default
            } else {
                Guidance::Deprecated
            },
            status: VersionStatus::Available,
            body: Body::Read(version.digest.clone()),
            actions: BTreeSet::new(),
            in_use: None,
        })
        .collect();
    for version in &product.versions {
        let live = LiveTemplate {
            body: Body::Read(version.digest.clone()),
            is_tagged: true,
        };
        observed.templates.insert(version.object.clone(), live);
    }
    observed.products.insert(
        "prod-one".to_owned(),
        LiveProduct {
            id: "prod-one".to_owned(),
            texts: product.texts.clone(),
            tags: BTreeMap::from([(PRODUCT_TAG.to_owned(), product.key.to_string())]),
            versions,
            ..LiveProduct::default()
        },
    );
    observed
}
