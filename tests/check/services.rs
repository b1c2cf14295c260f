//! What services document and no schema of AWS's says is applied: for each file of it a value that it
//! refuses, and one that it takes. A file that is gone, or new without an example, is told.

use compute_catalog::cfn::read;
use compute_catalog::check::check_file;
use std::collections::BTreeSet;
use std::path::Path;

/// A type, other properties that it needs, the property that is looked at, and of it what is refused
/// and what is taken.
const EXAMPLES: [(&str, &str, &str, &str, &str); 41] = [
    (
        "AWS::Batch::ComputeEnvironment",
        "Type: MANAGED",
        "ComputeEnvironmentName",
        "-x",
        "x",
    ),
    (
        "AWS::Batch::JobDefinition",
        "Type: container",
        "JobDefinitionName",
        "-x",
        "x",
    ),
    (
        "AWS::Batch::JobQueue",
        "Priority: 1",
        "JobQueueName",
        "-x",
        "x",
    ),
    (
        "AWS::EC2::Instance",
        "ImageId: ami-0123456789abcdef0",
        "Tenancy",
        "shared",
        "default",
    ),
    (
        "AWS::EC2::SecurityGroup",
        "VpcId: vpc-0123456789abcdef0",
        "GroupDescription",
        "naïve",
        "naive",
    ),
    (
        "AWS::Events::Rule",
        "Name: a",
        "EventPattern",
        "'{'",
        "'{}'",
    ),
    (
        "AWS::IAM::InstanceProfile",
        "Roles: [a]",
        "Path",
        "x",
        "/x/",
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "PolicyDocument: {Version: '2012-10-17', Statement: []}",
        "Path",
        "x",
        "/x/",
    ),
    (
        "AWS::IAM::Role",
        "AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}",
        "Path",
        "x",
        "/x/",
    ),
    (
        "AWS::KMS::Key",
        "KeySpec: RSA_2048",
        "EnableKeyRotation",
        "true",
        "false",
    ),
    (
        "AWS::Lambda::Function",
        "SnapStart: {ApplyOn: PublishedVersions}",
        "Runtime",
        "nodejs22.x",
        "java21",
    ),
    (
        "AWS::S3::Bucket",
        "BucketName: a-bucket",
        "WebsiteConfiguration",
        "{RedirectAllRequestsTo: {HostName: a}, IndexDocument: b}",
        "{IndexDocument: b}",
    ),
    (
        "AWS::SSM::Parameter",
        "Type: String",
        "Value",
        "LONG",
        "short",
    ),
    (
        "AWS::CloudWatch::Alarm",
        "ComparisonOperator: GreaterThanThreshold",
        "Period",
        "45",
        "120",
    ),
    (
        "AWS::DynamoDB::Table",
        "BillingMode: PAY_PER_REQUEST",
        "ProvisionedThroughput",
        "{ReadCapacityUnits: 1, WriteCapacityUnits: 1}",
        "!Ref AWS::NoValue",
    ),
    (
        "AWS::KMS::Alias",
        "AliasName: alias/a",
        "TargetKeyId",
        "alias/b",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    (
        "AWS::Lambda::Permission",
        "Action: lambda:InvokeFunction",
        "SourceArn",
        "bucket",
        "arn:aws:s3:::bucket",
    ),
    (
        "AWS::SNS::Subscription",
        "TopicArn: arn:aws:sns:us-east-1:123456789012:t",
        "Protocol",
        "mail",
        "email",
    ),
    (
        "AWS::SNS::Topic",
        "FifoTopic: true",
        "TopicName",
        "news",
        "news.fifo",
    ),
    (
        "AWS::SQS::Queue",
        "QueueName: a",
        "RedrivePolicy",
        "{deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:d', maxReceiveCount: 0}",
        "{deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:d', maxReceiveCount: 3}",
    ),
    (
        "AWS::SQS::QueuePolicy",
        "PolicyDocument: {Version: '2012-10-17', Statement: []}",
        "Queues",
        "['arn:aws:sqs:us-east-1:123456789012:q']",
        "['https://sqs.us-east-1.amazonaws.com/123456789012/q']",
    ),
    (
        "AWS::SecretsManager::Secret",
        "Description: a",
        "Name",
        "a b",
        "a-b",
    ),
    (
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "MaxCapacity: 2",
        "MinCapacity",
        "3",
        "1",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "MaxSize: '2'\n      LaunchConfigurationName: a",
        "MinSize",
        "'3'",
        "'1'",
    ),
    (
        "AWS::EC2::Route",
        "RouteTableId: rtb-0123456789abcdef0\n      DestinationCidrBlock: 0.0.0.0/0",
        "GatewayId",
        "vpc-0123456789abcdef0",
        "igw-0123456789abcdef0",
    ),
    (
        "AWS::EC2::SecurityGroupEgress",
        "IpProtocol: tcp",
        "Description",
        "é",
        "e",
    ),
    (
        "AWS::EC2::SecurityGroupIngress",
        "IpProtocol: tcp",
        "Description",
        "é",
        "e",
    ),
    (
        "AWS::EC2::Subnet",
        "VpcId: vpc-0123456789abcdef0",
        "CidrBlock",
        "10.0.0.0/29",
        "10.0.0.0/28",
    ),
    (
        "AWS::EC2::VPC",
        "EnableDnsSupport: true",
        "CidrBlock",
        "10.0.0.0/8",
        "10.0.0.0/16",
    ),
    (
        "AWS::EC2::Volume",
        "Size: 1",
        "AvailabilityZone",
        "us-east-1",
        "us-east-1a",
    ),
    (
        "AWS::ECS::TaskDefinition",
        "Family: a",
        "ContainerDefinitions",
        "[{Name: a, Image: b, PortMappings: [{ContainerPort: 80800}]}]",
        "[{Name: a, Image: b, PortMappings: [{ContainerPort: 8080}]}]",
    ),
    (
        "AWS::EFS::FileSystem",
        "ThroughputMode: bursting",
        "ProvisionedThroughputInMibps",
        "1",
        "!Ref AWS::NoValue",
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Scheme: internal",
        "Name",
        "internal-a",
        "a",
    ),
    (
        "AWS::IAM::Group",
        "Path: /",
        "Policies",
        "[{PolicyName: a b, PolicyDocument: {}}]",
        "[{PolicyName: a-b, PolicyDocument: {}}]",
    ),
    (
        "AWS::IAM::Policy",
        "Groups: [a]",
        "PolicyName",
        "a b",
        "a-b",
    ),
    (
        "AWS::IAM::RolePolicy",
        "RoleName: a",
        "PolicyName",
        "a b",
        "a-b",
    ),
    (
        "AWS::IAM::User",
        "Path: /",
        "Policies",
        "[{PolicyName: a b, PolicyDocument: {}}]",
        "[{PolicyName: a-b, PolicyDocument: {}}]",
    ),
    (
        "AWS::RDS::DBInstance",
        "DBInstanceClass: db.t4g.micro",
        "Engine",
        "postgresql",
        "Postgres",
    ),
    (
        "AWS::SSM::Document",
        "DocumentType: Command",
        "Content",
        "{schemaVersion: '2.20'}",
        "{schemaVersion: '2.2', mainSteps: [{action: 'aws:runShellScript', name: a, inputs: {runCommand: [b]}}]}",
    ),
    (
        "AWS::Scheduler::Schedule",
        "ScheduleExpression: rate(1 hour)",
        "FlexibleTimeWindow",
        "{Mode: FLEXIBLE}",
        "{Mode: FLEXIBLE, MaximumWindowInMinutes: 5}",
    ),
    (
        "AWS::EC2::VPCGatewayAttachment",
        "VpcId: vpc-0123456789abcdef0",
        "InternetGatewayId",
        "vpc-0123456789abcdef0",
        "igw-0123456789abcdef0",
    ),
];

/// Whether the schema of a type refuses a property.
fn is_refused(kind: &str, other: &str, property: &str, value: &str) -> bool {
    // One more than a parameter of the standard tier takes.
    let value = value.replace("LONG", &"x".repeat(4097));
    let text = format!(
        "Resources:\n  R:\n    Type: {kind}\n    Properties:\n      {other}\n      {property}: {value}\n"
    );
    let template = read(&text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let below = format!("Resources.R.Properties.{property}");
    check_file("t.yaml", &template, &text)
        .iter()
        .any(|one| one.rule == "schema" && one.path.starts_with(&below))
}

#[test]
fn every_documented_limit_of_a_service_is_applied() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/services");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            path.file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .replace('-', "::")
        })
        .collect();
    let examples = EXAMPLES.iter().map(|(kind, ..)| (*kind).to_owned());
    assert_eq!(files, examples.collect());
    for (kind, other, property, refused, taken) in EXAMPLES {
        assert!(
            is_refused(kind, other, property, refused),
            "{kind}: {property}: {refused} is taken"
        );
        assert!(
            !is_refused(kind, other, property, taken),
            "{kind}: {property}: {taken} is refused"
        );
    }
}
