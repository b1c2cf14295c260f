//! Generated resource types, as a model uses them: typed, in the order written, with what AWS
//! requires as arguments.

use compute_catalog::cfn::{Builder, ResourceType, Value};
use compute_catalog::resource::{batch, ec2, facts, kms, lambda, s3, ssm};
use serde_json::json;

fn properties(resource: impl ResourceType) -> serde_json::Value {
    let map = resource.into_resource().properties;
    compute_catalog::cfn::Node::Map(map).to_json()
}

#[test]
fn a_bucket_is_written_in_the_order_of_the_model() {
    let bucket = s3::Bucket::new()
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .restrict_public_buckets(true),
        )
        .bucket_encryption(s3::BucketEncryption::new([
            s3::ServerSideEncryptionRule::new().server_side_encryption_by_default(
                s3::ServerSideEncryptionByDefault::new(
                    s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
                ),
            ),
        ]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([s3::Rule::new(
            s3::RuleStatus::Enabled,
        )
        .transitions([
            s3::Transition::new(s3::TransitionStorageClass::IntelligentTiering)
                .transition_in_days(1),
        ])]));
    let written = properties(bucket);
    assert_eq!(
        written,
        json!({
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true, "RestrictPublicBuckets": true,
            },
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
            ]},
            "LifecycleConfiguration": {"Rules": [{
                "Status": "Enabled",
                "Transitions": [
                    {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 1},
                ],
            }]},
        })
    );
    let order: Vec<&String> = written.as_object().unwrap().keys().collect();
    assert_eq!(
        order,
        [
            "PublicAccessBlockConfiguration",
            "BucketEncryption",
            "LifecycleConfiguration"
        ]
    );
}

#[test]
fn an_attribute_of_one_resource_is_a_property_of_another() {
    let mut template = Builder::new("a group and an instance");
    let group = template.resource("Group", ec2::SecurityGroup::new("for the instance"));
    let instance = ec2::Instance::new()
        .image_id("ami-1")
        .security_group_ids([group.group_id()])
        .tags([ec2::Tag::new("Name", "x")]);
    assert_eq!(
        properties(instance),
        json!({
            "ImageId": "ami-1",
            "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
            "Tags": [{"Key": "Name", "Value": "x"}],
        })
    );
}

#[test]
fn maps_documents_and_keywords_have_their_place() {
    let function = lambda::Function::new(
        lambda::Code::new().zip_file("exports.handler = 1"),
        Value::<String>::from("arn:aws:iam::123456789012:role/x"),
    )
    .environment(lambda::Environment::new().variables([("A", "1"), ("B", "2")]));
    assert_eq!(
        properties(function)["Environment"],
        json!({"Variables": {"A": "1", "B": "2"}})
    );
    let policy = json!({"Version": "2012-10-17", "Statement": []});
    assert_eq!(
        properties(kms::Key::new().key_policy(&policy))["KeyPolicy"],
        policy
    );
    assert_eq!(
        properties(ssm::Parameter::new(ssm::ParameterType::String, "v")),
        json!({"Type": "String", "Value": "v"})
    );
    assert_eq!(
        properties(batch::JobDefinition::new("container").r#type("multinode")),
        json!({"Type": "multinode"})
    );
}

#[test]
fn the_types_and_the_facts_speak_of_the_same_things() {
    let facts = facts(s3::Bucket::TYPE).unwrap();
    for name in properties(s3::Bucket::new().bucket_name("b"))
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(facts.property(name).is_some(), "{name}");
    }
}
