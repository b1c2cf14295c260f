//! The real program, killed by the system or asked to stop from the keyboard.

use crate::checkout::{Checkout, Ran};
use crate::launchable::none_is_launchable_without_its_actions;
use crate::world::{MEMBERS, World};
use compute_catalog::publish::{Desired, Guidance};
use local_aws::Faults;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where a process meets its end.
#[derive(Clone, Copy, Debug)]
enum At {
    /// Change `k` arrives and has no effect.
    Before(u64),
    /// Change `k` has its effect and no answer.
    After(u64),
}

impl At {
    fn faults(self) -> Faults {
        match self {
            At::Before(k) => Faults {
                stop_before_change: Some(k),
                ..Faults::default()
            },
            At::After(k) => Faults {
                stop_after_change: Some(k),
                ..Faults::default()
            },
        }
    }
}

/// A repository before a publish, and the account as that publish leaves it undisturbed.
struct Case {
    checkout: Checkout,
    /// The account before the publish.
    before: World,
    desired: Desired,
    expected: Vec<String>,
}

impl Case {
    async fn new(is_upgrade: bool) -> Case {
        let before = World::new(Faults::default());
        let checkout = if is_upgrade {
            Checkout::new()
        } else {
            let checkout = Checkout::with_recipients();
            checkout.seed_local(&before, &MEMBERS).await;
            checkout
        };
        if is_upgrade {
            before.publish(&checkout.desired("local")).await.unwrap();
            checkout.release("v2.1.0");
        }
        let desired = checkout.desired("local");
        let mut case = Case {
            checkout,
            before,
            desired,
            expected: Vec::new(),
        };
        let world = case.world();
        let ran = case.run(&world);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        case.expected = world.summary(&case.desired).await;
        case
    }

    /// Another account, as it is before the publish.
    fn world(&self) -> World {
        let world = self.before.twin();
        // Receipts are of the account that was there before.
        let _ = std::fs::remove_dir_all(self.checkout.path("target"));
        world
    }

    fn run(&self, world: &World) -> Ran {
        self.checkout.run(world.server.endpoint(), &["publish"])
    }

    /// Answers whether there was such a change.
    async fn killed(&self, at: At) -> bool {
        let world = self.world();
        world.server.set_faults(at.faults());
        let mut child = self
            .checkout
            .publisher(world.server.endpoint(), &["publish"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !world.server.is_halted() {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "undisturbed at {at:?}: {status}");
                return false;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // SIGKILL: nothing of the process runs after it.
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "{at:?}");
        let receipt = self.checkout.path("target/publish/local/receipt.json");
        let when = format!("at a kill {at:?}");
        none_is_launchable_without_its_actions(&world, &self.desired, &receipt, &when);
        world.server.resume();

        let again = self.run(&world);
        assert_eq!(again.code, Some(0), "after a kill {at:?}: {}", again.err);
        let summary = world.summary(&self.desired).await;
        assert_eq!(summary, self.expected, "after a kill {at:?}");
        let observed = world.observe(&self.desired).await;
        for product in &self.desired.products {
            let live = observed
                .products
                .values()
                .find(|live| live.tagged_as(&product.key));
            for version in live.into_iter().flat_map(|live| &live.versions) {
                let lacks = version.actions.len() < product.actions.len();
                assert!(
                    version.guidance != Guidance::Default || !lacks,
                    "{} {} after a kill {at:?}",
                    product.key,
                    version.name
                );
            }
        }
        true
    }

    /// Kills at every so many changes, the first included; how many kills there were.
    async fn every(&self, step: usize, at: fn(u64) -> At) -> usize {
        for (count, k) in (1..).step_by(step).enumerate() {
            if !self.killed(at(k)).await {
                return count;
            }
        }
        0
    }
}

/// A sample: `kill` cuts the engine off at every change, without a program around it.
const SAMPLED: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_publish_survives_a_kill_after_some_of_its_changes() {
    let kills = Case::new(false).await.every(SAMPLED, At::After).await;
    assert!(kills >= 3, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_survives_a_kill_before_some_of_its_changes() {
    let kills = Case::new(true).await.every(SAMPLED, At::Before).await;
    assert!(kills >= 2, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; scripts/nightly.sh runs it"]
async fn a_first_publish_survives_a_kill_after_every_change() {
    let kills = Case::new(false).await.every(1, At::After).await;
    assert!(kills >= 15, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; scripts/nightly.sh runs it"]
async fn an_upgrade_survives_a_kill_after_every_change() {
    let kills = Case::new(true).await.every(1, At::After).await;
    assert!(kills >= 10, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; scripts/nightly.sh runs it"]
async fn an_upgrade_survives_a_kill_before_every_change() {
    let kills = Case::new(true).await.every(1, At::Before).await;
    assert!(kills >= 10, "{kills}");
}

/// What ^C sends.
fn interrupt(child: &Child) {
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_lets_the_step_in_hand_finish_and_says_where_the_run_stands() {
    let case = Case::new(false).await;
    let world = case.world();
    // Change 5 is held while the interrupt comes in.
    world.server.set_faults(At::Before(5).faults());
    let child = case
        .checkout
        .publisher(world.server.endpoint(), &["publish"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    world.halted().await;
    interrupt(&child);
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.server.resume();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for words in [
        "Stopping after the steps in hand",
        "stopped, as asked",
        "steps were not begun",
        "receipt.json says what is done",
        "`cargo xtask publish --env local` goes on from there",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    let receipt =
        std::fs::read_to_string(case.checkout.path("target/publish/local/receipt.json")).unwrap();
    assert!(receipt.contains("\"outcome\": \"done\""), "{receipt}");
    assert!(!receipt.contains("failed"), "{receipt}");

    let again = case.run(&world);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(again.err.contains("going on from there"), "{}", again.err);
    assert_eq!(world.summary(&case.desired).await, case.expected);
}
