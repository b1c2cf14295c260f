//! Another server behind this one: it gets everything but Service Catalog.

use crate::local::{TOPIC, deploy, product, start_with};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn all_but_service_catalog_is_handed_on() {
    // A product that one of them doesn't have is told from one that can't be seen yet.
    let upstream = start_with(|config| {
        config.delays.unseen = 0;
        config.delays.pending = 0;
    });
    let url = upstream.server.endpoint().to_owned();
    let front = start_with(|config| {
        config.delays.unseen = 0;
        config.upstream = Some(url);
    });
    // S3 and CloudFormation: made behind, seen through the front.
    let template = front.template("t.yaml", TOPIC).await;
    let buckets = |state: &Value| state["buckets"].as_object().unwrap().len();
    let behind = upstream.server.state().unwrap();
    assert!(behind["buckets"]["templates"].is_object());
    assert_eq!(buckets(&front.server.state().unwrap()), 0);
    let stacks = front.cloudformation();
    let body =
        "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: a}\n";
    let status = deploy::deploy(&stacks, "log", body, Vec::new()).await;
    assert_eq!(status.as_str(), "CREATE_COMPLETE");
    let listed = upstream
        .cloudformation()
        .describe_stacks()
        .stack_name("log")
        .send()
        .await;
    assert_eq!(listed.unwrap().stacks().len(), 1);
    // Service Catalog: made in front, with the template from behind.
    let made = product::product(&front.catalog(), "Product", &template, "a").await;
    let (id, _) = product::ids(&made);
    front
        .catalog()
        .describe_product_as_admin()
        .id(&id)
        .send()
        .await
        .unwrap();
    upstream
        .catalog()
        .describe_product_as_admin()
        .id(&id)
        .send()
        .await
        .unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_told() {
    let front = start_with(|config| config.upstream = Some("http://127.0.0.1:1".to_owned()));
    let error = front.s3().list_buckets().send().await.unwrap_err();
    let text = format!("{error:?}");
    assert!(
        text.contains("http://127.0.0.1:1 can't be reached"),
        "{text}"
    );
}
