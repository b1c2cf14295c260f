//! A product in a portfolio, as somebody who may launch it finds it.

use crate::local::{Local, deploy, product, start};
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{ProvisioningParameter, RecordDetail, RecordStatus};

/// What launches need: a launch role with these actions, and the end users' role.
fn roles(actions: &str) -> String {
    format!(
        r#"
Resources:
  Launch:
    Type: AWS::IAM::Role
    Properties:
      RoleName: launch
      AssumeRolePolicyDocument:
        Statement:
          - {{ Effect: Allow, Principal: {{ Service: servicecatalog.amazonaws.com }}, Action: sts:AssumeRole }}
      Policies:
        - PolicyName: launch
          PolicyDocument:
            Statement:
              - {{ Effect: Allow, Action: {actions}, Resource: "*" }}
  Users:
    Type: AWS::IAM::Role
    Properties:
      RoleName: users
      AssumeRolePolicyDocument:
        Statement:
          - {{ Effect: Allow, Principal: {{ AWS: "*" }}, Action: sts:AssumeRole }}
"#
    )
}

/// A portfolio with a product, and whom it lets in.
pub(super) struct Shop {
    pub(super) local: Local,
    pub(super) admin: Client,
    pub(super) user: Client,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) portfolio: String,
}

impl Shop {
    pub(super) async fn open(body: &str, actions: &str) -> Self {
        let local = start();
        let url = local.template("t.yaml", body).await;
        let admin = local.catalog();
        let (product, version) =
            product::ids(&product::product(&admin, "Product", &url, "a").await);
        let made = admin
            .create_portfolio()
            .display_name("Portfolio")
            .provider_name("Compute")
            .idempotency_token("portfolio")
            .send()
            .await
            .unwrap();
        let portfolio = made.portfolio_detail.unwrap().id.unwrap();
        let stacks = local.cloudformation();
        deploy::deploy(&stacks, "roles", &roles(actions), Vec::new()).await;
        admin
            .associate_product_with_portfolio()
            .product_id(&product)
            .portfolio_id(&portfolio)
            .send()
            .await
            .unwrap();
        admin
            .associate_principal_with_portfolio()
            .portfolio_id(&portfolio)
            .principal_arn("arn:aws:iam::123456789012:role/users")
            .principal_type("IAM".into())
            .send()
            .await
            .unwrap();
        let shop = Self {
            user: assume(&local, "users").await,
            local,
            admin,
            product,
            version,
            portfolio,
        };
        let launch = r#"{"RoleArn": "arn:aws:iam::123456789012:role/launch"}"#;
        shop.constrain("LAUNCH", launch).await;
        shop
    }

    pub(super) async fn constrain(&self, kind: &str, parameters: &str) {
        self.admin
            .create_constraint()
            .portfolio_id(&self.portfolio)
            .product_id(&self.product)
            .r#type(kind)
            .parameters(parameters)
            .idempotency_token(kind)
            .send()
            .await
            .unwrap();
    }

    pub(super) async fn launch(&self, name: &str, status: &str) -> RecordDetail {
        let parameter = ProvisioningParameter::builder()
            .key("Status")
            .value(status)
            .build();
        let launch = self
            .user
            .provision_product()
            .product_id(&self.product)
            .provisioning_artifact_id(&self.version)
            .provisioned_product_name(name)
            .provision_token(name);
        let launch = match status {
            "" => launch,
            _ => launch.provisioning_parameters(parameter),
        };
        let launched = launch.send().await.unwrap();
        self.ended(launched.record_detail).await
    }

    pub(super) async fn ended(&self, record: Option<RecordDetail>) -> RecordDetail {
        let id = record.unwrap().record_id.unwrap();
        loop {
            let described = self.user.describe_record().id(&id).send().await.unwrap();
            let detail = described.record_detail.unwrap();
            if matches!(
                detail.status(),
                Some(RecordStatus::Succeeded | RecordStatus::Failed)
            ) {
                return detail;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    pub(super) async fn outputs(&self, name: &str) -> Vec<(String, String)> {
        let got = self
            .user
            .get_provisioned_product_outputs()
            .provisioned_product_name(name)
            .send()
            .await
            .unwrap();
        let pair = |one: &aws_sdk_servicecatalog::types::RecordOutput| {
            (
                one.output_key().unwrap().to_owned(),
                one.output_value().unwrap().to_owned(),
            )
        };
        got.outputs().iter().map(pair).collect()
    }

    pub(super) async fn events(&self, name: &str) -> Vec<String> {
        let described = self
            .user
            .describe_provisioned_product()
            .name(name)
            .send()
            .await
            .unwrap();
        let id = described.provisioned_product_detail.unwrap().id.unwrap();
        let events = self
            .local
            .cloudformation()
            .describe_stack_events()
            .stack_name(format!("SC-123456789012-{id}"))
            .send()
            .await
            .unwrap();
        let line = |event: &aws_sdk_cloudformation::types::StackEvent| {
            let logical = event.logical_resource_id().unwrap();
            format!("{logical} {}", event.resource_status().unwrap().as_str())
        };
        events.stack_events().iter().rev().map(line).collect()
    }
}

#[track_caller]
pub(super) fn succeeded(record: &RecordDetail) {
    assert_eq!(
        record.status(),
        Some(&RecordStatus::Succeeded),
        "{record:?}"
    );
}

pub(super) async fn assume(local: &Local, role: &str) -> Client {
    let assumed = aws_sdk_sts::Client::new(&local.settings("AKIALOCAL"))
        .assume_role()
        .role_arn(format!("arn:aws:iam::123456789012:role/{role}"))
        .role_session_name("somebody")
        .send()
        .await
        .unwrap();
    let key = assumed.credentials().unwrap().access_key_id().to_owned();
    Client::new(&local.settings(&key))
}
