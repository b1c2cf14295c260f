//! A bad day of AWS: throttling, internal errors, connections that drop after the effect.

use crate::small_catalog::catalog;
use crate::world::World;
use local_aws::Faults;
use std::collections::BTreeSet;

/// Publishes under faults of this seed, again and again as a person would, until it is verified.
async fn converges(seed: u64, expected: &[String]) -> u32 {
    let world = World::new(Faults {
        seed,
        throttling: 0.20,
        server_error: 0.10,
        drop_after: 0.05,
        stale_reads: 0.05,
        item_failures: 0.10,
        ..Faults::default()
    });
    let desired = catalog(&["v1.0.0"]);
    let mut runs = 0;
    let mut last = String::new();
    while runs < 6 {
        runs += 1;
        match world.publish(&desired).await {
            Ok(_) => {
                world.server.set_faults(Faults::default());
                assert_eq!(world.summary(&desired).await, expected, "seed {seed}");
                return runs;
            }
            Err(failure) => last = failure.to_string(),
        }
    }
    panic!("seed {seed} doesn't converge: {last}");
}

async fn all_seeds(seeds: std::ops::Range<u64>) {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    world.publish(&desired).await.unwrap();
    let expected = world.summary(&desired).await;
    for seed in seeds {
        converges(seed, &expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_bad_days_end_as_a_good_one() {
    all_seeds(0..10).await;
}

/// The long run, for whoever changes how steps are carried out.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; run with `--ignored`"]
async fn a_hundred_bad_days_end_as_a_good_one() {
    all_seeds(0..100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_aws_fails_to_create_is_reported_and_the_old_one_stays() {
    let world = World::new(Faults {
        failed_versions: BTreeSet::from(["v1.1.0".to_owned()]),
        ..Faults::default()
    });
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let failure = world
        .publish(&catalog(&["v1.0.0", "v1.1.0"]))
        .await
        .unwrap_err()
        .to_string();
    assert!(failure.contains("create-version/"), "{failure}");
    assert!(failure.contains("failed to create v1.1.0"), "{failure}");
    for live in world.observe(&catalog(&["v1.0.0"])).await.products.values() {
        let old = live
            .versions
            .iter()
            .find(|version| version.name == "v1.0.0")
            .unwrap();
        assert_eq!(old.guidance.to_string(), "DEFAULT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stacks_that_fail_are_reported_with_the_reason() {
    let desired = catalog(&["v1.0.0"]);
    let stacks = BTreeSet::from(["example-machines".to_owned()]);
    for faults in [
        Faults {
            failed_change_sets: stacks.clone(),
            ..Faults::default()
        },
        Faults {
            rolled_back_stacks: stacks.clone(),
            ..Faults::default()
        },
    ] {
        let world = World::new(faults);
        let failure = world.publish(&desired).await.unwrap_err().to_string();
        assert!(
            failure.contains("deploy-stack/example-machines failed"),
            "{failure}"
        );
        assert!(failure.contains("hint: "), "{failure}");
        // What was put back is made anew.
        world.server.set_faults(Faults::default());
        world.publish(&desired).await.unwrap();
        assert!(world.plan(&desired).await.is_empty());
    }
}
