//! What hangs on products and versions: service actions, portfolios, constraints,
//! tag options, provisioned products.

use crate::local::product::{ids, product};
use crate::local::{Local, TOPIC, start};
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    PrincipalType, ServiceActionAssociation, ServiceActionDefinitionKey,
    ServiceActionDefinitionType,
};
use local_aws::Faults;

async fn action(catalog: &Client, name: &str) -> String {
    let made = catalog
        .create_service_action()
        .name(name)
        .definition_type(ServiceActionDefinitionType::SsmAutomation)
        .definition(ServiceActionDefinitionKey::Name, "AWS-StopEC2Instance")
        .definition(ServiceActionDefinitionKey::Version, "1")
        .definition(ServiceActionDefinitionKey::AssumeRole, "LAUNCH_ROLE")
        .idempotency_token(name)
        .send()
        .await
        .unwrap();
    let detail = made.service_action_detail.unwrap();
    detail.service_action_summary.unwrap().id.unwrap()
}

#[tokio::test]
async fn a_batch_of_actions_answers_per_item() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, version) = ids(&product(&catalog, "Bucket", &url, "a").await);
    let stop = action(&catalog, "Stop").await;
    let pair = |action: &str| {
        ServiceActionAssociation::builder()
            .service_action_id(action)
            .product_id(&product)
            .provisioning_artifact_id(&version)
            .build()
            .unwrap()
    };
    let batch = |actions: Vec<ServiceActionAssociation>| {
        catalog
            .batch_associate_service_action_with_provisioning_artifact()
            .set_service_action_associations(Some(actions))
            .send()
    };
    let answer = batch(vec![pair(&stop), pair("act-absent")]).await.unwrap();
    let failed = answer.failed_service_action_associations();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        failed[0].error_code().unwrap().as_str(),
        "RESOURCE_NOT_FOUND"
    );
    let again = batch(vec![pair(&stop)]).await.unwrap();
    let code = again.failed_service_action_associations()[0]
        .error_code()
        .unwrap();
    assert_eq!(code.as_str(), "DUPLICATE_RESOURCE");
    local.server.set_faults(Faults {
        item_failures: 1.0,
        ..Faults::default()
    });
    let restart = action(&catalog, "Restart").await;
    let answer = batch(vec![pair(&restart)]).await.unwrap();
    let code = answer.failed_service_action_associations()[0]
        .error_code()
        .unwrap();
    assert_eq!(code.as_str(), "THROTTLING");
    let listed = catalog
        .list_service_actions_for_provisioning_artifact()
        .product_id(&product)
        .provisioning_artifact_id(&version)
        .send()
        .await
        .unwrap();
    assert_eq!(listed.service_action_summaries()[0].name(), Some("Stop"));
    assert_eq!(listed.service_action_summaries().len(), 1);
    let used = catalog
        .delete_service_action()
        .id(&stop)
        .send()
        .await
        .unwrap_err();
    assert!(used.into_service_error().is_resource_in_use_exception());
}

async fn portfolio(local: &Local, name: &str) -> String {
    let made = local
        .catalog()
        .create_portfolio()
        .display_name(name)
        .provider_name("Compute")
        .idempotency_token(name)
        .send()
        .await
        .unwrap();
    made.portfolio_detail.unwrap().id.unwrap()
}

#[tokio::test]
async fn constraints_bind_an_associated_pair_once() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, _) = ids(&product(&catalog, "Bucket", &url, "a").await);
    let portfolio = portfolio(&local, "Storage").await;
    let constrain = |kind: &str, parameters: &str, token: &str| {
        catalog
            .create_constraint()
            .portfolio_id(&portfolio)
            .product_id(&product)
            .r#type(kind)
            .parameters(parameters)
            .idempotency_token(token)
            .send()
    };
    let role = r#"{"LocalRoleName": "launch"}"#;
    let early = constrain("LAUNCH", role, "c1").await.unwrap_err();
    assert!(early.into_service_error().is_resource_not_found_exception());
    catalog
        .associate_product_with_portfolio()
        .product_id(&product)
        .portfolio_id(&portfolio)
        .send()
        .await
        .unwrap();
    let both = r#"{"LocalRoleName": "a", "RoleArn": "arn:aws:iam::123456789012:role/a"}"#;
    let bad = constrain("LAUNCH", both, "c2").await.unwrap_err();
    assert!(bad.into_service_error().is_invalid_parameters_exception());
    let made = constrain("LAUNCH", role, "c3").await.unwrap();
    let second = constrain("LAUNCH", role, "c4").await.unwrap_err();
    assert!(
        second
            .into_service_error()
            .is_duplicate_resource_exception()
    );
    let stack_set = r#"{"Version": "2.0", "Properties": {"AccountList": ["111111111111"], "RegionList": ["us-east-1"], "AdminRole": "a", "ExecutionRole": "b"}}"#;
    let exclusive = constrain("STACKSET", stack_set, "c5").await.unwrap_err();
    assert!(
        exclusive
            .into_service_error()
            .is_invalid_parameters_exception()
    );
    let update =
        r#"{"Version": "2.0", "Properties": {"TagUpdateOnProvisionedProduct": "ALLOWED"}}"#;
    constrain("RESOURCE_UPDATE", update, "c6").await.unwrap();
    let bound = catalog
        .disassociate_product_from_portfolio()
        .product_id(&product)
        .portfolio_id(&portfolio)
        .send()
        .await
        .unwrap_err();
    assert!(bound.into_service_error().is_resource_in_use_exception());
    let detail = made.constraint_detail.unwrap();
    let id = detail.constraint_id.unwrap();
    let described = catalog.describe_constraint().id(id).send().await.unwrap();
    assert_eq!(described.constraint_parameters(), Some(role));
    let principal = "arn:aws:iam::123456789012:role/users";
    catalog
        .associate_principal_with_portfolio()
        .portfolio_id(&portfolio)
        .principal_arn(principal)
        .principal_type(PrincipalType::Iam)
        .send()
        .await
        .unwrap();
    let principals = catalog
        .list_principals_for_portfolio()
        .portfolio_id(&portfolio)
        .send();
    assert_eq!(
        principals.await.unwrap().principals()[0].principal_arn(),
        Some(principal)
    );
}

