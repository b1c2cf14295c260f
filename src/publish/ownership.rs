//! Which of the account's products and versions are ours.
//!
//! Service Catalog keeps neither product names nor version names apart, so a name alone is never
//! enough: a product is ours by our tag or by the id that the environment file records, a version by
//! its name and its body.

use super::desired::marker;
use super::{Blocker, Body, Desired, LiveProduct, LiveVersion, Observed, Product, Version};

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
    let place = format!("product {}", product.key);
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
            Some(live) => Ownership::Ours(live),
            None => unclear(
                place,
                format!("{id} is legacy_id for it, and the account has no such product"),
                format!(
                    "correct or remove `products.{}` in portfolios/environments/{}.yaml",
                    product.key, desired.environment
                ),
            ),
        };
    }
    match tagged.as_slice() {
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

fn unclear<'a>(on: String, message: String, hint: String) -> Ownership<'a> {
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
    OtherBody(crate::digest::Digest),
    /// Its body can't be read, and its description doesn't carry our digest.
    None(String),
}

/// Compares a live version with the released version of its name.
pub fn evidence(version: &Version, live: &LiveVersion) -> Evidence {
    let is_marked = live.description.ends_with(&marker(&version.digest));
    match &live.body {
        Body::Read(digest) if *digest == version.digest => Evidence::Body,
        Body::Read(digest) => Evidence::OtherBody(digest.clone()),
        _ if is_marked => Evidence::Description,
        Body::Unreadable(why) => Evidence::None(why.clone()),
        Body::Unasked => Evidence::None("it was not read".to_owned()),
    }
}
