//! Which resource types take what can be taken once, beyond what AWS's schemas say that they are known by.

use super::Effect;
use super::judge::Judge;
use crate::cfn::{Intrinsic, Node};

/// What resources of a type take for themselves.
#[derive(Debug)]
pub(super) struct Claim {
    /// The resource type.
    pub kind: &'static str,
    /// The properties that say what is taken, by paths: `Volumes/*/VolumeId`. Without the first, nothing is;
    /// the others say where. None at all: there is one in an account and region.
    pub takes: &'static [&'static str],
    /// What becomes of an update that takes it a second time.
    pub effect: Effect,
    /// Why it can be taken once, in a clause.
    pub what: &'static str,
    /// The way out.
    pub way: &'static str,
    /// The page, or the public report where no page says so.
    pub source: &'static str,
    /// Whether it is so of a resource that is replaced, and not of another one.
    pub is_own_alone: bool,
    /// Where it can be taken several times all the same.
    pub unless: Option<fn(&Judge<'_>, &str) -> bool>,
}

/// EC2's own list of what it refuses.
const EC2: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";
const MACHINE_WITH_VOLUME: &str = "https://github.com/anarthal/servertech-chat/issues/52";
const ADDRESS: &str = "https://github.com/aws/aws-cdk/issues/26423";
const GATEWAY: &str =
    "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html";
const ATTACHMENT_ROUTES: &str =
    "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/702";
const BUCKET_POLICY: &str =
    "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1068";
const MOUNT: &str = "https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html";
const MAPPING: &str =
    "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";
const URL: &str = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html";
const LISTENER: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html";
const RULE: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html";
const RECORD: &str =
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html";
const SUBSCRIBE: &str = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html";
const TOPIC_POLICY: &str = "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html";
const QUEUE_POLICY: &str = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html";
/// Until January 2026 the new one wrote over the old one, which the removal then took away.
const INLINE: &str = "https://github.com/aws-solutions/instance-scheduler-on-aws/issues/624";
const ONE_POLICY: &str = "who has a policy of a name has it once";
const RENAME_POLICY: &str = "Give the new one another PolicyName";
const PROVIDER: &str =
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html";
const MEMBERS: &str = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html";
const ROTATION: &str =
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html";
const SECRET_POLICY: &str =
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html";
const ENDPOINT: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html";
const PATHS: &str = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html";
const ROUTE_KEYS: &str =
    "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html";
const RECORDER: &str =
    "https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html";
const DETECTOR: &str =
    "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html";
const HUB: &str =
    "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html";
const MACIE: &str = "https://docs.aws.amazon.com/macie/latest/APIReference/macie.html";
const DOMAIN: &str = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html";

const LET_GO: &str = "Do it in two updates: without it first, and then with it";
const VOLUME: &str = "a volume without Multi-Attach is attached to one machine at a time";
const DETACH: &str = "Do it in two updates: without the attachment first, which detaches the volume, and then with it";
const INTERFACE: &str = "a network interface is attached to one machine at a time";
const ONE_ADDRESS: &str = "a private address belongs to one network interface at a time";
const ONE_NETWORK: &str = "a gateway is attached to one network at a time";
const RULES: &str = "a security group has each rule once";
const OVERWRITES: &str = "there is one, which the new one writes over, and the removal of the old one may take that away as well";

const fn row(
    kind: &'static str,
    takes: &'static [&'static str],
    what: &'static str,
    way: &'static str,
    source: &'static str,
) -> Claim {
    Claim {
        kind,
        takes,
        effect: Effect::Fails,
        what,
        way,
        source,
        is_own_alone: false,
        unless: None,
    }
}

/// A row of which nobody has shown what becomes of it.
const fn doubt(row: Claim) -> Claim {
    Claim {
        effect: Effect::Unknown,
        ..row
    }
}

/// A row that speaks of the resource itself alone.
const fn own(row: Claim) -> Claim {
    Claim {
        is_own_alone: true,
        ..row
    }
}

