//! CloudFormation through the SDK: change sets and what they make.

mod local;

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, ExecutionStatus, Parameter, StackStatus,
};
use aws_sdk_cloudformation::{Client, operation::describe_change_set::DescribeChangeSetOutput};
use local::{Local, start, start_with};
use local_aws::Faults;

const PORTFOLIO: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  ProductId: {Type: String}
  Name: {Type: String, Default: Storage}
Conditions:
  IsHere: !Equals [!Ref "AWS::Region", us-east-1]
Resources:
  Portfolio:
    Type: AWS::ServiceCatalog::Portfolio
    Properties: {DisplayName: !Ref Name, ProviderName: Compute}
  Constraint:
    Type: AWS::ServiceCatalog::LaunchRoleConstraint
    DependsOn: Association
    Properties:
      PortfolioId: !Ref Portfolio
      ProductId: !Ref ProductId
      RoleArn: !GetAtt Role.Arn
  Association:
    Type: AWS::ServiceCatalog::PortfolioProductAssociation
    Properties: {PortfolioId: !Ref Portfolio, ProductId: !Ref ProductId}
  Principal:
    Type: AWS::ServiceCatalog::PortfolioPrincipalAssociation
    Properties:
      PortfolioId: !Ref Portfolio
      PrincipalARN: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/users"
      PrincipalType: IAM
  Role:
    Type: AWS::IAM::Role
    Condition: IsHere
    Properties:
      RoleName: launch
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
Outputs:
  Id:
    Value: !Ref Portfolio
    Export: {Name: !Sub "${AWS::Region}-${AWS::StackName}-PortfolioId"}
"#;

async fn product(local: &Local) -> String {
    use aws_sdk_servicecatalog::types::{ProductType, ProvisioningArtifactProperties};
    let url = local.template("t.yaml", local::TOPIC).await;
    let made = local
        .catalog()
        .create_product()
        .name("Bucket")
        .owner("Compute")
        .product_type(ProductType::CloudFormationTemplate)
        .provisioning_artifact_parameters(
            ProvisioningArtifactProperties::builder()
                .name("v1.0.0")
                .info("LoadTemplateFromURL", url)
                .build(),
        )
        .idempotency_token("a")
        .send()
        .await
        .unwrap();
    let view = made
        .product_view_detail
        .unwrap()
        .product_view_summary
        .unwrap();
    view.product_id.unwrap()
}

fn value(name: &str, value: &str) -> Parameter {
    Parameter::builder()
        .parameter_key(name)
        .parameter_value(value)
        .build()
}

/// Creates a change set and describes it.
async fn change(
    cloudformation: &Client,
    stack: &str,
    body: &str,
    parameters: Vec<Parameter>,
) -> DescribeChangeSetOutput {
    let exists = cloudformation
        .describe_stacks()
        .stack_name(stack)
        .send()
        .await
        .is_ok();
    let kind = if exists {
        ChangeSetType::Update
    } else {
        ChangeSetType::Create
    };
    let made = cloudformation
        .create_change_set()
        .stack_name(stack)
        .change_set_name("change")
        .change_set_type(kind)
        .template_body(body)
        .set_parameters(Some(parameters))
        .capabilities(Capability::CapabilityNamedIam)
        .send()
        .await
        .unwrap();
    cloudformation
        .describe_change_set()
        .change_set_name(made.id().unwrap())
        .send()
        .await
        .unwrap()
}

/// Makes a change set and executes it; the state that the stack comes to.
async fn deploy(
    cloudformation: &Client,
    stack: &str,
    body: &str,
    parameters: Vec<Parameter>,
) -> StackStatus {
    let change_set = change(cloudformation, stack, body, parameters).await;
    assert_eq!(
        change_set.status(),
        Some(&ChangeSetStatus::CreateComplete),
        "{:?}",
        change_set.status_reason()
    );
    cloudformation
        .execute_change_set()
        .change_set_name(change_set.change_set_id().unwrap())
        .send()
        .await
        .unwrap();
    status(cloudformation, stack).await
}

