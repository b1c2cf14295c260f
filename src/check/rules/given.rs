//! What a reference to a resource gives: its ARN, its name, its id or its address.

use crate::cfn::Template;
use serde_json::Value as Json;

/// What `Ref` gives of a resource, by its type.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html>
const BY_REF: [(&str, &str); 49] = [
    ("AWS::AutoScaling::AutoScalingGroup", "Name"),
    ("AWS::Batch::ComputeEnvironment", "Arn"),
    ("AWS::Batch::JobDefinition", "Arn"),
    ("AWS::Batch::JobQueue", "Arn"),
    ("AWS::DynamoDB::Table", "Name"),
    ("AWS::EC2::Instance", "Id"),
    ("AWS::EC2::InternetGateway", "Id"),
    ("AWS::EC2::LaunchTemplate", "Id"),
    ("AWS::EC2::NatGateway", "Id"),
    ("AWS::EC2::NetworkInterface", "Id"),
    ("AWS::EC2::RouteTable", "Id"),
    ("AWS::EC2::SecurityGroup", "Id"),
    ("AWS::EC2::Subnet", "Id"),
    ("AWS::EC2::VPC", "Id"),
    ("AWS::EC2::VPCEndpoint", "Id"),
    ("AWS::EC2::Volume", "Id"),
    ("AWS::ECR::Repository", "Name"),
    ("AWS::ECS::Cluster", "Name"),
    ("AWS::ECS::Service", "Arn"),
    ("AWS::ECS::TaskDefinition", "Arn"),
    ("AWS::EFS::AccessPoint", "Id"),
    ("AWS::EFS::FileSystem", "Id"),
    ("AWS::EFS::MountTarget", "Id"),
    ("AWS::ElasticLoadBalancingV2::Listener", "Arn"),
    ("AWS::ElasticLoadBalancingV2::ListenerRule", "Arn"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Arn"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Arn"),
    ("AWS::Events::EventBus", "Name"),
    ("AWS::Events::Rule", "Name"),
    ("AWS::IAM::Group", "Name"),
    ("AWS::IAM::InstanceProfile", "Name"),
    ("AWS::IAM::ManagedPolicy", "Arn"),
    ("AWS::IAM::Role", "Name"),
    ("AWS::IAM::User", "Name"),
    ("AWS::KMS::Key", "Id"),
    ("AWS::Kinesis::Stream", "Name"),
    ("AWS::Lambda::Alias", "Arn"),
    ("AWS::Lambda::Function", "Name"),
    ("AWS::Lambda::LayerVersion", "Arn"),
    ("AWS::Lambda::Version", "Arn"),
    ("AWS::Logs::LogGroup", "Name"),
    ("AWS::RDS::DBCluster", "Name"),
    ("AWS::RDS::DBInstance", "Name"),
    ("AWS::S3::Bucket", "Name"),
    ("AWS::SNS::Topic", "Arn"),
    ("AWS::SQS::Queue", "Url"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::SecretsManager::Secret", "Arn"),
    ("AWS::StepFunctions::StateMachine", "Arn"),
];

/// Attributes, by the word for what they give of their own resource.
const BY_ATTRIBUTE: [(&str, &str); 11] = [
    ("Arn", "Arn"),
    ("BucketName", "Name"),
    ("GroupId", "Id"),
    ("InstanceId", "Id"),
    ("KeyId", "Id"),
    ("QueueName", "Name"),
    ("QueueUrl", "Url"),
    ("RoleId", "Id"),
    ("SubnetId", "Id"),
    ("TopicArn", "Arn"),
    ("TopicName", "Name"),
];

/// What a function gives, as schemas name formats: `AWS::IAM::Role.Arn`. None where that isn't known.
pub(super) fn gives(template: &Template, function: &Json) -> Option<String> {
    if let Some(name) = function.get("Ref").and_then(Json::as_str) {
        if let Some(parameter) = template.parameters.get(name) {
            // `AWS::EC2::VPC::Id` gives what schemas call `AWS::EC2::VPC.Id`.
            let kind = parameter.kind.to_string();
            let (owner, word) = kind.rsplit_once("::")?;
            return (kind.starts_with("AWS::EC2::") && word == "Id").then(|| format!("{owner}.Id"));
        }
        let kind = template.resources.get(name)?.kind.as_str();
        let (_, word) = BY_REF.iter().find(|(known, _)| *known == kind)?;
        return Some(format!("{kind}.{word}"));
    }
    let (id, attribute) = match function.get("Fn::GetAtt")? {
        Json::String(text) => text.split_once('.')?,
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(id), Json::String(attribute)] => (id.as_str(), attribute.as_str()),
            _ => return None,
        },
        _ => return None,
    };
    let kind = template.resources.get(id)?.kind.as_str();
    // What others make may give anything under any name.
    if !BY_REF.iter().any(|(known, _)| *known == kind) {
        return None;
    }
    if attribute == "VpcId" {
        return Some("AWS::EC2::VPC.Id".to_owned());
    }
    let (_, word) = BY_ATTRIBUTE.iter().find(|(known, _)| *known == attribute)?;
    Some(format!("{kind}.{word}"))
}

/// Whether what is given is certainly another thing than a format asks for.
pub(super) fn is_other(given: &str, wanted: &str) -> bool {
    let (Some((owner, word)), wanted_parts) = (given.rsplit_once('.'), wanted.rsplit_once('.'))
    else {
        return false;
    };
    match wanted_parts {
        // A stack's id is its ARN; the types here have ids that aren't.
        None => wanted == "arn" && word != "Arn",
        // A key goes by its id, its ARN and its aliases.
        Some((taker, _)) if taker.starts_with("AWS::KMS::") => owner != "AWS::KMS::Key",
        // A group without a network goes by its name, which `Ref` gives there.
        Some(("AWS::EC2::SecurityGroup", "Name")) => false,
        Some((taker, part)) => wanted.starts_with("AWS::") && (taker != owner || part != word),
    }
}
