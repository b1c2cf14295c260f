//! Which of the account's products and versions are ours.
//!
//! Service Catalog keeps neither product names nor version names apart, so a name alone is never
//! enough: a product is ours by our tag or by the id that the environment file records, a version by
//! its name and its body.

use super::desired::marker;
use super::{
    Blocker, Body, Desired, LiveProduct, LiveVersion, Observed, PRODUCT_TAG, Product, Subject,
    Version,
};
use crate::digest::Digest;
use crate::product::VersionName;

/// What an account has of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership<'a> {
    /// Nothing.
    Absent,
    /// This one is ours.
    Ours(&'a LiveProduct),
    /// It can't be told, or isn't there where it should be.
    Unclear(Vec<Blocker>),
}

/// Finds a product in an account.
pub fn ownership<'a>(
    desired: &Desired,
    product: &Product,
    observed: &'a Observed,
) -> Ownership<'a> {
    let place = Subject::Product(product.key.clone());
    let tagged: Vec<&LiveProduct> = observed
        .products
        .values()
        .filter(|live| live.tagged_as(&product.key))
        .collect();
    let ids = |products: &[&LiveProduct]| {
        let ids: Vec<&str> = products.iter().map(|live| live.id.as_str()).collect();
        ids.join(", ")
    };
    if let Some(id) = &product.legacy_id {
        let others: Vec<&LiveProduct> = tagged
            .iter()
            .filter(|live| live.id != *id)
            .copied()
            .collect();
        if !others.is_empty() {
            return unclear(
                place,
                format!(
                    "the environment file records {id}, but {} is tagged as it",
                    ids(&others)
                ),
                format!(
                    "take the tag {} off the product that is not ours, or correct the id",
                    super::PRODUCT_TAG
                ),
            );
        }
        return match observed.products.get(id) {
            Some(live) => match contradiction(desired, product, live) {
                None => Ownership::Ours(live),
                Some(message) => unclear(
                    place,
                    message,
                    format!(
                        "correct the ids under `products` in portfolios/environments/{}.yaml: each belongs to one product",
                        desired.environment
                    ),
                ),
            },
            None => unclear(
                place,
                format!("{id} is recorded for it, and the account has no such product"),
                format!(
                    "correct or remove `products.{}` in portfolios/environments/{}.yaml",
                    product.key, desired.environment
                ),
            ),
        };
    }
    match tagged.as_slice() {
        [live] if is_of_another_catalog(product, live) => unclear(
            place,
            format!(
                "{} is tagged as it, and is another catalog's: its makers are `{}` and `{}`, and it has no version of ours",
                live.id, live.texts.owner, live.texts.distributor
            ),
            "an account holds a product of one key once: publish to another account, or give ours another key".to_owned(),
        ),
        [live] => Ownership::Ours(live),
        [] => {
            let named: Vec<&LiveProduct> = observed
                .products
                .values()
                .filter(|live| live.texts.name == product.texts.name)
                .collect();
            if named.is_empty() {
                return Ownership::Absent;
            }
            unclear(
                place,
                format!(
                    "{} has its name `{}`, and nothing says that it is ours",
                    ids(&named),
                    product.texts.name
                ),
                format!(
                    "to take it over, record its id under `products.{}` in portfolios/environments/{}.yaml; otherwise rename one of them",
                    product.key, desired.environment
                ),
            )
        }
        several => unclear(
            place,
            format!("several products are tagged as it: {}", ids(several)),
            "keep the tag on one of them".to_owned(),
        ),
    }
}

/// Whether somebody else publishes a product of the same key: other makers, and versions of which none is
/// ours. Makers alone may have been changed by hand, or by us.
fn is_of_another_catalog(product: &Product, live: &LiveProduct) -> bool {
    let (is, ours) = (&live.texts, &product.texts);
    let same_makers = is.owner == ours.owner || is.distributor == ours.distributor;
    let is_ours = |version: &LiveVersion| {
        let name = version.name.parse().ok();
        let proves =
            |evidence: Evidence| matches!(evidence, Evidence::Body | Evidence::Description);
        let mut released = product.versions.iter();
        released.any(|one| proves(evidence(&one.digest, version)))
            || name.is_some_and(|name: VersionName| product.legacy_versions.contains(&name))
    };
    !same_makers && !live.versions.is_empty() && !live.versions.iter().any(is_ours)
}

/// What speaks against a recorded id: another product of ours has it too, is named so, or is tagged
/// there.
fn contradiction(desired: &Desired, product: &Product, live: &LiveProduct) -> Option<String> {
    let id = &live.id;
    let others = || {
        let all = desired.products.iter();
        all.filter(|other| other.key != product.key)
    };
    if let Some(other) = others().find(|other| other.legacy_id.as_ref() == Some(id)) {
        return Some(format!("{id} is recorded for {} as well", other.key));
    }
    if let Some(tag) = live.tags.get(PRODUCT_TAG) {
        let is_other = tag != product.key.as_str();
        return is_other.then(|| format!("{id} is recorded for it, and tagged as `{tag}`"));
    }
    let named = others().find(|other| other.texts.name == live.texts.name);
    named.map(|other| {
        format!(
            "{id} is recorded for it, and has the name of {}: `{}`",
            other.key, live.texts.name
        )
    })
}

fn unclear<'a>(on: Subject, message: String, hint: String) -> Ownership<'a> {
    Ownership::Unclear(vec![Blocker { on, message, hint }])
}

/// How a live version of a released version's name is known to be it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Its body was read back, and is the frozen one.
    Body,
    /// Its body can't be read; its description carries our digest.
    Description,
    /// Its body is another.
    OtherBody(Digest),
    /// Its body can't be read, and its description doesn't carry our digest.
    None(String),
}

/// Compares a live version with the released version of its name, by the digest of its body.
pub fn evidence(released: &Digest, live: &LiveVersion) -> Evidence {
    let is_marked = live.description.ends_with(&marker(released));
    match &live.body {
        Body::Read(digest) if digest == released => Evidence::Body,
        Body::Read(digest) => Evidence::OtherBody(digest.clone()),
        _ if is_marked => Evidence::Description,
        Body::Unreadable(why) => Evidence::None(why.clone()),
        Body::Unasked => Evidence::None("it was not read".to_owned()),
    }
}

/// The live version that a released version is: the one of its name, else one of another name that is
/// ours by its mark or its body, which somebody has renamed.
pub fn live_version<'a>(
    product: &Product,
    live: &'a LiveProduct,
    version: &Version,
) -> Option<&'a LiveVersion> {
    let name = version.name.to_string();
    let named = live.versions.iter().find(|one| one.name == name);
    named.or_else(|| {
        live.versions.iter().find(|one| {
            !has_name_of_ours(product, one)
                && matches!(
                    evidence(&version.digest, one),
                    Evidence::Body | Evidence::Description
                )
        })
    })
}

/// The name of the version of ours that a live version is, where it is one.
pub(super) fn is_known(
    product: &Product,
    live: &LiveProduct,
    one: &LiveVersion,
) -> Option<VersionName> {
    if has_name_of_ours(product, one) {
        return one.name.parse().ok();
    }
    let renamed = product.versions.iter().find(|version| {
        live_version(product, live, version).is_some_and(|found| found.id == one.id)
    });
    renamed.map(|version| version.name)
}

fn has_name_of_ours(product: &Product, live: &LiveVersion) -> bool {
    let name = live.name.parse::<VersionName>().ok();
    name.is_some_and(|name| {
        product.version(name).is_some() || product.legacy_versions.contains(&name)
    })
}
