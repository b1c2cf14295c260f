//! CloudFormation through the SDK: stacks that fail, exports in use, drift.

use crate::local::deploy::{PORTFOLIO, change, deploy, product_id, value};
use crate::local::start;
use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{ChangeSetStatus, StackStatus};
use local_aws::Faults;

#[tokio::test]
async fn a_failed_stack_leaves_nothing_and_says_why() {
    let local = start();
    let cloudformation = local.cloudformation();
    let absent = vec![value("ProductId", "prod-absent")];
    assert_eq!(
        deploy(&cloudformation, "storage", PORTFOLIO, absent).await,
        StackStatus::RollbackComplete
    );
    let portfolios = local.catalog().list_portfolios().send().await.unwrap();
    assert!(portfolios.portfolio_details().is_empty());
    let events = cloudformation
        .describe_stack_events()
        .stack_name("storage")
        .send()
        .await
        .unwrap();
    let failed = events
        .stack_events()
        .iter()
        .find(|event| {
            event
                .resource_status()
                .is_some_and(|status| status.as_str() == "CREATE_FAILED")
        })
        .unwrap();
    assert_eq!(failed.logical_resource_id(), Some("Association"));
    assert!(
        failed
            .resource_status_reason()
            .unwrap()
            .contains("prod-absent")
    );

    let product = product_id(&local).await;
    let given = vec![value("ProductId", &product)];
    cloudformation
        .delete_stack()
        .stack_name("storage")
        .send()
        .await
        .unwrap();
    deploy(&cloudformation, "storage", PORTFOLIO, given.clone()).await;
    local.server.set_faults(Faults {
        rolled_back_stacks: ["storage".to_owned()].into(),
        ..Faults::default()
    });
    let renamed = vec![value("ProductId", &product), value("Name", "Buckets")];
    assert_eq!(
        deploy(&cloudformation, "storage", PORTFOLIO, renamed).await,
        StackStatus::UpdateRollbackComplete
    );
    let portfolios = local.catalog().list_portfolios().send().await.unwrap();
    assert_eq!(
        portfolios.portfolio_details()[0].display_name(),
        Some("Storage")
    );
    local.server.set_faults(Faults {
        failed_change_sets: ["other".to_owned()].into(),
        ..Faults::default()
    });
    let failed = change(&cloudformation, "other", PORTFOLIO, given).await;
    assert_eq!(failed.status(), Some(&ChangeSetStatus::Failed));
}

const EXPORTER: &str = "Resources:\n  Key: {Type: 'AWS::KMS::Key', Properties: {Description: a}}\nOutputs:\n  Key: {Value: !GetAtt Key.Arn, Export: {Name: key}}\n";
const IMPORTER: &str = "Resources:\n  Parameter:\n    Type: AWS::SSM::Parameter\n    Properties: {Name: /key, Type: String, Value: !ImportValue key}\n";

#[tokio::test]
async fn an_export_in_use_stays() {
    let local = start();
    let cloudformation = local.cloudformation();
    assert_eq!(
        deploy(&cloudformation, "importer", IMPORTER, vec![]).await,
        StackStatus::RollbackComplete,
        "there is no such export yet"
    );
    cloudformation
        .delete_stack()
        .stack_name("importer")
        .send()
        .await
        .unwrap();
    deploy(&cloudformation, "exporter", EXPORTER, vec![]).await;
    deploy(&cloudformation, "importer", IMPORTER, vec![]).await;
    let users = cloudformation
        .list_imports()
        .export_name("key")
        .send()
        .await
        .unwrap();
    assert_eq!(users.imports(), ["importer"]);
    let kept = cloudformation
        .delete_stack()
        .stack_name("exporter")
        .send()
        .await
        .unwrap_err();
    assert!(
        kept.message().unwrap().contains("in use by importer"),
        "{kept:?}"
    );
    let without = "Resources:\n  Key: {Type: 'AWS::KMS::Key', Properties: {Description: a}}\n";
    assert_eq!(
        deploy(&cloudformation, "exporter", without, vec![]).await,
        StackStatus::UpdateRollbackComplete
    );
    let twice = deploy(&cloudformation, "second", EXPORTER, vec![]).await;
    assert_eq!(twice, StackStatus::RollbackComplete);
}

#[tokio::test]
async fn drift_is_found_where_it_was_made() {
    let local = start();
    let cloudformation = local.cloudformation();
    let product = product_id(&local).await;
    deploy(
        &cloudformation,
        "storage",
        PORTFOLIO,
        vec![value("ProductId", &product)],
    )
    .await;
    let drifted = || async {
        let started = cloudformation
            .detect_stack_drift()
            .stack_name("storage")
            .send()
            .await;
        let id = started.unwrap().stack_drift_detection_id.unwrap();
        let status = cloudformation
            .describe_stack_drift_detection_status()
            .stack_drift_detection_id(id)
            .send()
            .await
            .unwrap();
        status.drifted_stack_resource_count()
    };
    assert_eq!(drifted().await, Some(0));
    let catalog = local.catalog();
    let portfolio = catalog.list_portfolios().send().await.unwrap();
    let portfolio = portfolio.portfolio_details()[0].id().unwrap().to_owned();
    catalog
        .update_portfolio()
        .id(&portfolio)
        .display_name("Mine")
        .send()
        .await
        .unwrap();
    catalog
        .disassociate_principal_from_portfolio()
        .portfolio_id(&portfolio)
        .principal_arn("arn:aws:iam::123456789012:role/users")
        .send()
        .await
        .unwrap();
    assert_eq!(drifted().await, Some(2));
    let drifts = cloudformation
        .describe_stack_resource_drifts()
        .stack_name("storage")
        .send();
    let drifts = drifts.await.unwrap();
    let told: Vec<(&str, &str)> = drifts
        .stack_resource_drifts()
        .iter()
        .filter_map(|drift| {
            let status = drift.stack_resource_drift_status()?.as_str();
            Some((drift.logical_resource_id()?, status)).filter(|_| status != "IN_SYNC")
        })
        .collect();
    assert_eq!(told, [("Portfolio", "MODIFIED"), ("Principal", "DELETED")]);
}
