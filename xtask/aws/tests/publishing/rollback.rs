//! Going back to the version before.

use crate::small_catalog::{catalog, key};
use crate::world::World;
use compute_catalog::publish::{Desired, Guidance, current};
use local_aws::Faults;
use publisher::{CommandError, End, Goal};

async fn go(world: &World, desired: &Desired, goal: Goal<'_>) -> Result<End, CommandError> {
    world.run("checkout", desired, None, false, goal).await
}

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
        .filter(|version| version.guidance == Guidance::Default)
        .map(|version| version.name.as_str())
        .collect();
    assert_eq!(open, [name.as_str()]);
    name
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_before_is_offered_again_and_stays_so() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    world.publish(&desired).await.unwrap();
    let notebook = key("notebook");
    go(&world, &desired, Goal::Rollback(&notebook))
        .await
        .unwrap();
    assert_eq!(now(&world, &desired).await, "v1.0.0");

    // A publish doesn't open the withdrawn version again; a newer one takes its place.
    assert_eq!(world.publish(&desired).await.unwrap(), End::Nothing);
    let failure = go(&world, &desired, Goal::Rollback(&notebook))
        .await
        .unwrap_err();
    assert!(
        failure.to_string().contains("no earlier version"),
        "{failure}"
    );
    let newer = catalog(&["v1.0.0", "v1.1.0", "v1.2.0"]);
    world.publish(&newer).await.unwrap();
    assert_eq!(now(&world, &newer).await, "v1.2.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_can_be_undone() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    world.publish(&desired).await.unwrap();
    let before = world.summary(&desired).await;
    let notebook = key("notebook");
    go(&world, &desired, Goal::Rollback(&notebook))
        .await
        .unwrap();
    go(&world, &desired, Goal::UndoRollback(&notebook))
        .await
        .unwrap();
    assert_eq!(world.summary(&desired).await, before);
    let failure = go(&world, &desired, Goal::UndoRollback(&notebook))
        .await
        .unwrap_err();
    assert!(
        failure
            .to_string()
            .contains("no version of it is withdrawn"),
        "{failure}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_killed_at_any_change_is_finished_not_repeated() {
    let desired = catalog(&["v1.0.0", "v1.1.0", "v1.2.0"]);
    for k in 1.. {
        let world = World::new(Faults::default());
        world.publish(&catalog(&["v1.0.0"])).await.unwrap();
        world
            .publish(&catalog(&["v1.0.0", "v1.1.0"]))
            .await
            .unwrap();
        world.publish(&desired).await.unwrap();
        world.server.set_faults(Faults {
            stop_after_change: Some(k),
            ..Faults::default()
        });
        let notebook = key("notebook");
        let was_killed = tokio::select! {
            biased;
            () = world.halted() => true,
            end = go(&world, &desired, Goal::Rollback(&notebook)) => {
                end.unwrap();
                false
            }
        };
        if !was_killed {
            assert!(k > 4, "{k}");
            break;
        }
        world.server.resume();
        let is_only_locked = world.plan(&desired).await.is_empty();
        if is_only_locked && k > 1 {
            // Everything but giving the lock back was done.
            assert_eq!(now(&world, &desired).await, "v1.1.0", "after a kill at {k}");
            continue;
        }
        go(&world, &desired, Goal::Rollback(&notebook))
            .await
            .unwrap();
        assert_eq!(now(&world, &desired).await, "v1.1.0", "after a kill at {k}");
    }
}