async fn status(cloudformation: &Client, stack: &str) -> StackStatus {
    let answer = cloudformation
        .describe_stacks()
        .stack_name(stack)
        .send()
        .await
        .unwrap();
    answer.stacks()[0].stack_status().unwrap().clone()
}

#[tokio::test]
async fn a_portfolio_stack_makes_the_portfolio() {
    let local = start();
    let cloudformation = local.cloudformation();
    let product = product(&local).await;
    let change_set = change(
        &cloudformation,
        "storage",
        PORTFOLIO,
        vec![value("ProductId", &product)],
    )
    .await;
    assert_eq!(change_set.changes().len(), 5);
    assert_eq!(
        change_set.execution_status(),
        Some(&ExecutionStatus::Available)
    );
    assert_eq!(
        status(&cloudformation, "storage").await,
        StackStatus::ReviewInProgress
    );
    cloudformation
        .execute_change_set()
        .stack_name("storage")
        .change_set_name("change")
        .send()
        .await
        .unwrap();
    assert_eq!(
        status(&cloudformation, "storage").await,
        StackStatus::CreateComplete
    );
    let exports = cloudformation.list_exports().send().await.unwrap();
    let export = &exports.exports()[0];
    assert_eq!(export.name(), Some("us-east-1-storage-PortfolioId"));
    let portfolio = export.value().unwrap();
    let catalog = local.catalog();
    let described = catalog
        .describe_portfolio()
        .id(portfolio)
        .send()
        .await
        .unwrap();
    assert_eq!(
        described.portfolio_detail().unwrap().display_name(),
        Some("Storage")
    );
    let constraints = catalog
        .list_constraints_for_portfolio()
        .portfolio_id(portfolio)
        .send();
    let id = constraints.await.unwrap().constraint_details()[0]
        .constraint_id()
        .unwrap()
        .to_owned();
    let constraint = catalog.describe_constraint().id(id).send().await.unwrap();
    assert!(
        constraint
            .constraint_parameters()
            .unwrap()
            .contains("role/launch")
    );
    let principals = catalog
        .list_principals_for_portfolio()
        .portfolio_id(portfolio)
        .send();
    assert_eq!(
        principals.await.unwrap().principals()[0].principal_arn(),
        Some("arn:aws:iam::123456789012:role/users")
    );
    let iam = aws_sdk_iam::Client::new(&local.settings("AKIALOCAL"));
    iam.get_role().role_name("launch").send().await.unwrap();

    // The same once more is no change, in CloudFormation's own words.
    let again = change(
        &cloudformation,
        "storage",
        PORTFOLIO,
        vec![value("ProductId", &product)],
    );
    let again = again.await;
    assert_eq!(again.status(), Some(&ChangeSetStatus::Failed));
    assert!(
        again
            .status_reason()
            .unwrap()
            .contains("didn't contain changes")
    );
    let refused = cloudformation
        .execute_change_set()
        .change_set_name(again.change_set_id().unwrap())
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("InvalidChangeSetStatus"));

    // A new name keeps the portfolio.
    cloudformation
        .delete_change_set()
        .change_set_name(again.change_set_id().unwrap())
        .send()
        .await
        .unwrap();
    let named = vec![value("ProductId", &product), value("Name", "Buckets")];
    assert_eq!(
        deploy(&cloudformation, "storage", PORTFOLIO, named).await,
        StackStatus::UpdateComplete
    );
    let described = catalog
        .describe_portfolio()
        .id(portfolio)
        .send()
        .await
        .unwrap();
    assert_eq!(
        described.portfolio_detail().unwrap().display_name(),
        Some("Buckets")
    );

    cloudformation
        .delete_stack()
        .stack_name("storage")
        .send()
        .await
        .unwrap();
    let gone = catalog
        .describe_portfolio()
        .id(portfolio)
        .send()
        .await
        .unwrap_err();
    assert!(gone.into_service_error().is_resource_not_found_exception());
    let absent = cloudformation
        .describe_stacks()
        .stack_name("storage")
        .send()
        .await
        .unwrap_err();
    assert_eq!(absent.code(), Some("ValidationError"));
}

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

    let product = product(&local).await;
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
    let product = product(&local).await;
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

