//! Each kind of drift, made behind the catalog's back: `status` finds it, `plan` mends or reports it.

mod kind;
mod state;
mod target;

use crate::checkout::Checkout;
use crate::world::World;
use kind::{Answer, KINDS};
use local_aws::Faults;
use target::Target;

/// Every kind of drift whose place in the table has this remainder.
async fn each_kind(part: usize) {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let base = World::new(Faults::default());
    base.publish(&desired).await.unwrap();
    let clean = checkout.run(base.server.endpoint(), &["status"]);
    assert_eq!(clean.code, Some(0), "{}", clean.out);
    let plan = checkout.run(base.server.endpoint(), &["plan", "--detailed-exit"]);
    assert_eq!(plan.code, Some(0), "{}", plan.out);

    for (kind, says, answer) in KINDS.iter().skip(part).step_by(PARTS) {
        let (edits, calls): (Vec<&str>, Vec<&str>) = kind
            .split(" + ")
            .partition(|one| state::edit(one).is_some());
        let mut world = base.twin();
        if !calls.is_empty() {
            let target = Target::of(&world, &desired).await;
            for one in calls {
                target.drift(one).await;
            }
        }
        for one in edits {
            world = world.edited(state::edit(one).unwrap());
        }
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
            "{kind}: {says} in {}{}",
            status.out,
            status.err
        );
        assert_eq!(status.code, Some(1), "{kind}");

        let (mends, reports) = match answer {
            Answer::Mends(step) => (Some(step), None),
            Answer::Reports(words) => (None, Some(words)),
            Answer::MendsAndReports(step, words) => (Some(step), Some(words)),
        };
        let plan = checkout.run(endpoint, &["plan", "--detailed-exit"]);
        assert_eq!(plan.code, Some(1), "{kind}: {}", plan.out);
        if let Some(words) = reports {
            assert!(plan.out.contains(words), "{kind}: {words} in {}", plan.out);
        }
        if let Some(step) = mends {
            let plan = checkout.run(endpoint, &["plan", "--format", "json"]).out;
            assert!(plan.contains(&format!("\"{step}")), "{kind}: {plan}");
            let _ = std::fs::remove_dir_all(checkout.path("target"));
            // Which reads the account again in the end: nothing is left to do.
            let publish = checkout.run(endpoint, &["publish"]);
            assert_eq!(publish.code, Some(0), "{kind}: {}", publish.err);
            let again = checkout.run(endpoint, &["plan", "--detailed-exit"]);
            let code = i32::from(reports.is_some());
            assert_eq!(again.code, Some(code), "{kind}: {}", again.out);
        }
        // The second run has nothing to do, whatever is left.
        world.server.clear_calls();
        let _ = std::fs::remove_dir_all(checkout.path("target"));
        checkout.run(endpoint, &["publish"]);
        if mends.is_some() || !plan.out.contains("blocker") {
            assert_eq!(world.changes(), Vec::<String>::new(), "{kind}");
        }
    }
}

/// In how many parts the table is taken.
const PARTS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_drift_is_found_and_mended_or_reported() {
    each_kind(0).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the first part is a sample; `scripts/nightly.sh faults` runs them all"]
async fn every_other_kind_of_drift_is_found_and_mended_or_reported() {
    for part in 1..PARTS {
        each_kind(part).await;
    }
}

/// The commands that a blocker's hint gives, carried out as they stand: the next publish makes all anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_stack_whose_portfolio_was_deleted_goes_and_comes_back_as_the_hint_says() {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let world = World::new(Faults::default());
    world.publish(&desired).await.unwrap();
    let target = Target::of(&world, &desired).await;
    target.drift("portfolio deleted").await;
    let plan = checkout.run(world.server.endpoint(), &["plan"]).out;
    let commands: Vec<&str> = plan
        .split('`')
        .filter_map(|part| part.strip_prefix("aws cloudformation delete-stack --stack-name "))
        .collect();
    assert_eq!(commands, ["lab-grants", "lab-research"], "{plan}");
    let stacks = world.session().await.stacks;
    for name in commands {
        stacks.delete_stack().stack_name(name).send().await.unwrap();
        while stacks
            .describe_stacks()
            .stack_name(name)
            .send()
            .await
            .is_ok()
        {}
    }
    for _ in 0..2 {
        let ran = checkout.run(world.server.endpoint(), &["publish"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let status = checkout.run(world.server.endpoint(), &["status"]);
    assert_eq!(status.code, Some(0), "{}", status.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn preflight_tells_a_role_of_a_stack_that_is_gone() {
    let checkout = Checkout::new();
    let base = World::new(Faults::default());
    base.publish(&checkout.desired("local")).await.unwrap();
    let said = |world: &World| checkout.run(world.server.endpoint(), &["preflight"]);
    assert_eq!(said(&base).code, Some(0));
    let world = base.edited(state::edit("role of the end users deleted").unwrap());
    let found = said(&world);
    assert_eq!(found.code, Some(1), "{}", found.out);
    let told =
        "role Researcher: the stack lab-researchers has made it, and somebody has deleted it";
    assert!(found.out.contains(told), "{}", found.out);
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
        ", which the stack lab-grants gives it, was taken off",
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
