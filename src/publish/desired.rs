//! What an account should have, as the repository says it.

use super::{Blocker, Reference};
use crate::cfn::Template;
use crate::digest::Digest;
use crate::environment::{AccountId, Environment, Organization, VersionRetention};
use crate::portfolio::Administrator;
use crate::product::{CatalogEntry, Key, ProductType, VersionName};
use crate::release::{Ledger, LedgerError, Origin};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The catalog as one account should have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired {
    /// The environment's key.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// Its region.
    pub region: String,
    /// Where templates are put.
    pub bucket: Bucket,
    /// The products, by key.
    pub products: Vec<Product>,
    /// The stacks; each after those it takes outputs of.
    pub stacks: Vec<Stack>,
    /// What the accounts get with which portfolios are shared; each after those it imports from.
    pub stack_sets: Vec<StackSet>,
    /// The portfolios that other accounts receive.
    pub shares: Vec<Share>,
    /// Where versions have to prove themselves first.
    pub promotion: Option<Promotion>,
    /// What the repository lacks for this account, by what it lacks it for.
    pub lacks: Vec<Blocker>,
}

/// Where templates are put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Somebody else's: it has to exist.
    Named(String),
    /// Ours, made by the publisher where it is missing.
    Own(String),
    /// Ours, an output of a stack of ours.
    Output {
        /// The stack.
        stack: String,
        /// The output that holds the bucket's name.
        output: String,
    },
}

/// A product.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its key.
    pub key: Key,
    /// Its id, where the environment file records one.
    pub legacy_id: Option<String>,
    /// What Service Catalog shows of it.
    pub texts: Texts,
    /// The released versions, oldest first.
    pub versions: Vec<Version>,
    /// Versions of this account that were published before this catalog.
    pub legacy_versions: Vec<VersionName>,
    /// Whether versions from before this catalog are closed to new launches, since its launch role
    /// can't launch them.
    pub closes_adopted: bool,
    /// How many versions are kept.
    pub retention: VersionRetention,
    /// The service actions of every version: their ids.
    pub actions: Vec<Reference>,
}

impl Product {
    /// The newest released version.
    pub(super) fn newest(&self) -> Option<&Version> {
        self.versions.iter().max_by_key(|version| version.name)
    }

    /// Its template, with its name. Publishing refuses a body that is no template.
    pub(super) fn newest_template(&self) -> Option<(VersionName, Template)> {
        let newest = self.newest()?;
        let text = std::str::from_utf8(&newest.body).ok()?;
        Some((newest.name, crate::cfn::read(text).ok()?))
    }
}

/// What Service Catalog shows of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Texts {
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: String,
    /// What it is.
    pub description: String,
    /// Who distributes it.
    pub distributor: String,
    /// What to do in need of help.
    pub support_description: String,
    /// Where to write.
    pub support_email: String,
    /// Where to read.
    pub support_url: String,
}

/// A released version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its name.
    pub name: VersionName,
    /// By what it is made: its type, and that of its product.
    #[serde(rename = "type", skip_serializing_if = "ProductType::is_default")]
    pub product_type: ProductType,
    /// The digest of its body.
    pub digest: Digest,
    /// What Service Catalog shows of it: the ledger's text and the digest's first digits.
    pub description: String,
    /// What an update to it does to running products.
    #[serde(skip)]
    pub impact: Vec<String>,
    /// Where its template stands in the bucket.
    pub object: String,
    /// Its frozen body.
    #[serde(skip)]
    pub body: Arc<[u8]>,
    /// Why nobody shall launch or update to it; none: people may.
    #[serde(skip)]
    pub barred: Option<String>,
}

