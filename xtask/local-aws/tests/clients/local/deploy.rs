//! Stacks to test with: a template as a portfolio has it, and the way through a change set.

use super::Local;
use super::product;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, Parameter, StackStatus,
};
use aws_sdk_cloudformation::{Client, operation::describe_change_set::DescribeChangeSetOutput};

pub const PORTFOLIO: &str = r#"
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

/// A product to put into the portfolio.
pub async fn product_id(local: &Local) -> String {
    let url = local.template("t.yaml", super::TOPIC).await;
    product::ids(&product::product(&local.catalog(), "Bucket", &url, "a").await).0
}

pub fn value(name: &str, value: &str) -> Parameter {
    Parameter::builder()
        .parameter_key(name)
        .parameter_value(value)
        .build()
}

/// Creates a change set and describes it.
pub async fn change(
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
pub async fn deploy(
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

pub async fn status(cloudformation: &Client, stack: &str) -> StackStatus {
    let answer = cloudformation
        .describe_stacks()
        .stack_name(stack)
        .send()
        .await
        .unwrap();
    answer.stacks()[0].stack_status().unwrap().clone()
}
