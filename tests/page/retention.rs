//! What stays and what goes is read from the policies of the template.

use crate::catalog::catalog;
use compute_catalog::cfn;
use compute_catalog::page::{PageSource, ProductPage, Retention};

fn retention(template: &str) -> Vec<Retention> {
    let catalog = catalog();
    let product = catalog.product("s3-private");
    let template = cfn::read(template).unwrap();
    let source = PageSource {
        template: &template,
        ..catalog.source(product)
    };
    ProductPage::of(&source).retention
}

#[test]
fn policies_decide() {
    let kept = retention(
        "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n",
    );
    assert_eq!(kept[0].on_terminate, "kept in the account");
    assert_eq!(kept[0].on_replace, "the old one is kept in the account");
    let gone = retention("Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n");
    assert_eq!(
        gone[0].on_terminate,
        "deleted when empty; otherwise the termination fails"
    );
    assert_eq!(
        gone[0].on_replace,
        "the old one is deleted with what it holds"
    );
    let snapshot = retention(
        "Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n    DeletionPolicy: Snapshot\n    UpdateReplacePolicy: Snapshot\n",
    );
    assert_eq!(snapshot[0].on_terminate, "deleted; a snapshot is kept");
    assert_eq!(snapshot[0].on_replace, "a snapshot of the old one is kept");
}

#[test]
fn a_disk_that_outlives_its_instance_is_told() {
    let disk = |keep: &str| {
        let text = format!(
            "Resources:\n  Machine:\n    Type: AWS::EC2::Instance\n    Properties:\n      BlockDeviceMappings:\n        - DeviceName: /dev/xvda\n          Ebs: {{DeleteOnTermination: {keep}}}\n"
        );
        retention(&text)[0].on_terminate.clone()
    };
    assert_eq!(disk("true"), "deleted");
    assert_eq!(
        disk("false"),
        "the instance is deleted; a disk is kept in the account"
    );
}

#[test]
fn only_what_people_would_miss_is_told_with_its_condition_in_words() {
    let found = retention(
        "Parameters:\n  Keep: {Type: String, Default: 'no'}\nConditions:\n  Kept: !Equals [!Ref Keep, 'yes']\nResources:\n  Logs:\n    Type: AWS::Logs::LogGroup\n    Condition: Kept\n    Properties: {RetentionInDays: 14}\n  OwnLogs:\n    Type: AWS::Logs::LogGroup\n  Code:\n    Type: AWS::Lambda::Function\n    Properties:\n      LoggingConfig: {LogGroup: !Ref OwnLogs}\n  Made:\n    Type: AWS::SecretsManager::Secret\n    Properties: {GenerateSecretString: {PasswordLength: 32}}\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].what, "The logs of the last 14 days");
    assert_eq!(found[0].when, "“Keep” is yes");
}