pub(super) static CLAIMS: &[Claim] = &[
    Claim {
        unless: Some(is_shared),
        ..row(
            "AWS::EC2::VolumeAttachment",
            &["VolumeId"],
            VOLUME,
            DETACH,
            MACHINE_WITH_VOLUME,
        )
    },
    row(
        "AWS::EC2::VolumeAttachment",
        &["Device", "InstanceId"],
        "a machine has one volume under a device name",
        "Give the new one another Device, or do it in two updates: without the attachment first",
        EC2,
    ),
    row(
        "AWS::EC2::Instance",
        &["Volumes/*/VolumeId"],
        VOLUME,
        "Do it in two updates: without the volume first, which detaches it, and then with it",
        MACHINE_WITH_VOLUME,
    ),
    row(
        "AWS::EC2::Instance",
        &["NetworkInterfaces/*/NetworkInterfaceId"],
        INTERFACE,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::Instance",
        &["PrivateIpAddress", "SubnetId"],
        ONE_ADDRESS,
        "Change PrivateIpAddress with it, or leave it to EC2",
        EC2,
    ),
    row(
        "AWS::EC2::Instance",
        &["NetworkInterfaces/*/PrivateIpAddress"],
        ONE_ADDRESS,
        "Change PrivateIpAddress with it, or leave it to EC2",
        EC2,
    ),
    row(
        "AWS::EC2::NetworkInterface",
        &["PrivateIpAddress", "SubnetId"],
        ONE_ADDRESS,
        "Change PrivateIpAddress with it, or leave it to EC2",
        EC2,
    ),
    row(
        "AWS::EC2::NetworkInterfaceAttachment",
        &["NetworkInterfaceId"],
        INTERFACE,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::NetworkInterfaceAttachment",
        &["DeviceIndex", "InstanceId"],
        "a machine has one network interface at an index",
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::EIPAssociation",
        &["AllocationId"],
        "an address that is associated has an association already",
        "Do it in two updates: without the association first, and then with it",
        ADDRESS,
    ),
    row(
        "AWS::EC2::EIPAssociation",
        &["EIP"],
        "an address that is associated has an association already",
        "Do it in two updates: without the association first, and then with it",
        ADDRESS,
    ),
    row(
        "AWS::EC2::NatGateway",
        &["AllocationId"],
        "an address belongs to one gateway at a time",
        "Give the new one an address of its own",
        GATEWAY,
    ),
    row(
        "AWS::EC2::Route",
        &[
            "RouteTableId",
            "DestinationCidrBlock",
            "DestinationIpv6CidrBlock",
            "DestinationPrefixListId",
        ],
        "a route table has one route to a destination",
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::SubnetRouteTableAssociation",
        &["SubnetId"],
        "a subnet is associated with one route table at a time",
        "Change the routes of its table, or do it in two updates: without the association first, and then with it",
        EC2,
    ),
    row(
        "AWS::EC2::Subnet",
        &["VpcId", "CidrBlock"],
        "the ranges of a network's subnets don't overlap",
        "Give the new one another CidrBlock",
        EC2,
    ),
    row(
        "AWS::EC2::VPCGatewayAttachment",
        &["InternetGatewayId"],
        ONE_NETWORK,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::VPCGatewayAttachment",
        &["VpnGatewayId"],
        ONE_NETWORK,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::SecurityGroupIngress",
        &[
            "IpProtocol",
            "GroupId",
            "GroupName",
            "FromPort",
            "ToPort",
            "CidrIp",
            "CidrIpv6",
            "SourcePrefixListId",
            "SourceSecurityGroupId",
            "SourceSecurityGroupName",
        ],
        RULES,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::SecurityGroupEgress",
        &[
            "IpProtocol",
            "GroupId",
            "FromPort",
            "ToPort",
            "CidrIp",
            "CidrIpv6",
            "DestinationPrefixListId",
            "DestinationSecurityGroupId",
        ],
        RULES,
        LET_GO,
        EC2,
    ),
    row(
        "AWS::EC2::NetworkAclEntry",
        &["NetworkAclId", "RuleNumber", "Egress"],
        "a network's list has one entry of a number",
        "Give the new one another RuleNumber",
        EC2,
    ),
    row(
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        &["TransitGatewayAttachmentId"],
        "an attachment is associated with one route table at a time",
        LET_GO,
        ATTACHMENT_ROUTES,
    ),
    doubt(row(
        "AWS::EC2::TransitGatewayAttachment",
        &["TransitGatewayId", "VpcId"],
        "a network is attached to a transit gateway once, so that the new one may be refused",
        LET_GO,
        EC2,
    )),
    doubt(row(
        "AWS::EC2::TransitGatewayVpcAttachment",
        &["TransitGatewayId", "VpcId"],
        "a network is attached to a transit gateway once, so that the new one may be refused",
        LET_GO,
        EC2,
    )),
    doubt(row(
        "AWS::EC2::VPCEndpoint",
        &["VpcId", "ServiceName"],
        "a route table has one gateway endpoint of a service, and a network one interface endpoint with private names of it, so that the new one may be refused",
        LET_GO,
        ENDPOINT,
    )),
    doubt(row(
        "AWS::EC2::FlowLog",
        &["ResourceId", "LogDestination", "LogGroupName"],
        "one with the same configuration and destination is refused, and which parts of it count isn't documented",
        LET_GO,
        EC2,
    )),
    row(
        "AWS::EFS::MountTarget",
        &["FileSystemId", "SubnetId"],
        "a file system has one mount target in an availability zone",
        LET_GO,
        MOUNT,
    ),
    own(doubt(row(
        "AWS::EFS::MountTarget",
        &["FileSystemId"],
        "a file system has one mount target in an availability zone: where the new subnet lies in the zone of the old one, the new one is refused",
        LET_GO,
        MOUNT,
    ))),
    row(
        "AWS::Lambda::EventSourceMapping",
        &["FunctionName", "EventSourceArn"],
        "a function reads a source by one mapping",
        LET_GO,
        MAPPING,
    ),
    row(
        "AWS::Lambda::Url",
        &["TargetFunctionArn", "Qualifier"],
        "a function, or an alias of it, has one URL",
        LET_GO,
        URL,
    ),
    row(
        "AWS::S3::BucketPolicy",
        &["Bucket"],
        "a bucket has one policy, and a second one is refused",
        "Write all statements into one",
        BUCKET_POLICY,
    ),
    doubt(row(
        "AWS::SNS::TopicPolicy",
        &["Topics/*"],
        OVERWRITES,
        LET_GO,
        TOPIC_POLICY,
    )),
    doubt(row(
        "AWS::SQS::QueuePolicy",
        &["Queues/*"],
        OVERWRITES,
        LET_GO,
        QUEUE_POLICY,
    )),
    doubt(row(
        "AWS::SNS::Subscription",
        &["TopicArn", "Protocol", "Endpoint"],
        "to subscribe again yields the subscription that is there, and the removal of the old one ends that",
        LET_GO,
        SUBSCRIBE,
    )),
    row(
        "AWS::IAM::Policy",
        &["Roles/*", "PolicyName"],
        ONE_POLICY,
        RENAME_POLICY,
        INLINE,
    ),
    row(
        "AWS::IAM::Policy",
        &["Users/*", "PolicyName"],
        ONE_POLICY,
        RENAME_POLICY,
        INLINE,
    ),
    row(
        "AWS::IAM::Policy",
        &["Groups/*", "PolicyName"],
        ONE_POLICY,
        RENAME_POLICY,
        INLINE,
    ),
    doubt(row(
        "AWS::IAM::UserToGroupAddition",
        &["GroupName", "Users/*"],
        "who is in the group stays in it, and the removal of the old one may take them out",
        LET_GO,
        MEMBERS,
    )),
    row(
        "AWS::IAM::OIDCProvider",
        &["Url"],
        "an account has one provider of a URL",
        LET_GO,
        PROVIDER,
    ),
    row(
        "AWS::Route53::RecordSet",
        &[
            "Name",
            "HostedZoneId",
            "HostedZoneName",
            "Type",
            "SetIdentifier",
        ],
        "a hosted zone has one record of a name and type",
        LET_GO,
        RECORD,
    ),
    row(
        "AWS::ElasticLoadBalancingV2::Listener",
        &["LoadBalancerArn", "Port"],
        "a load balancer has one listener on a port",
        LET_GO,
        LISTENER,
    ),
    row(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        &["ListenerArn", "Priority"],
        "a listener has one rule of a priority",
        "Give the new one another Priority",
        RULE,
    ),
    doubt(row(
        "AWS::SecretsManager::RotationSchedule",
        &["SecretId"],
        "a secret has one rotation, and the removal of the old one may switch it off",
        LET_GO,
        ROTATION,
    )),
    doubt(row(
        "AWS::SecretsManager::ResourcePolicy",
        &["SecretId"],
        OVERWRITES,
        LET_GO,
        SECRET_POLICY,
    )),
    row(
        "AWS::ApiGateway::Resource",
        &["RestApiId", "ParentId", "PathPart"],
        "a path has one part of a name below it",
        LET_GO,
        PATHS,
    ),
    row(
        "AWS::ApiGatewayV2::Route",
        &["ApiId", "RouteKey"],
        "an API has one route of a key",
        LET_GO,
        ROUTE_KEYS,
    ),
    row(
        "AWS::Cognito::UserPoolDomain",
        &["Domain"],
        "a domain belongs to one user pool",
        LET_GO,
        DOMAIN,
    ),
    row(
        "AWS::Config::ConfigurationRecorder",
        &[],
        "an account has one of its own in a region",
        LET_GO,
        RECORDER,
    ),
    row(
        "AWS::Config::DeliveryChannel",
        &[],
        "an account has one in a region",
        LET_GO,
        RECORDER,
    ),
    row(
        "AWS::GuardDuty::Detector",
        &[],
        "an account has one in a region",
        LET_GO,
        DETECTOR,
    ),
    row(
        "AWS::SecurityHub::Hub",
        &[],
        "an account has one in a region",
        LET_GO,
        HUB,
    ),
    row(
        "AWS::Macie::Session",
        &[],
        "an account has one in a region",
        LET_GO,
        MACIE,
    ),
];

