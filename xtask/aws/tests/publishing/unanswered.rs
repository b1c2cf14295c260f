//! Creations that take effect and are never answered: one thing comes of them all the same.

use crate::small_catalog::{catalog, key};
use crate::world::World;
use local_aws::Faults;
use std::collections::BTreeMap;

/// How often the SDK repeats a call against the local AWS before the step begins again.
const REPEATS: u32 = 11;

/// The two guards against making a thing twice.
#[derive(Clone, Copy, Debug)]
enum Left {
    /// The token has expired when the step begins again; what was made can be seen.
    Look,
    /// What was made can't be seen yet; the token is known.
    Token,
}

/// Publishes with the answers to a step's creation lost, until the step begins again.
async fn is_made_once(operation: &str, left: Left) {
    // One product: the lost answers are all its.
    let of_one = |versions: &[&str]| {
        let mut desired = catalog(versions);
        desired
            .products
            .retain(|product| product.key == key("notebook"));
        desired
    };
    let before = of_one(&["v1.0.0"]);
    let desired = of_one(&["v1.0.0", "v1.1.0"]);
    let unseen = match left {
        Left::Look => 0,
        Left::Token => 3,
    };
    let mut summaries = Vec::new();
    for is_disturbed in [false, true] {
        let world = World::with(|config| config.delays.unseen = unseen);
        let is_upgrade = operation == "CreateProvisioningArtifact";
        if is_upgrade {
            world.publish(&before).await.unwrap();
        }
        let desired = if is_upgrade { &desired } else { &before };
        if is_disturbed {
            world.server.set_faults(Faults {
                unanswered: BTreeMap::from([(operation.to_owned(), 1 + REPEATS)]),
                token_repeats: match left {
                    Left::Look => Some(REPEATS),
                    Left::Token => None,
                },
                ..Faults::default()
            });
        }
        world.server.clear_calls();
        world.publish(desired).await.unwrap();
        let calls = world.changes();
        let count = calls.iter().filter(|call| *call == operation).count();
        let expected = match left {
            _ if !is_disturbed => 1,
            Left::Look => 1 + REPEATS,
            Left::Token => 2 + REPEATS,
        };
        assert_eq!(count, expected as usize, "{operation} {left:?}");
        world.server.set_faults(Faults::default());
        summaries.push(world.summary(desired).await);
    }
    assert_eq!(summaries[1], summaries[0], "{operation} {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_found_by_looking_once_its_token_has_expired() {
    is_made_once("CreateProduct", Left::Look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_cannot_be_seen_yet_is_known_by_its_token() {
    is_made_once("CreateProduct", Left::Token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_found_by_looking_once_its_token_has_expired() {
    is_made_once("CreateProvisioningArtifact", Left::Look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_cannot_be_seen_yet_is_known_by_its_token() {
    is_made_once("CreateProvisioningArtifact", Left::Token).await;
}