/// A CloudFormation stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stack {
    /// Its name in the account.
    pub name: String,
    /// The file under `generated/` that it was reviewed as.
    pub file: String,
    /// Its template, to the byte.
    #[serde(serialize_with = "as_digest")]
    pub template: Arc<str>,
    /// Its parameters.
    pub parameters: BTreeMap<String, Reference>,
    /// Before or after the products.
    pub layer: Layer,
    /// The portfolio that it should hold, where the environment's file records one.
    #[serde(skip)]
    pub recorded_portfolio: Option<String>,
    /// The product whose launch role it holds: of the products, only this one waits for it.
    #[serde(skip)]
    pub launch_role_of: Option<Key>,
}

/// A stack in each of several accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackSet {
    /// Its name in the account that administers it.
    pub name: String,
    /// The file under `generated/` that it was reviewed as.
    pub file: String,
    /// Its template, to the byte.
    #[serde(serialize_with = "as_digest")]
    pub template: Arc<str>,
    /// The accounts.
    pub targets: Targets,
    /// The region.
    pub region: String,
    /// As whom the account acts on the organisation.
    pub administrator: Administrator,
}

/// The accounts of a stack set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Targets {
    /// These: each has a role that lets the administrator in.
    Accounts(BTreeSet<String>),
    /// Those of these organisational units, now and later.
    Units(BTreeSet<String>),
}

impl Bucket {
    /// Where its name comes from.
    pub fn reference(&self) -> Reference {
        match self {
            Bucket::Named(name) | Bucket::Own(name) => Reference::Value(name.clone()),
            Bucket::Output { stack, output } => Reference::StackOutput {
                stack: stack.clone(),
                output: output.clone(),
            },
        }
    }
}

impl Targets {
    /// Their ids.
    pub fn ids(&self) -> &BTreeSet<String> {
        match self {
            Targets::Accounts(ids) | Targets::Units(ids) => ids,
        }
    }
}

/// Whether a stack is what products stand on, or stands on products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Layer {
    /// Template bucket, roles, service actions.
    Foundation,
    /// Portfolios and what hangs on them.
    Portfolio,
}

/// The versions that another environment has published, by the digests of their live bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// That environment.
    pub from: Key,
    /// The digests, by product.
    pub verified: BTreeMap<Key, BTreeSet<Digest>>,
}

/// A portfolio that somebody else receives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// The portfolio's key.
    pub portfolio: Key,
    /// Its id.
    pub id: Reference,
    /// An account, or an organisational unit: `123456789012`, `ou-…`, `o-…`.
    pub recipient: String,
    /// Whether its tag options come with it.
    pub tag_options: bool,
    /// Whether its principals come with it: those that are a pattern, which holds in any account.
    pub principals: bool,
}

/// One product of the repository, as [`Desired::product`] takes it.
#[derive(Clone, Debug)]
pub struct ReleasedProduct<'a> {
    /// Its key.
    pub key: &'a Key,
    /// What its settings say.
    pub entry: &'a CatalogEntry,
    /// Its versions.
    pub ledger: &'a Ledger,
    /// Their bodies, by file name.
    pub bodies: &'a BTreeMap<String, Vec<u8>>,
    /// The service actions of every version.
    pub actions: Vec<Reference>,
}

/// A ledger that can't be published from, with every fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredError(pub Vec<LedgerError>);

impl fmt::Display for DesiredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for DesiredError {}

