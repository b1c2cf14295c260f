//! How many calls a publish makes in an account that holds much of others.

use crate::timing::whole_catalog;
use crate::world::World;
use aws_sdk_servicecatalog::types::{ProductType, ProvisioningArtifactProperties};
use compute_catalog::publish::Desired;
use std::collections::BTreeMap;

/// Products that are none of ours.
const FOREIGN: usize = 300;

async fn add_foreign_products(world: &World) {
    let session = world.session().await;
    session
        .s3
        .create_bucket()
        .bucket("theirs")
        .send()
        .await
        .unwrap();
    let put = session.s3.put_object().bucket("theirs").key("one.yaml");
    let body = b"Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n".to_vec();
    put.body(body.into()).send().await.unwrap();
    for number in 0..FOREIGN {
        let version = ProvisioningArtifactProperties::builder()
            .name("v1")
            .info(
                "LoadTemplateFromURL",
                "https://theirs.s3.us-east-1.amazonaws.com/one.yaml",
            )
            .build();
        let create = session.catalog.create_product();
        create
            .name(format!("Theirs {number}"))
            .owner("somebody")
            .product_type(ProductType::CloudFormationTemplate)
            .provisioning_artifact_parameters(version)
            .idempotency_token(format!("theirs-{number}"))
            .send()
            .await
            .unwrap();
    }
}

/// The number of calls of one publish; the most frequent are printed.
async fn calls(world: &World, desired: &Desired, what: &str) -> usize {
    world.server.clear_calls();
    world.publish(desired).await.unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let calls = world.server.calls();
    for call in &calls {
        *counts.entry(call.operation.clone()).or_default() += 1;
    }
    let mut counts: Vec<(usize, String)> = counts
        .into_iter()
        .map(|(name, count)| (count, name))
        .collect();
    counts.sort();
    counts.reverse();
    println!("{what}: {} calls, {counts:?}", calls.len());
    calls.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_in_proportion_to_our_catalog_and_not_to_what_others_have() {
    let (world, desired) = whole_catalog().await;
    let first = calls(&world.twin(), &desired, "first, nothing of others").await;
    add_foreign_products(&world).await;
    let crowded = calls(&world, &desired, "first").await;
    let idle = calls(&world, &desired, "idle").await;
    // Others add the pages of the list, twenty products each, and nothing else.
    let pages = FOREIGN.div_ceil(20);
    assert!(crowded <= first + 12 * pages, "{crowded} and {first}");
    assert!(idle <= 200, "{idle}");
}
