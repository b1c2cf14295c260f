//! CloudFormation through the SDK: change sets and what they make.

mod set;
mod trouble;

use crate::local::deploy::{PORTFOLIO, change, deploy, product_id, status, value};
use crate::local::iam::has_role;
use crate::local::{start, start_with};
use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, ExecutionStatus, StackStatus,
};

#[tokio::test]
async fn a_portfolio_stack_makes_the_portfolio() {
    let local = start();
    let cloudformation = local.cloudformation();
    let product = product_id(&local).await;
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
    assert!(has_role(local.server.endpoint(), "AKIALOCAL", "launch"));

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

const EXPORTER: &str = "Resources:\n  Key: {Type: 'AWS::KMS::Key', Properties: {Description: a}}\nOutputs:\n  Key: {Value: !GetAtt Key.Arn, Export: {Name: key}}\n";
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
    let summary = cloudformation
        .get_template_summary()
        .template_body(PORTFOLIO)
        .send();
    assert_eq!(summary.await.unwrap().resource_types().len(), 5);
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
