//! How many calls a publish makes in an account that holds much of others.

use crate::timing::{whole_catalog, whole_catalog_in};
use crate::world::World;
use compute_catalog::product::Bump;
use compute_catalog::publish::Desired;
use local_aws::{Contents, HeldProduct, HeldStack, HeldVersion};
use std::collections::BTreeMap;

/// Products that are none of ours.
const FOREIGN: usize = 300;

/// Stacks that are none of ours: provisioned products are stacks, and those that were deleted stay
/// listed for 90 days.
const STACKS: usize = 3_000;

/// The most calls of a first publish, of one of a new version, and of one that has nothing to do: that
/// one looks once at everything that people change by hand, of which no list of AWS's tells the half (the
/// role of each launch constraint, the tags of each object, the shares of each kind). One of a new version
/// looks at all of it once, and at what it touches under the lock and after.
const MOST: [usize; 3] = [400, 190, 150];

/// An account of years.
fn crowded() -> Contents {
    let products = (0..FOREIGN).map(|number| HeldProduct {
        id: format!("prod-{number:013}"),
        name: format!("Theirs {number}"),
        owner: "somebody".to_owned(),
        versions: vec![HeldVersion {
            name: "v1".to_owned(),
            template: Some("Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n".to_owned()),
            ..HeldVersion::default()
        }],
        ..HeldProduct::default()
    });
    let stacks = (0..STACKS).map(|number| HeldStack {
        name: format!("SC-123456789012-pp-{number:013}"),
        deleted: number % 2 == 0,
        ..HeldStack::default()
    });
    Contents {
        products: products.collect(),
        stacks: stacks.collect(),
        ..Contents::default()
    }
}

/// The number of calls of one publish; the most frequent are printed.
async fn calls(world: &World, desired: &Desired, what: &str) -> usize {
    world.server.clear_calls();
    world.publish(desired).await.unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let calls = world.server.calls();
    for call in &calls {
        *counts.entry(call.operation.clone()).or_default() += 1;
    }
    let mut counts: Vec<(usize, String)> = counts
        .into_iter()
        .map(|(name, count)| (count, name))
        .collect();
    counts.sort();
    counts.reverse();
    println!("{what}: {} calls, {counts:?}", calls.len());
    calls.len()
}

/// The catalog with one more version of one product, as most publishes are.
fn upgraded(desired: &Desired) -> Desired {
    let mut next = desired.clone();
    let product = next.products.first_mut().unwrap();
    let newest = product.versions.iter().max_by_key(|one| one.name).unwrap();
    let mut version = newest.clone();
    version.name = newest.name.bumped(Bump::Minor);
    let mut body = String::from_utf8(version.body.to_vec()).unwrap();
    body.push_str("# Another one.\n");
    version.digest = compute_catalog::digest::Digest::of(body.as_bytes());
    let (text, _) = version.description.split_once("[sha256:").unwrap();
    let digits = version.digest.hex().get(..12).unwrap();
    version.description = format!("{text}[sha256:{digits}]");
    version.object = format!("{}-next", version.object);
    version.body = body.into_bytes().into();
    product.versions.push(version);
    next
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_in_proportion_to_our_catalog_and_not_to_what_others_have() {
    let (alone, desired) = whole_catalog().await;
    let first = calls(&alone, &desired, "first, nothing of others").await;
    let (world, desired) = whole_catalog_in(|config| config.contents = Some(crowded())).await;
    let crowded = calls(&world, &desired, "first").await;
    let idle = calls(&world, &desired, "idle").await;
    let upgrade = calls(&world, &upgraded(&desired), "upgrade").await;
    // Others add the pages of the list of products, twenty each, and nothing else.
    let pages = FOREIGN.div_ceil(20);
    assert!(crowded <= first + 12 * pages, "{crowded} and {first}");
    for (count, most) in [crowded, upgrade, idle].into_iter().zip(MOST) {
        assert!(count <= most, "{count} calls, {most} are the most");
    }
}
