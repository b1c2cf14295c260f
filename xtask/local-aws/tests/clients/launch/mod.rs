//! A product's life through Service Catalog's own API: launched, updated and ended under the launch
//! role, by a role that a portfolio lets in.

mod shop;

use crate::local::Local;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    ConstraintSummary, ProvisionedProductPlanType, RecordStatus, Tag, UpdateProvisioningParameter,
};
use local_aws::{Config, Delays, Server};
use shop::{Shop, assume, succeeded};

const PRODUCT: &str = r#"
Parameters:
  Status:
    Type: String
    Default: Suspended
    AllowedValues: [Suspended, Enabled]
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: !Ref Status }
Outputs:
  Bucket:
    Description: the bucket
    Value: !Ref Data
"#;

/// With a function whose code stands in the template.
const FUNCTION: &str = r#"
Resources:
  Data:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: python3.13
      Handler: index.handler
      Code:
        ZipFile: |
          import boto3
          import cfnresponse
          def handler(event, context):
              if event["RequestType"] != "Delete":
                  bucket = event["ResourceProperties"]["Bucket"]
                  boto3.client("s3").head_bucket(Bucket=bucket)
                  who = boto3.client("sts").get_caller_identity()["Arn"]
                  cfnresponse.send(event, context, "SUCCESS", {"Who": who}, "looked")
              else:
                  cfnresponse.send(event, context, "SUCCESS", {}, "looked")
  Look:
    Type: Custom::Look
    Properties:
      ServiceToken: !GetAtt Function.Arn
      Bucket: !Ref Data
Outputs:
  Who:
    Value: !GetAtt Look.Who
"#;