/// Types whose names are taken from one another.
pub(super) const NAMESPACES: [&[&str]; 2] = [
    &["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"],
    &["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"],
];

/// The properties that say where a name is taken once; none: in the account and region.
pub(super) fn scope(kind: &str) -> &'static [&'static str] {
    match kind {
        "AWS::EC2::SecurityGroup" => &["VpcId"],
        "AWS::ECS::Service" => &["Cluster"],
        "AWS::Events::Rule" => &["EventBusName"],
        "AWS::Lambda::Alias" => &["FunctionName"],
        "AWS::Scheduler::Schedule" => &["GroupName"],
        "AWS::ServiceDiscovery::Service" => &["NamespaceId"],
        _ => &[],
    }
}

/// Whether an attachment's volume is one of the template that takes several machines.
fn is_shared(judge: &Judge<'_>, id: &str) -> bool {
    let volume = match judge
        .new
        .property(id, "VolumeId")
        .and_then(Node::as_intrinsic)
    {
        Some(Intrinsic::Ref(name)) => name,
        _ => return false,
    };
    let switch = judge.new.property(volume, "MultiAttachEnabled");
    switch
        .and_then(Node::scalar_text)
        .is_some_and(|text| text == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_of_a_type_that_aws_has_and_names_its_source() {
        for row in CLAIMS {
            assert!(resource_schemas::is_type(row.kind), "{}", row.kind);
            let is_source = row.source.starts_with("https://docs.aws.amazon.com/")
                || row.source.starts_with("https://github.com/");
            assert!(is_source, "{}", row.kind);
            assert!(
                !row.way.is_empty() && !row.way.ends_with('.'),
                "{}",
                row.kind
            );
        }
    }
}
