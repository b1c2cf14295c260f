//! Service Catalog through the SDK: how products, versions and what hangs on
//! them behave.

use crate::local::product::{ids, product, version};
use crate::local::{TOPIC, start, start_with};
use aws_sdk_servicecatalog::error::ProvideErrorMetadata;
use aws_sdk_servicecatalog::types::{
    ProductType, ProvisioningArtifactGuidance, ProvisioningArtifactProperties,
    ProvisioningArtifactType, Status,
};

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

#[tokio::test]
async fn a_product_of_an_engine_takes_archives_and_what_an_engine_can_do() {
    let local = start();
    let url = local.template("one.tar.gz", "no template").await;
    let catalog = local.catalog();
    let create = |kind: ProductType, of_version: ProvisioningArtifactType| {
        let version = ProvisioningArtifactProperties::builder()
            .name("v1.0.0")
            .info("LoadTemplateFromURL", &url)
            .r#type(of_version);
        catalog
            .create_product()
            .name("Engine's")
            .owner("Compute")
            .product_type(kind)
            .provisioning_artifact_parameters(version.build())
            .idempotency_token("made")
            .send()
    };
    use ProvisioningArtifactType::{CloudFormationTemplate, External};
    // None of these is made: of a type that is no more, of two types, of a body that is no template.
    let old = ProductType::TerraformOpenSource;
    for (kind, of_version) in [
        (old, External),
        (ProductType::External, CloudFormationTemplate),
        (ProductType::CloudFormationTemplate, CloudFormationTemplate),
    ] {
        let refused = create(kind, of_version).await.unwrap_err();
        assert_eq!(refused.code(), Some("InvalidParametersException"));
    }
    let made = create(ProductType::External, External).await.unwrap();
    let (product, version) = ids(&made);
    let view = made.product_view_detail().unwrap();
    let summary = view.product_view_summary().unwrap();
    assert_eq!(summary.r#type(), Some(&ProductType::External));

    let portfolio = catalog
        .create_portfolio()
        .display_name("All")
        .provider_name("Compute")
        .idempotency_token("p")
        .send()
        .await
        .unwrap();
    let portfolio = portfolio.portfolio_detail().unwrap().id().unwrap();
    let placed = catalog.associate_product_with_portfolio();
    let placed = placed.product_id(&product).portfolio_id(portfolio);
    placed.send().await.unwrap();
    let constraint = |kind: &str, parameters: &str| {
        catalog
            .create_constraint()
            .portfolio_id(portfolio)
            .product_id(&product)
            .r#type(kind)
            .parameters(parameters)
            .idempotency_token(kind)
            .send()
    };
    let rules = r#"{"Rules": {"One": {"Assertions": []}}}"#;
    let refused = constraint("TEMPLATE", rules).await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParametersException"));

    let launch = || {
        catalog
            .provision_product()
            .product_id(&product)
            .provisioning_artifact_id(&version)
            .provisioned_product_name("one")
            .provision_token("t")
            .send()
    };
    let why = launch().await.unwrap_err();
    assert!(
        why.message()
            .unwrap()
            .contains("by a launch constraint only"),
        "{why:?}"
    );
    let role = r#"{"RoleArn": "arn:aws:iam::123456789012:role/launch"}"#;
    constraint("LAUNCH", role).await.unwrap();
    let why = launch().await.unwrap_err();
    assert!(why.message().unwrap().contains("has no engine"), "{why:?}");
}