/// Whoever has lost the record, for example because the program that launched was killed.
#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_a_provisioned_product_alone_sees_it_come_to_rest() {
    let shop = Shop::open(PRODUCT, "\"*\"").await;
    let Local { server, folder } = shop.local;
    server.stop();
    // From here on everything takes its time.
    let slow = Config {
        delays: Delays {
            unseen: 0,
            pending: 3,
        },
        ..Config::new(folder.path())
    };
    let server = Server::start(slow).unwrap();
    let local = Local { server, folder };
    let user = assume(&local, "users").await;
    let shop = Shop {
        local,
        user,
        ..shop
    };
    let launch = shop
        .user
        .provision_product()
        .product_id(&shop.product)
        .provisioning_artifact_id(&shop.version)
        .provisioned_product_name("mine")
        .provision_token("mine");
    launch.send().await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..2000 {
        let looked = shop.user.describe_provisioned_product().name("mine");
        let detail = looked.send().await.unwrap().provisioned_product_detail;
        let status = detail.unwrap().status.unwrap().as_str().to_owned();
        if statuses.last() != Some(&status) {
            statuses.push(status);
        }
        if statuses.last().is_some_and(|status| status == "AVAILABLE") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(statuses, ["UNDER_CHANGE", "AVAILABLE"]);
    let ended = shop
        .user
        .terminate_provisioned_product()
        .provisioned_product_name("mine")
        .terminate_token("t")
        .send()
        .await
        .unwrap();
    succeeded(&shop.ended(ended.record_detail).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_launched_updated_and_ended() {
    let shop = Shop::open(PRODUCT, "\"*\"").await;
    let record = shop.launch("mine", "").await;
    succeeded(&record);
    assert_eq!(
        record.launch_role_arn(),
        Some("arn:aws:iam::123456789012:role/launch")
    );
    let outputs = shop.outputs("mine").await;
    assert_eq!(outputs[0].0, "Bucket");
    shop.local
        .s3()
        .head_bucket()
        .bucket(&outputs[0].1)
        .send()
        .await
        .unwrap();
    let events = shop.events("mine").await;
    assert!(
        events.contains(&"Data CREATE_COMPLETE".to_owned()),
        "{events:?}"
    );

    let parameter = UpdateProvisioningParameter::builder()
        .key("Status")
        .value("Enabled")
        .build();
    let updated = shop
        .user
        .update_provisioned_product()
        .provisioned_product_name("mine")
        .provisioning_artifact_id(&shop.version)
        .provisioning_parameters(parameter)
        .update_token("u")
        .send()
        .await
        .unwrap();
    let record = shop.ended(updated.record_detail).await;
    succeeded(&record);
    assert!(
        shop.events("mine")
            .await
            .contains(&"Data UPDATE_COMPLETE".to_owned())
    );
    assert_eq!(shop.outputs("mine").await, outputs);

    let ended = shop
        .user
        .terminate_provisioned_product()
        .provisioned_product_name("mine")
        .terminate_token("t")
        .send()
        .await
        .unwrap();
    let record = shop.ended(ended.record_detail).await;
    succeeded(&record);
    let left = shop.user.scan_provisioned_products().send().await.unwrap();
    assert_eq!(left.provisioned_products(), []);
    shop.local
        .s3()
        .head_bucket()
        .bucket(&outputs[0].1)
        .send()
        .await
        .unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_launch_role_may_not_call_fails_the_launch_and_says_so() {
    let shop = Shop::open(PRODUCT, "[s3:DeleteBucket, \"s3:Get*\"]").await;
    let record = shop.launch("mine", "").await;
    assert_eq!(record.status(), Some(&RecordStatus::Failed));
    let error = record.record_errors()[0].description().unwrap();
    assert!(error.contains("may not call s3:CreateBucket"), "{error}");
    let events = shop.events("mine").await;
    assert!(
        events.contains(&"Data CREATE_FAILED".to_owned()),
        "{events:?}"
    );
    let described = shop
        .user
        .describe_provisioned_product()
        .name("mine")
        .send()
        .await
        .unwrap();
    let status = described
        .provisioned_product_detail
        .unwrap()
        .status
        .unwrap();
    assert_eq!(status.as_str(), "ERROR");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portfolio_lets_in_whom_it_names_and_nobody_else() {
    let shop = Shop::open(PRODUCT, "\"*\"").await;
    let paths = |client: Client| {
        let list = client.list_launch_paths().product_id(&shop.product);
        async move {
            list.send()
                .await
                .unwrap()
                .launch_path_summaries
                .unwrap_or_default()
        }
    };
    let mine = paths(shop.user.clone()).await;
    assert_eq!(mine.len(), 1);
    let launch = ConstraintSummary::builder().r#type("LAUNCH").build();
    assert_eq!(mine[0].constraint_summaries(), [launch]);
    let stranger = assume(&shop.local, "launch").await;
    assert_eq!(paths(stranger.clone()).await, []);
    let refused = stranger
        .provision_product()
        .product_id(&shop.product)
        .provisioning_artifact_id(&shop.version)
        .provisioned_product_name("theirs")
        .provision_token("x")
        .send()
        .await
        .unwrap_err();
    assert!(
        refused
            .into_service_error()
            .is_resource_not_found_exception()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_tag_options_bind_a_launch() {
    let shop = Shop::open(PRODUCT, "\"*\"").await;
    let rules = r#"{"Rules": {"Off": {"Assertions": [{
        "Assert": {"Fn::Contains": [["Suspended"], {"Ref": "Status"}]},
        "AssertDescription": "No versions here."}]}}}"#;
    shop.constrain("TEMPLATE", rules).await;
    let record = shop.launch("versioned", "Enabled").await;
    assert_eq!(record.status(), Some(&RecordStatus::Failed));
    let error = record.record_errors()[0].description().unwrap();
    assert!(error.contains("No versions here."), "{error}");

    for value in ["a", "b"] {
        let option = shop
            .admin
            .create_tag_option()
            .key("team")
            .value(value)
            .send()
            .await
            .unwrap();
        let id = option.tag_option_detail.unwrap().id.unwrap();
        let attach = shop.admin.associate_tag_option_with_resource();
        attach
            .resource_id(&shop.portfolio)
            .tag_option_id(id)
            .send()
            .await
            .unwrap();
    }
    let launch = |tags: Option<Vec<Tag>>| {
        shop.user
            .provision_product()
            .product_id(&shop.product)
            .provisioning_artifact_id(&shop.version)
            .provisioned_product_name("tagged")
            .set_tags(tags)
            .provision_token(format!("t{}", 1))
            .send()
    };
    let unchosen = launch(None).await.unwrap_err();
    assert!(
        unchosen
            .into_service_error()
            .is_invalid_parameters_exception()
    );
    let tag = Tag::builder().key("team").value("b").build().unwrap();
    let chosen = launch(Some(vec![tag])).await.unwrap();
    let record = shop.ended(chosen.record_detail).await;
    succeeded(&record);
    assert_eq!(record.record_tags()[0].value(), Some("b"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_a_launch_makes_and_makes_it() {
    let shop = Shop::open(PRODUCT, "\"*\"").await;
    let plan = shop
        .user
        .create_provisioned_product_plan()
        .plan_name("plan")
        .plan_type(ProvisionedProductPlanType::Cloudformation)
        .product_id(&shop.product)
        .provisioning_artifact_id(&shop.version)
        .provisioned_product_name("planned")
        .idempotency_token("p")
        .send()
        .await
        .unwrap();
    let id = plan.plan_id.unwrap();
    let described = shop
        .user
        .describe_provisioned_product_plan()
        .plan_id(&id)
        .send()
        .await
        .unwrap();
    let changes = described.resource_changes();
    assert_eq!(changes[0].logical_resource_id(), Some("Data"));
    let execute = || {
        let execute = shop.user.execute_provisioned_product_plan().plan_id(&id);
        execute.idempotency_token("e").send()
    };
    let record = shop.ended(execute().await.unwrap().record_detail).await;
    succeeded(&record);
    assert_eq!(shop.outputs("planned").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_function_runs_and_its_calls_reach_this_server_as_its_role() {
    let can_run = std::process::Command::new("python3")
        .args(["-c", "import boto3"])
        .status();
    if !can_run.is_ok_and(|status| status.success()) {
        eprintln!("not tested: there is no python3 with boto3 here");
        return;
    }
    let shop = Shop::open(FUNCTION, "\"*\"").await;
    let record = shop.launch("mine", "").await;
    succeeded(&record);
    let who = &shop.outputs("mine").await[0].1;
    assert!(who.contains(":assumed-role/SC-123456789012-pp-"), "{who}");
}