#[tokio::test]
async fn states_in_progress_are_seen_first() {
    let local = start_with(|config| {
        config.delays.unseen = 0;
        config.delays.pending = 2;
    });
    let cloudformation = local.cloudformation();
    let made = cloudformation
        .create_change_set()
        .stack_name("keys")
        .change_set_name("change")
        .change_set_type(ChangeSetType::Create)
        .template_body(EXPORTER)
        .send()
        .await
        .unwrap();
    let look = || {
        cloudformation
            .describe_change_set()
            .change_set_name(made.id().unwrap())
            .send()
    };
    let early = cloudformation
        .execute_change_set()
        .change_set_name(made.id().unwrap())
        .send();
    assert_eq!(
        early.await.unwrap_err().code(),
        Some("InvalidChangeSetStatus")
    );
    for _ in 0..2 {
        assert_eq!(
            look().await.unwrap().status(),
            Some(&ChangeSetStatus::CreateInProgress)
        );
    }
    assert_eq!(
        look().await.unwrap().status(),
        Some(&ChangeSetStatus::CreateComplete)
    );
    cloudformation
        .execute_change_set()
        .change_set_name(made.id().unwrap())
        .send()
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(
            status(&cloudformation, "keys").await,
            StackStatus::CreateInProgress
        );
    }
    assert_eq!(
        status(&cloudformation, "keys").await,
        StackStatus::CreateComplete
    );
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name() {
    let local = start();
    let cloudformation = local.cloudformation();
    let unknown = "Resources:\n  A: {Type: 'AWS::Lambda::Function'}\n";
    let failed = change(&cloudformation, "unknown", unknown, vec![]).await;
    assert_eq!(failed.status(), Some(&ChangeSetStatus::Failed));
    assert!(
        failed
            .status_reason()
            .unwrap()
            .contains("AWS::Lambda::Function")
    );
    let misspelt = "Resources:\n  A:\n    Type: AWS::ServiceCatalog::TagOption\n    Properties: {Key: a, Value: b, Aktive: true}\n";
    assert_eq!(
        deploy(&cloudformation, "misspelt", misspelt, vec![]).await,
        StackStatus::RollbackComplete
    );
    let stack = cloudformation
        .describe_stacks()
        .stack_name("misspelt")
        .send()
        .await
        .unwrap();
    assert!(
        stack.stacks()[0]
            .stack_status_reason()
            .unwrap()
            .contains("Aktive")
    );
    let create = || {
        cloudformation
            .create_change_set()
            .stack_name("roles")
            .change_set_name("change")
            .change_set_type(ChangeSetType::Create)
            .template_body(PORTFOLIO)
    };
    let capability = create()
        .parameters(value("ProductId", "p"))
        .send()
        .await
        .unwrap_err();
    assert!(
        capability
            .into_service_error()
            .is_insufficient_capabilities_exception()
    );
    let parameter = create()
        .capabilities(Capability::CapabilityNamedIam)
        .parameters(value("Produkt", "p"))
        .send()
        .await
        .unwrap_err();
    assert!(parameter.message().unwrap().contains("Produkt"));
    let valid = cloudformation
        .validate_template()
        .template_body(PORTFOLIO)
        .send()
        .await
        .unwrap();
    assert_eq!(valid.capabilities(), [Capability::CapabilityNamedIam]);
    let broken = "Resources:\n  A: {Type: 'AWS::KMS::Key', Properties: {Description: !Ref B}}\n";
    let invalid = cloudformation
        .validate_template()
        .template_body(broken)
        .send()
        .await
        .unwrap_err();
    assert!(invalid.message().unwrap().contains('B'));
    let operation = cloudformation.list_types().send().await.unwrap_err();
    assert!(operation.message().unwrap().contains("ListTypes"));
}
