//! A run that is killed at any changing call, and begun again.

use crate::launchable::none_is_launchable_without_its_actions;
use crate::small_catalog::catalog;
use crate::world::World;
use compute_catalog::publish::{Desired, Guidance};
use local_aws::Faults;
use publisher::{End, Exit};
use std::sync::atomic::{AtomicBool, Ordering};

/// Publishes `desired` to an account that `before` was published to, killed after change `k`.
/// Answers whether there was a change `k`.
async fn killed_at(
    k: u64,
    before: Option<&Desired>,
    desired: &Desired,
    expected: &[String],
) -> bool {
    let world = World::new(Faults::default());
    if let Some(before) = before {
        world.publish(before).await.unwrap();
    }
    world.server.set_faults(Faults {
        stop_after_change: Some(k),
        ..Faults::default()
    });
    // As a kill does it: what runs is dropped where it stands, and writes nothing any more.
    let run = world.publish(desired);
    let ended = tokio::select! {
        biased;
        () = world.halted() => None,
        end = run => Some(end),
    };
    if let Some(end) = ended {
        assert!(
            matches!(end.unwrap(), End::Verified(..)),
            "without a kill at {k}"
        );
        return false;
    }
    let receipt = world.receipts("checkout").join("receipt.json");
    let when = format!("at a kill at {k}");
    none_is_launchable_without_its_actions(&world, desired, &receipt, &when);
    world.server.resume();
    world
        .publish(desired)
        .await
        .unwrap_or_else(|failure| panic!("after a kill at {k}: {failure}"));
    assert_eq!(
        world.summary(desired).await,
        expected,
        "after a kill at {k}"
    );
    for live in world.observe(desired).await.products.values() {
        let notebook = live.texts.name.ends_with("notebook");
        for version in live
            .versions
            .iter()
            .filter(|version| version.guidance == Guidance::Default)
        {
            assert_eq!(
                version.actions.len(),
                usize::from(notebook),
                "after a kill at {k}"
            );
        }
    }
    world.server.clear_calls();
    assert_eq!(world.publish(desired).await.unwrap().steps(), 0);
    assert!(world.changes().is_empty());
    true
}

async fn undisturbed(before: Option<&Desired>, desired: &Desired) -> Vec<String> {
    let world = World::new(Faults::default());
    if let Some(before) = before {
        world.publish(before).await.unwrap();
    }
    world.publish(desired).await.unwrap();
    world.summary(desired).await
}

async fn all_k(before: Option<&Desired>, desired: &Desired) -> u64 {
    let expected = undisturbed(before, desired).await;
    for k in 1.. {
        if !killed_at(k, before, desired, &expected).await {
            return k - 1;
        }
    }
    0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_publish_killed_at_any_change_ends_as_if_undisturbed() {
    let changes = all_k(None, &catalog(&["v1.0.0"])).await;
    assert!(changes >= 11, "{changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_killed_at_any_change_ends_as_if_undisturbed() {
    let before = catalog(&["v1.0.0"]);
    let changes = all_k(Some(&before), &catalog(&["v1.0.0", "v1.1.0"])).await;
    assert!(changes >= 11, "{changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_asked_to_stop_finishes_what_it_has_in_hand_and_says_where_it_stands() {
    let world = World::new(Faults {
        latency_ms: 2,
        ..Faults::default()
    });
    let desired = catalog(&["v1.0.0"]);
    let stop = AtomicBool::new(false);
    let asked = async {
        while !world.changes().iter().any(|call| call == "CreateProduct") {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        stop.store(true, Ordering::SeqCst);
    };
    let (end, ()) = tokio::join!(world.publish_until(&desired, &stop), asked);
    let failure = end.unwrap_err();
    let text = failure.to_string();
    assert!(text.contains("stopped, as asked"), "{text}");
    assert!(text.contains("steps were not begun"), "{text}");
    assert!(text.contains("goes on from there"), "{text}");
    assert_eq!(failure.exit, Exit::Refused);
    // The lock is given back: anybody can go on.
    world
        .publish_from("other", &desired, None, false)
        .await
        .unwrap();
    assert!(world.plan(&desired).await.is_empty());
}