impl Desired {
    /// A product as an environment should have it.
    ///
    /// # Errors
    /// Frozen bodies that are missing or aren't what the ledger says.
    pub fn product(
        offer: &ReleasedProduct<'_>,
        key: &Key,
        environment: &Environment,
        organization: &Organization,
    ) -> Result<Product, DesiredError> {
        let faults = offer.ledger.faults(offer.key, offer.bodies);
        if !faults.is_empty() {
            return Err(DesiredError(faults));
        }
        let mut versions = Vec::new();
        let mut legacy_versions = Vec::new();
        for version in &offer.ledger.versions {
            match &version.origin {
                Origin::Released { digest, impact, .. } => {
                    let file = offer.ledger.body_file(version.name);
                    let product_type = offer.ledger.product_type;
                    versions.push(Version {
                        name: version.name,
                        product_type,
                        description: marked(&version.description, digest),
                        impact: impact.clone(),
                        object: object_key(offer.key, version.name, digest, product_type),
                        body: offer
                            .bodies
                            .get(&file)
                            .map_or(&[][..], Vec::as_slice)
                            .into(),
                        digest: digest.clone(),
                        barred: offer.ledger.barred(version.name).map(str::to_owned),
                    });
                }
                Origin::Legacy { environments, .. } if environments.contains(key) => {
                    legacy_versions.push(version.name);
                }
                Origin::Legacy { .. } => {}
            }
        }
        let support = &organization.support;
        Ok(Product {
            key: offer.key.clone(),
            legacy_id: environment
                .products
                .get(offer.key)
                .map(|recorded| recorded.id.value.clone()),
            texts: Texts {
                name: offer.entry.name.clone(),
                owner: organization.name.clone(),
                description: offer.entry.description.clone(),
                distributor: organization.name.clone(),
                support_description: support.description.clone(),
                support_email: support.email.clone(),
                support_url: support.url.clone(),
            },
            versions,
            legacy_versions,
            closes_adopted: environment.close_adopted
                && environment.products.contains_key(offer.key),
            retention: environment.retention,
            actions: offer.actions.clone(),
        })
    }

    /// A product by its key.
    pub fn find(&self, key: &Key) -> Option<&Product> {
        self.products.iter().find(|product| product.key == *key)
    }

    /// A stack set by its name.
    pub fn stack_set(&self, name: &str) -> Option<&StackSet> {
        self.stack_sets.iter().find(|set| set.name == name)
    }

    /// A stack by its name.
    pub fn stack(&self, name: &str) -> Option<&Stack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }
}

impl Stack {
    /// Whether a live template is this one. CloudFormation can't update a stack by a comment, a
    /// blank or a description alone, so those don't count.
    pub fn is_template(&self, live: &str) -> bool {
        is_template(&self.template, live)
    }
}

impl StackSet {
    /// Whether a live template is this one, as [`Stack::is_template`] tells it.
    pub fn is_template(&self, live: &str) -> bool {
        is_template(&self.template, live)
    }
}

fn is_template(own: &str, live: &str) -> bool {
    if live == own {
        return true;
    }
    let parsed = |text: &str| {
        let mut template = crate::cfn::read(text).ok()?;
        template.description = None;
        template.metadata = Default::default();
        Some(template)
    };
    match (parsed(live), parsed(own)) {
        (Some(live), Some(own)) => live == own,
        _ => false,
    }
}

impl Product {
    /// A released version by its name.
    pub fn version(&self, name: VersionName) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }
}

/// A template as its digest: in the files of plans.
fn as_digest<S: Serializer>(template: &str, serializer: S) -> Result<S::Ok, S::Error> {
    Digest::of(template.as_bytes()).serialize(serializer)
}

/// The key of a template's object. It holds the digest, so no key ever has two bodies.
fn object_key(
    product: &Key,
    version: VersionName,
    digest: &Digest,
    product_type: ProductType,
) -> String {
    let (hex, ending) = (digest.hex(), product_type.file_ending());
    format!("templates/{product}/{version}-{hex}.{ending}")
}

/// Versions carry no tags; the digest's first digits in the description tell ours where the body
/// can't be read back.
fn marked(description: &str, digest: &Digest) -> String {
    format!("{description} {}", marker(digest))
}

/// Whether a version's description ends with the mark of a released version, of whatever digest.
pub fn is_marked(description: &str) -> bool {
    let mark = description
        .rsplit_once("[sha256:")
        .and_then(|(_, rest)| rest.strip_suffix(']'));
    mark.is_some_and(|digits| {
        digits.len() == 12 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// The mark that a version of this digest has at the end of its description.
pub(super) fn marker(digest: &Digest) -> String {
    format!("[sha256:{}]", digest.hex().get(..12).unwrap_or_default())
}
