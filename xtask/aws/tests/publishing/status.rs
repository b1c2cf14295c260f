//! What is said of an account.

use crate::checkout::Checkout;
use crate::small_catalog::catalog;
use crate::world::World;
use compute_catalog::publish::{Status, lacks};
use local_aws::Faults;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_what_is_live_who_uses_it_and_what_has_drifted() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    world.publish(&desired).await.unwrap();
    let status = Status::of(&desired, &world.observe(&desired).await, &BTreeMap::new());
    assert_eq!(status.drift, Vec::<String>::new());
    let text = status.to_string();
    assert!(
        text.contains("v1.0.0     DEFAULT, released, 0 in use"),
        "{text}"
    );
    assert!(
        text.contains("example-foundation CREATE_COMPLETE"),
        "{text}"
    );
    assert!(text.contains("No drift"), "{text}");

    let newer = catalog(&["v1.0.0", "v1.1.0"]);
    let behind = Status::of(&newer, &world.observe(&newer).await, &BTreeMap::new());
    assert!(
        behind
            .drift
            .iter()
            .any(|line| line.contains("create notebook v1.1.0")),
        "{:?}",
        behind.drift
    );

    let other = World::new(Faults::default());
    other.publish(&newer).await.unwrap();
    let mut ahead = Status::of(&newer, &other.observe(&newer).await, &BTreeMap::new());
    ahead.environment = "develop".parse().unwrap();
    let lines: Vec<String> = lacks(&[behind, ahead])
        .into_iter()
        .map(|(who, product, version, other)| format!("{who} {product} {version} {other}"))
        .collect();
    assert!(
        lines.contains(&"local notebook v1.1.0 develop".to_owned()),
        "{lines:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_that_are_not_ours_are_shown_and_left_alone() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    world.publish(&desired).await.unwrap();
    let observed = world.observe(&desired).await;
    let live = observed.products.values().next().unwrap();
    let session = world.session().await;
    let object = &desired.find(&"bucket".parse().unwrap()).unwrap().versions[0].object;
    let url = format!("https://example-templates-123456789012.s3.us-east-1.amazonaws.com/{object}");
    let parameters = aws_sdk_servicecatalog::types::ProvisioningArtifactProperties::builder()
        .name("v0.9.0")
        .info("LoadTemplateFromURL", url)
        .build();
    session
        .catalog
        .create_provisioning_artifact()
        .product_id(&live.id)
        .parameters(parameters)
        .idempotency_token("theirs")
        .send()
        .await
        .unwrap();
    // Not there for the first looks.
    while world.observe(&desired).await.products[&live.id]
        .versions
        .len()
        < 2
    {}
    let observed = world.observe(&desired).await;
    assert!(world.plan(&desired).await.is_empty());
    let text = Status::of(&desired, &observed, &BTreeMap::new()).to_string();
    assert!(text.contains("v0.9.0     DEFAULT, not ours"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_whose_drift_nobody_can_tell_keeps_nobody_from_the_rest() {
    let checkout = Checkout::new();
    let world = World::new(Faults::default());
    world.publish(&checkout.desired("local")).await.unwrap();
    world.server.set_faults(Faults {
        denied: [("DetectStackDrift".to_owned(), String::new())].into(),
        ..Faults::default()
    });
    let status = checkout.run(world.server.endpoint(), &["status"]);
    assert_eq!(status.code, Some(1), "{}{}", status.out, status.err);
    for stack in ["lab-catalog", "lab-research", "lab-grants"] {
        let told = format!("stack {stack}: CloudFormation can't tell its drift: AccessDenied");
        assert!(status.out.contains(&told), "{told} in {}", status.out);
    }
    assert!(status.out.contains("v2.0.0     DEFAULT"), "{}", status.out);
}
