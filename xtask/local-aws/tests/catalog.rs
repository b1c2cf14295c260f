//! Service Catalog through the SDK: how products, versions and what hangs on
//! them behave.

mod local;

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::ProvideErrorMetadata;
use aws_sdk_servicecatalog::operation::create_product::CreateProductOutput;
use aws_sdk_servicecatalog::types::{
    PrincipalType, ProductType, ProvisioningArtifactGuidance, ProvisioningArtifactProperties,
    ProvisioningArtifactType, ServiceActionAssociation, ServiceActionDefinitionKey,
    ServiceActionDefinitionType, Status,
};
use local::{Local, TOPIC, start, start_with};
use local_aws::Faults;

fn version(name: &str, url: &str) -> ProvisioningArtifactProperties {
    ProvisioningArtifactProperties::builder()
        .name(name)
        .info("LoadTemplateFromURL", url)
        .r#type(ProvisioningArtifactType::CloudFormationTemplate)
        .build()
}

async fn product(catalog: &Client, name: &str, url: &str, token: &str) -> CreateProductOutput {
    catalog
        .create_product()
        .name(name)
        .owner("Compute")
        .product_type(ProductType::CloudFormationTemplate)
        .provisioning_artifact_parameters(version("v1.0.0", url))
        .idempotency_token(token)
        .send()
        .await
        .unwrap()
}

fn ids(made: &CreateProductOutput) -> (String, String) {
    let view = made.product_view_detail().unwrap();
    let product = view.product_view_summary().unwrap().product_id().unwrap();
    let version = made.provisioning_artifact_detail().unwrap().id().unwrap();
    (product.to_owned(), version.to_owned())
}

#[tokio::test]
async fn a_new_version_is_not_found_then_in_progress_then_available() {
    let local = start_with(|config| {
        config.delays.unseen = 2;
        config.delays.pending = 1;
    });
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, version) = ids(&product(&catalog, "Bucket", &url, "a").await);
    let look = || catalog.describe_product_as_admin().id(&product).send();
    for _ in 0..2 {
        let unseen = look().await.unwrap_err();
        assert!(
            unseen
                .into_service_error()
                .is_resource_not_found_exception()
        );
    }
    let status = |answer: Status| answer;
    let view = look().await.unwrap().product_view_detail.unwrap();
    assert_eq!(status(view.status.unwrap()), Status::Creating);
    let view = look().await.unwrap().product_view_detail.unwrap();
    assert_eq!(status(view.status.unwrap()), Status::Available);

    let look = || {
        catalog
            .describe_provisioning_artifact()
            .product_id(&product)
            .provisioning_artifact_id(&version)
            .send()
    };
    for _ in 0..2 {
        assert_eq!(
            look().await.unwrap_err().code(),
            Some("ResourceNotFoundException")
        );
    }
    assert_eq!(look().await.unwrap().status, Some(Status::Creating));
    assert_eq!(look().await.unwrap().status, Some(Status::Available));
}

#[tokio::test]
async fn the_body_of_a_version_is_frozen() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, version) = ids(&product(&catalog, "Bucket", &url, "a").await);
    local
        .template("t.yaml", "Resources: {A: {Type: 'AWS::SNS::Topic'}}")
        .await;
    let described = catalog
        .describe_provisioning_artifact()
        .product_id(&product)
        .provisioning_artifact_id(&version)
        .include_provisioning_artifact_parameters(true)
        .send()
        .await
        .unwrap();
    let parameter = &described.provisioning_artifact_parameters()[0];
    assert_eq!(parameter.parameter_key(), Some("Name"));
    assert_eq!(parameter.default_value(), Some("a"));
    let url = &described.info().unwrap()["TemplateUrl"];
    let rest = url.strip_prefix(local.server.endpoint()).unwrap();
    let (bucket, key) = rest.trim_start_matches('/').split_once('/').unwrap();
    let got = local
        .s3()
        .get_object()
        .bucket(bucket)
        .key(key)
        .send()
        .await
        .unwrap();
    assert_eq!(got.body.collect().await.unwrap().to_vec(), TOPIC.as_bytes());
}

