//! An empty account.

use crate::small_catalog::catalog;
use crate::world::World;
use local_aws::Faults;

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_account_gets_everything_and_a_second_run_changes_nothing() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    let plan = world.plan(&desired).await;
    let ids: Vec<String> = plan.steps.iter().map(|step| step.id.to_string()).collect();
    assert_eq!(
        ids,
        [
            "deploy-stack/example-foundation",
            "upload-template/bucket/v1.0.0",
            "upload-template/notebook/v1.0.0",
            "create-product/bucket",
            "create-product/notebook",
            "associate-actions/notebook/v1.0.0",
            "deploy-stack/example-machines",
            "share/machines/210987654321",
        ]
    );
    assert_eq!(world.publish(&desired).await.unwrap().steps(), 8);
    let summary = world.summary(&desired).await;
    for line in ["products 2", "portfolios 1", "actions 1", "shares 1"] {
        assert!(
            summary.iter().any(|one| one == line),
            "{line}: {summary:#?}"
        );
    }
    let notebook = summary
        .iter()
        .find(|line| line.starts_with("version Example: notebook"));
    assert!(
        notebook.unwrap().contains("true DEFAULT Available Read("),
        "{notebook:?}"
    );
    assert!(notebook.unwrap().ends_with("actions 1"), "{notebook:?}");

    world.server.clear_calls();
    assert_eq!(world.publish(&desired).await.unwrap().steps(), 0);
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_stands_in_receipts_and_plans() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    let plan = compute_catalog::publish::PlanFile::from(&world.plan(&desired).await).to_text();
    world.publish(&desired).await.unwrap();
    let receipt = std::fs::read_to_string(world.receipts("checkout").join("receipt.json")).unwrap();
    for text in [plan, receipt] {
        let lower = text.to_lowercase();
        for word in [
            "secret",
            "token",
            "password",
            "accesskey",
            "access_key",
            "credential",
        ] {
            assert!(!lower.contains(word), "{word} in {text}");
        }
        assert!(!text.contains("AWSTemplateFormatVersion"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_that_no_call_can_hold_goes_by_the_bucket() {
    let world = World::new(Faults::default());
    let mut desired = catalog(&["v1.0.0"]);
    let line = "# why this stands here, at length\n";
    let template = &mut desired.stacks[1].template;
    *template = (template.to_string() + &line.repeat(60_000 / line.len())).into();
    world.publish(&desired).await.unwrap();
    let summary = world.summary(&desired).await;
    let objects = summary
        .iter()
        .find(|line| line.starts_with("objects"))
        .unwrap();
    assert!(objects.contains("stacks/example-machines-"), "{objects}");
    assert_eq!(world.publish(&desired).await.unwrap().steps(), 0);
}
