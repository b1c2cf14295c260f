//! Each kind of drift, made behind the catalog's back: `status` finds it, `plan` mends or reports it.

mod kind;
mod target;

use crate::checkout::Checkout;
use crate::world::World;
use kind::{Answer, KINDS};
use local_aws::Faults;
use target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_drift_is_found_by_status_and_mended_or_reported_by_plan() {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let base = World::new(Faults::default());
    base.publish(&desired).await.unwrap();
    let clean = checkout.run(base.server.endpoint(), &["status"]);
    assert_eq!(clean.code, Some(0), "{}", clean.out);
    let plan = checkout.run(base.server.endpoint(), &["plan"]);
    assert!(!plan.out.contains("it stays as it is"), "{}", plan.out);

    for (kind, says, answer) in KINDS {
        let world = base.twin();
        let target = Target::of(&world, &desired).await;
        target.drift(kind).await;
        let endpoint = world.server.endpoint();
        // Service Catalog shows some changes only after a few looks.
        let mut status = checkout.run(endpoint, &["status"]);
        for _ in 0..5 {
            if status.out.contains(says) {
                break;
            }
            status = checkout.run(endpoint, &["status"]);
        }
        assert!(
            status.out.contains(says),
            "{kind}: {says} in {}",
            status.out
        );
        assert_eq!(status.code, Some(1), "{kind}");

        match answer {
            Answer::Mends(step) => {
                let plan = checkout.run(endpoint, &["plan", "--format", "json"]).out;
                assert!(plan.contains(&format!("\"{step}\"")), "{kind}: {plan}");
                let _ = std::fs::remove_dir_all(checkout.path("target"));
                // Which reads the account again in the end: nothing is left to do.
                let publish = checkout.run(endpoint, &["publish"]);
                assert_eq!(publish.code, Some(0), "{kind}: {}", publish.err);
            }
            Answer::Reports(words) => {
                let plan = checkout.run(endpoint, &["plan"]).out;
                assert!(plan.contains(words), "{kind}: {words} in {plan}");
            }
        }
    }
}

/// As `docs/operating.md` has it under "Changed by hand".
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_off_a_portfolio_is_put_back_as_the_operating_guide_says() {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let world = World::new(Faults::default());
    world.publish(&desired).await.unwrap();
    let endpoint = world.server.endpoint();
    let target = Target::of(&world, &desired).await;
    let kinds = [
        "constraint deleted",
        "principal taken off",
        "tag option taken off",
    ];
    for kind in kinds {
        target.drift(kind).await;
    }
    let status = checkout.run(endpoint, &["status"]);
    for told in [
        "the constraint NotebookLaunchConstraint (cons-",
        "role/Researcher was taken off",
        ", which the stack lab-grants gives it, was taken off or switched off",
        "hint: `cargo xtask plan` tells what publishing mends; of the rest, docs/operating.md",
    ] {
        assert!(status.out.contains(told), "{told} in {}", status.out);
    }
    let publish = || {
        let ran = checkout.run(endpoint, &["publish"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    let left = publish();
    assert!(left.contains("docs/operating.md says"), "{left}");

    target.put_back_by_hand().await;
    let file = "portfolios/research.yaml";
    let product = "  - product: notebook\n    launch: { localRoleName: NotebookLaunch }\n    tagUpdate: notAllowed\n";
    for (from, to) in [(product, ""), ("products:\n", "products:\n@")] {
        checkout.replace(file, from, &to.replace('@', product));
        checkout.generate();
        publish();
    }
    let status = checkout.run(endpoint, &["status"]);
    assert_eq!(status.code, Some(0), "{}", status.out);
}
