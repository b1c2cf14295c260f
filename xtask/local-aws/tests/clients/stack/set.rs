//! Stack sets: a role in every account that a portfolio is shared with.

use crate::local::iam::has_role;
use crate::local::start_with;
use aws_sdk_cloudformation::types::{
    AutoDeployment, Capability, DeploymentTargets, PermissionModels, StackInstanceStatus,
    StackSetOperationStatus,
};
use local_aws::Identity;

const ROLE: &str = "Parameters:\n  Name: {Type: String}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !Ref Name\n      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}\n";

#[tokio::test]
async fn a_stack_set_makes_the_role_in_each_account_of_a_unit() {
    let local = start_with(|config| {
        for (key, account) in [("AKIAHUB", "111111111111"), ("AKIASPOKE", "222222222222")] {
            config
                .keys
                .insert(key.into(), Identity::user(account, "user"));
        }
        let members = ["222222222222".to_owned(), "333333333333".to_owned()];
        config
            .organization
            .insert("ou-ab12-cdefgh34".into(), members.into());
        config.delays.unseen = 0;
        config.delays.pending = 1;
    });
    let hub = aws_sdk_cloudformation::Client::new(&local.settings("AKIAHUB"));
    let parameter = |name: &str| {
        aws_sdk_cloudformation::types::Parameter::builder()
            .parameter_key("Name")
            .parameter_value(name)
            .build()
    };
    hub.create_stack_set()
        .stack_set_name("roles")
        .template_body(ROLE)
        .parameters(parameter("launch"))
        .capabilities(Capability::CapabilityNamedIam)
        .permission_model(PermissionModels::ServiceManaged)
        .auto_deployment(AutoDeployment::builder().enabled(true).build())
        .send()
        .await
        .unwrap();
    let targets = DeploymentTargets::builder()
        .organizational_unit_ids("ou-ab12-cdefgh34")
        .build();
    let started = hub
        .create_stack_instances()
        .stack_set_name("roles")
        .deployment_targets(targets)
        .regions("us-east-1")
        .send()
        .await
        .unwrap();
    let update = || {
        hub.update_stack_set()
            .stack_set_name("roles")
            .use_previous_template(true)
            .parameters(parameter("start"))
            .capabilities(Capability::CapabilityNamedIam)
            .send()
    };
    let busy = update().await.unwrap_err();
    assert!(
        busy.into_service_error()
            .is_operation_in_progress_exception()
    );
    let status = || async {
        let answer = hub
            .describe_stack_set_operation()
            .stack_set_name("roles")
            .operation_id(started.operation_id().unwrap())
            .send()
            .await
            .unwrap();
        answer
            .stack_set_operation()
            .unwrap()
            .status()
            .unwrap()
            .clone()
    };
    assert_eq!(status().await, StackSetOperationStatus::Running);
    assert_eq!(status().await, StackSetOperationStatus::Succeeded);
    let listed = hub
        .list_stack_instances()
        .stack_set_name("roles")
        .send()
        .await
        .unwrap();
    assert_eq!(listed.summaries().len(), 2);
    for instance in listed.summaries() {
        assert_eq!(instance.status(), Some(&StackInstanceStatus::Current));
    }
    let has_role = |name: &str| has_role(local.server.endpoint(), "AKIASPOKE", name);
    assert!(has_role("launch"));
    update().await.unwrap();
    assert!(has_role("start"));
    assert!(!has_role("launch"));
}