#[tokio::test]
async fn tag_options_are_unique_and_limited() {
    let local = start();
    let catalog = local.catalog();
    let portfolio = portfolio(&local, "Storage").await;
    let create = |value: String| {
        catalog
            .create_tag_option()
            .key("CostCenter")
            .value(value)
            .send()
    };
    let mut first = String::new();
    for number in 0..25 {
        let made = create(format!("Center {number}")).await.unwrap();
        let id = made.tag_option_detail.unwrap().id.unwrap();
        catalog
            .associate_tag_option_with_resource()
            .resource_id(&portfolio)
            .tag_option_id(&id)
            .send()
            .await
            .unwrap();
        first = id;
    }
    let repeat = create("Center 1".into()).await.unwrap_err();
    assert!(
        repeat
            .into_service_error()
            .is_duplicate_resource_exception()
    );
    let over = create("Center 26".into()).await.unwrap_err();
    assert!(over.into_service_error().is_limit_exceeded_exception());
    let set = |value: &str| {
        let call = catalog.update_tag_option().id(&first).value(value);
        call.send()
    };
    let twice = set("Center 1").await.unwrap_err();
    assert!(twice.into_service_error().is_duplicate_resource_exception());
    let changed = set("Center 26").await.unwrap().tag_option_detail.unwrap();
    assert_eq!(changed.value.as_deref(), Some("Center 26"));
    let off = catalog
        .update_tag_option()
        .id(&first)
        .active(false)
        .send()
        .await
        .unwrap();
    assert_eq!(off.tag_option_detail().unwrap().active(), Some(false));
    let described = catalog
        .describe_portfolio()
        .id(&portfolio)
        .send()
        .await
        .unwrap();
    assert_eq!(described.tag_options().len(), 25);
}

/// Waits until what a record asks for has been done, or has failed.
async fn ended(catalog: &aws_sdk_servicecatalog::Client, id: &str) {
    loop {
        let described = catalog.describe_record().id(id).send().await.unwrap();
        let detail = described.record_detail.unwrap();
        if matches!(detail.status().unwrap().as_str(), "SUCCEEDED" | "FAILED") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_on_a_version_can_be_counted() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, version) = ids(&product(&catalog, "Bucket", &url, "a").await);
    let portfolio = portfolio(&local, "Storage").await;
    let provision = |name: &str| {
        catalog
            .provision_product()
            .product_id(&product)
            .provisioning_artifact_id(&version)
            .provisioned_product_name(name)
            .provision_token(name)
            .send()
    };
    let no_path = provision("early").await.unwrap_err();
    assert!(
        no_path
            .into_service_error()
            .is_resource_not_found_exception()
    );
    catalog
        .associate_product_with_portfolio()
        .product_id(&product)
        .portfolio_id(&portfolio)
        .send()
        .await
        .unwrap();
    for name in ["one", "two"] {
        let record = provision(name).await.unwrap().record_detail.unwrap();
        ended(&catalog, record.record_id().unwrap()).await;
    }
    let scanned = catalog.scan_provisioned_products().send().await.unwrap();
    assert_eq!(scanned.provisioned_products().len(), 2);
    let found = catalog
        .search_provisioned_products()
        .filters(
            aws_sdk_servicecatalog::types::ProvisionedProductViewFilterBy::SearchQuery,
            vec![format!("provisioningArtifactId:{version}")],
        )
        .send()
        .await
        .unwrap();
    assert_eq!(found.total_results_count(), 2);
    let record = catalog
        .terminate_provisioned_product()
        .provisioned_product_name("one")
        .terminate_token("x")
        .send()
        .await
        .unwrap()
        .record_detail
        .unwrap();
    ended(&catalog, record.record_id().unwrap()).await;
    assert_eq!(
        catalog
            .scan_provisioned_products()
            .send()
            .await
            .unwrap()
            .provisioned_products()
            .len(),
        1
    );
}
