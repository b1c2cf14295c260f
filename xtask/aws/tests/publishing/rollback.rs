//! Going back to the version before, and single versions that nobody should get any more.

use crate::small_catalog::{catalog, key, version};
use crate::world::World;
use compute_catalog::publish::{Desired, Guidance, Request, current};
use local_aws::Faults;
use publisher::{CommandError, End};

async fn go(world: &World, desired: &Desired, request: Request) -> Result<End, CommandError> {
    world.run("checkout", desired, None, false, request).await
}

fn rollback() -> Request {
    Request::Rollback(key("notebook"))
}

fn undo() -> Request {
    Request::UndoRollback(key("notebook"))
}

/// The version that people get, which is the only one that is open.
async fn now(world: &World, desired: &Desired) -> String {
    let observed = world.observe(desired).await;
    let name = current(desired, &observed, &key("notebook"))
        .unwrap()
        .to_string();
    let live = observed
        .products
        .values()
        .find(|live| live.tagged_as(&key("notebook")))
        .unwrap();
    let open: Vec<&str> = live
        .versions
        .iter()
        .filter(|version| version.active && version.guidance == Guidance::Default)
        .map(|version| version.name.as_str())
        .collect();
    assert_eq!(open, [name.as_str()]);
    name
}

/// An account to which each of these was published in turn.
async fn published(versions: &[&str]) -> (World, Desired) {
    let world = World::new(Faults::default());
    for count in 1..=versions.len() {
        world.publish(&catalog(&versions[..count])).await.unwrap();
    }
    (world, catalog(versions))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_before_is_offered_again_and_stays_so() {
    let (world, desired) = published(&["v1.0.0", "v1.1.0"]).await;
    go(&world, &desired, rollback()).await.unwrap();
    assert_eq!(now(&world, &desired).await, "v1.0.0");

    // A publish doesn't open the withdrawn version again; a newer one takes its place.
    assert_eq!(world.publish(&desired).await.unwrap().steps(), 0);
    let newer = catalog(&["v1.0.0", "v1.1.0", "v1.2.0"]);
    world.publish(&newer).await.unwrap();
    assert_eq!(now(&world, &newer).await, "v1.2.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_for_again_there_is_nothing_to_do() {
    let (world, desired) = published(&["v1.0.0", "v1.1.0", "v1.2.0"]).await;
    go(&world, &desired, rollback()).await.unwrap();
    for checkout in ["checkout", "another"] {
        world.server.clear_calls();
        let end = world.run(checkout, &desired, None, false, rollback());
        assert_eq!(end.await.unwrap().steps(), 0);
        assert_eq!(world.changes(), Vec::<String>::new());
        assert_eq!(now(&world, &desired).await, "v1.1.0");
    }
    let alone = published(&["v1.0.0"]).await;
    let failure = go(&alone.0, &alone.1, rollback()).await.unwrap_err();
    assert!(
        failure.to_string().contains("no earlier version"),
        "{failure}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_the_account_never_had_is_not_opened_for_want_of_a_better_one() {
    let world = World::new(Faults::default());
    for live in [
        &["v2.0.0"][..],
        &["v2.0.0", "v2.1.0"],
        &["v2.0.0", "v2.1.0", "v3.0.1"],
    ] {
        world.publish(&catalog(live)).await.unwrap();
    }
    let desired = catalog(&["v2.0.0", "v2.1.0", "v3.0.0", "v3.0.1"]);
    go(&world, &desired, rollback()).await.unwrap();
    assert_eq!(now(&world, &desired).await, "v2.1.0");
    world.publish(&desired).await.unwrap();
    assert_eq!(now(&world, &desired).await, "v2.1.0");
    for live in world.observe(&desired).await.products.values() {
        assert!(!live.versions.iter().any(|one| one.name == "v3.0.0"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_can_be_undone() {
    let (world, desired) = published(&["v1.0.0", "v1.1.0"]).await;
    let before = world.summary(&desired).await;
    go(&world, &desired, rollback()).await.unwrap();
    go(&world, &desired, undo()).await.unwrap();
    assert_eq!(world.summary(&desired).await, before);
    assert_eq!(go(&world, &desired, undo()).await.unwrap().steps(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_version_is_hidden_by_name_and_opened_again() {
    let (world, desired) = published(&["v1.0.0", "v1.1.0"]).await;
    let before = world.summary(&desired).await;
    let withdraw = |name: &str, reason: &str| Request::Withdraw {
        product: key("notebook"),
        version: version(name),
        reason: reason.to_owned(),
    };
    for (name, reason, told) in [
        ("v9.9.9", "why", "no such version"),
        ("v1.1.0", "", "can't be kept"),
        ("v1.1.0", "no {braces}", "can't be kept"),
    ] {
        let failure = go(&world, &desired, withdraw(name, reason))
            .await
            .unwrap_err();
        assert!(failure.to_string().contains(told), "{failure}");
    }
    assert_eq!(world.summary(&desired).await, before);

    go(
        &world,
        &desired,
        withdraw("v1.1.0", "loses the home folder"),
    )
    .await
    .unwrap();
    assert_eq!(now(&world, &desired).await, "v1.0.0");
    let observed = world.observe(&desired).await;
    let live = observed
        .products
        .values()
        .find(|one| one.tagged_as(&key("notebook")));
    let hidden = live
        .unwrap()
        .versions
        .iter()
        .find(|one| one.name == "v1.1.0");
    assert!(!hidden.unwrap().active);
    let reasons = live.unwrap().withdrawn();
    assert_eq!(reasons[&version("v1.1.0")], "loses the home folder");
    assert_eq!(world.publish(&desired).await.unwrap().steps(), 0);

    let undo = Request::UndoWithdraw {
        product: key("notebook"),
        version: version("v1.1.0"),
    };
    go(&world, &desired, undo).await.unwrap();
    assert_eq!(world.summary(&desired).await, before);
}

/// Cuts a rollback off at each change, does something, and looks what people get.
async fn cut_off_at_any_change(what_next: impl Fn() -> Request) {
    for k in 1.. {
        let (world, desired) = published(&["v1.0.0", "v1.1.0", "v1.2.0"]).await;
        world.server.set_faults(Faults {
            stop_after_change: Some(k),
            ..Faults::default()
        });
        let was_killed = tokio::select! {
            biased;
            () = world.halted() => true,
            end = go(&world, &desired, rollback()) => {
                end.unwrap();
                false
            }
        };
        if !was_killed {
            assert!(k > 4, "{k}");
            break;
        }
        world.server.resume();
        go(&world, &desired, what_next()).await.unwrap();
        assert_eq!(now(&world, &desired).await, "v1.1.0", "after a kill at {k}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_killed_at_any_change_is_finished_not_repeated() {
    cut_off_at_any_change(rollback).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes most of a minute; scripts/nightly.sh runs it"]
async fn a_publish_after_a_rollback_that_was_cut_off_keeps_what_was_asked_for() {
    cut_off_at_any_change(|| Request::Publish(Default::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_checkout_never_decides_what_people_get() {
    let (world, desired) = published(&["v1.0.0", "v1.1.0"]).await;
    let before = world.summary(&desired).await;
    let older = catalog(&["v1.0.0"]);
    for request in [rollback(), Request::Publish(Default::default())] {
        let failure = world
            .run("older", &older, None, false, request)
            .await
            .unwrap_err()
            .to_string();
        let told = failure.contains("released from another revision")
            || failure.contains("no earlier version");
        assert!(told, "{failure}");
    }
    assert_eq!(world.summary(&desired).await, before);
}