#[tokio::test]
async fn versions_change_only_in_what_is_mutable() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    let (product, first) = ids(&product(&catalog, "Bucket", &url, "a").await);
    let create = |name: &str, url: &str, token: &str| {
        catalog
            .create_provisioning_artifact()
            .product_id(&product)
            .parameters(version(name, url))
            .idempotency_token(token)
            .send()
    };
    // Names aren't unique; a token makes a repeat harmless, and is bound to its input.
    let one = create("v2.0.0", &url, "t1").await.unwrap();
    let again = create("v2.0.0", &url, "t1").await.unwrap();
    assert_eq!(
        one.provisioning_artifact_detail,
        again.provisioning_artifact_detail
    );
    create("v2.0.0", &url, "t2").await.unwrap();
    let other = create("v3.0.0", &url, "t1").await.unwrap_err();
    assert!(other.into_service_error().is_invalid_parameters_exception());
    let listed = catalog
        .list_provisioning_artifacts()
        .product_id(&product)
        .send();
    let names: Vec<String> = listed
        .await
        .unwrap()
        .provisioning_artifact_details
        .unwrap()
        .into_iter()
        .filter_map(|detail| detail.name)
        .collect();
    assert_eq!(names, ["v1.0.0", "v2.0.0", "v2.0.0"]);

    for (name, url, reason) in [
        ("v 3", url.as_str(), "blanks"),
        (
            "v3",
            "https://templates.s3.amazonaws.com/absent.yaml",
            "absent.yaml",
        ),
        ("v3", "https://example.com/t.yaml", "not the URL"),
    ] {
        let bad = create(name, url, "t3").await.unwrap_err();
        assert_eq!(bad.code(), Some("InvalidParametersException"));
        assert!(bad.message().unwrap().contains(reason), "{bad:?}");
    }
    let broken = local.template("bad.yaml", "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Ref Nothing\n").await;
    let bad = create("v3", &broken, "t4").await.unwrap_err();
    assert!(bad.message().unwrap().contains("Nothing"), "{bad:?}");

    let second = one.provisioning_artifact_detail.unwrap().id.unwrap();
    let updated = catalog
        .update_provisioning_artifact()
        .product_id(&product)
        .provisioning_artifact_id(&second)
        .guidance(ProvisioningArtifactGuidance::Deprecated)
        .active(false)
        .send()
        .await
        .unwrap();
    let detail = updated.provisioning_artifact_detail().unwrap();
    assert_eq!(
        detail.guidance(),
        Some(&ProvisioningArtifactGuidance::Deprecated)
    );
    assert_eq!(detail.active(), Some(false));
    let remove = |id: String| {
        catalog
            .delete_provisioning_artifact()
            .product_id(&product)
            .provisioning_artifact_id(id)
            .send()
    };
    let listed = catalog
        .list_provisioning_artifacts()
        .product_id(&product)
        .send()
        .await
        .unwrap();
    for detail in listed.provisioning_artifact_details() {
        if detail.id() != Some(&first) {
            remove(detail.id().unwrap().to_owned()).await.unwrap();
        }
    }
    let last = remove(first).await.unwrap_err();
    assert!(last.into_service_error().is_resource_in_use_exception());
}

#[tokio::test]
async fn search_pages_by_twenty_and_matches_words() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let catalog = local.catalog();
    for number in 0..25 {
        product(
            &catalog,
            &format!("Bucket {number}"),
            &url,
            &format!("t{number}"),
        )
        .await;
    }
    let first = catalog.search_products_as_admin().send().await.unwrap();
    assert_eq!(first.product_view_details().len(), 20);
    let rest = catalog
        .search_products_as_admin()
        .page_token(first.next_page_token().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(
        (rest.product_view_details().len(), rest.next_page_token()),
        (5, None)
    );
    let too_many = catalog
        .search_products_as_admin()
        .page_size(21)
        .send()
        .await
        .unwrap_err();
    assert_eq!(too_many.code(), Some("ValidationException"));
    let found = catalog
        .search_products_as_admin()
        .filters(
            aws_sdk_servicecatalog::types::ProductViewFilterBy::FullTextSearch,
            vec!["bucket 2".to_owned()],
        )
        .send()
        .await
        .unwrap();
    // "Bucket 2" and "Bucket 20" to "Bucket 24": a search is no lookup by name.
    assert_eq!(found.product_view_details().len(), 6);
}

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
async fn tag_options_are_fixed_unique_and_limited() {
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
    let changed = catalog
        .update_tag_option()
        .id(&first)
        .value("b")
        .send()
        .await
        .unwrap_err();
    assert!(
        changed
            .into_service_error()
            .is_invalid_parameters_exception()
    );
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

#[tokio::test]
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
    provision("one").await.unwrap();
    provision("two").await.unwrap();
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
    catalog
        .terminate_provisioned_product()
        .provisioned_product_name("one")
        .terminate_token("x")
        .send()
        .await
        .unwrap();
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

#[tokio::test]
async fn unknown_operations_and_parameters_are_refused_by_name() {
    let local = start();
    let catalog = local.catalog();
    let unknown = catalog
        .list_budgets_for_resource()
        .resource_id("x")
        .send()
        .await
        .unwrap_err();
    assert_eq!(unknown.code(), Some("UnknownOperationException"));
    assert!(
        unknown
            .message()
            .unwrap()
            .contains("ListBudgetsForResource")
    );
    let parameter = catalog
        .describe_product_as_admin()
        .id("prod-x")
        .source_portfolio_id("port-x")
        .send()
        .await
        .unwrap_err();
    assert_eq!(parameter.code(), Some("ValidationException"));
    assert!(parameter.message().unwrap().contains("SourcePortfolioId"));
}
