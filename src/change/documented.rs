//! What AWS's documentation says of updates beyond the schemas: one row a property.

use super::Effect;

/// A row: what a change of a property does, as its page says.
#[derive(Debug)]
pub struct Override {
    /// The resource type.
    pub kind: &'static str,
    /// The property; what lies below it counts as well.
    pub path: &'static [&'static str],
    /// What decides.
    pub(super) rule: Rule,
    /// What the page says, in a sentence.
    pub why: &'static str,
    /// The page.
    pub source: &'static str,
}

/// What decides about the effect.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Nothing: it is always this.
    Always(Effect),
    /// The root device: a machine with an EBS root volume restarts, another one is replaced.
    EbsRoot,
    /// Which part of the block devices changed.
    BlockDevices,
    /// Whether the compute environment may be replaced.
    ReplaceComputeEnvironment,
    /// A new revision, but where the name or tags change.
    NewRevision,
    /// Whether the document takes new versions.
    DocumentUpdateMethod,
    /// Whether a size gets smaller, which the service refuses.
    GrowsOnly,
    /// Whether a rule of a security group goes or changes; what is only added interrupts nothing.
    GroupRules,
    /// Replaced unless this switch of the `UpdatePolicy` is on.
    UnlessPolicy(&'static str),
    /// What the `UpdatePolicy` of a group of machines says.
    GroupPolicy,
    /// How many global secondary indexes come and go, and whether one that stays is another.
    OneIndexAtATime,
}

const INSTANCE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html";
const DEVICES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-instance-blockdevicemapping.html";
const GROUPS: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/changing-security-group.html";
const FARGATE: &str =
    "https://docs.aws.amazon.com/batch/latest/userguide/updating-compute-environments.html";
const COMPUTE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html";
const DOCUMENT: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html";
const JOB: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobdefinition.html";
const SECRET: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html";
const CUSTOM: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html";
const NESTED: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html";
const TABLE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html";
const REGISTRY: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html";
const STREAM: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html";
const DATABASE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html";
const USER_POOL: &str = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html";
const SECURITY_GROUP: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html";
const VOLUME: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html";
const STORAGE: &str =
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html";
const FILE_SYSTEM: &str =
    "https://docs.aws.amazon.com/fsx/latest/APIReference/API_UpdateFileSystem.html";
const UPDATE_POLICY: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html";
const WAIT_HANDLE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html";

const RESTARTS: &str =
    "a machine with an EBS root volume stops and starts; one with an instance store is replaced";
const NETWORK: &str =
    "on Fargate updated as it is; on EC2 the machines are replaced, or with them the environment";
const GROWS: &str = "it can grow, and the service refuses to make it smaller";
const UPDATE_POLICY_DECIDES: &str = "by its UpdatePolicy the group is replaced, its machines are replaced one after the other, or those that run stay as they are";
const RULES_DROP: &str = "a rule that changes is removed before the new one is added: for a moment its traffic is dropped";
const UNLESS_UPGRADE: &str =
    "replaced unless EnableVersionUpgrade of the UpdatePolicy is true, with what it holds";
const UNLESS_RESHARDING: &str =
    "replaced unless UseOnlineResharding of the UpdatePolicy is true, with what it holds";
const AT_CREATION: &str = "it is decided when the user pool is made: no later update can say it";
const MOVES: &str = "a machine moves between hosts with some interruptions";

macro_rules! row {
    ($kind:expr, $path:expr, $rule:expr, $why:expr, $source:expr) => {
        Override {
            kind: $kind,
            path: $path,
            rule: $rule,
            why: $why,
            source: $source,
        }
    };
}

pub(super) static ROWS: &[Override] = &[
    row!(
        "AWS::EC2::Instance",
        &["InstanceType"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["EbsOptimized"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["KernelId"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["RamdiskId"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["UserData"],
        Rule::EbsRoot,
        "a machine with an EBS root volume stops and starts, and doesn't run the new user data: it runs at the first boot only",
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["BlockDeviceMappings"],
        Rule::BlockDevices,
        "of a running machine's volumes only DeleteOnTermination changes in place; anything else replaces the machine",
        DEVICES
    ),
    // CloudFormation's page speaks of some interruptions here, as for every property that EC2
    // once couldn't change outside of a VPC; EC2's own guide is the more exact.
    row!(
        "AWS::EC2::Instance",
        &["SecurityGroupIds"],
        Rule::Always(Effect::InPlace),
        "a running machine changes its security groups, and goes on",
        GROUPS
    ),
    row!(
        "AWS::EC2::Instance",
        &["Affinity"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["HostId"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["Tenancy"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["PrivateDnsNameOptions"],
        Rule::Always(Effect::Interrupted),
        "a machine gets another host name with some interruptions",
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["AdditionalInfo"],
        Rule::Always(Effect::Interrupted),
        "reserved by AWS; an update interrupts",
        INSTANCE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources"],
        Rule::ReplaceComputeEnvironment,
        "replaced unless ReplaceComputeEnvironment is false",
        COMPUTE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources", "SecurityGroupIds"],
        Rule::ReplaceComputeEnvironment,
        NETWORK,
        FARGATE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources", "Subnets"],
        Rule::ReplaceComputeEnvironment,
        NETWORK,
        FARGATE
    ),
    row!(
        "AWS::SSM::Document",
        &[],
        Rule::DocumentUpdateMethod,
        "replaced unless UpdateMethod is NewVersion",
        DOCUMENT
    ),
    row!(
        "AWS::Batch::JobDefinition",
        &[],
        Rule::NewRevision,
        "a new revision: jobs submitted from then on use it, those that run keep theirs",
        JOB
    ),
    row!(
        "AWS::SecretsManager::Secret",
        &["GenerateSecretString"],
        Rule::Always(Effect::InPlace),
        "a new version of the secret is made, with another value",
        SECRET
    ),
    row!(
        "AWS::SecretsManager::Secret",
        &["SecretString"],
        Rule::Always(Effect::InPlace),
        "a new version of the secret is made, with this value",
        SECRET
    ),
    row!(
        "AWS::CloudFormation::Stack",
        &["TemplateURL"],
        Rule::Always(Effect::Unknown),
        "another template inside: what that changes there isn't known here",
        NESTED
    ),
    row!(
        "AWS::CloudFormation::Stack",
        &["Parameters"],
        Rule::Always(Effect::Unknown),
        "other values inside: what they change there isn't known here",
        NESTED
    ),
    row!(
        "AWS::CloudFormation::WaitConditionHandle",
        &[],
        Rule::Always(Effect::NoEffect),
        "updates are not supported, and nothing is waited for again",
        WAIT_HANDLE
    ),
    row!(
        "AWS::CloudFormation::CustomResource",
        &["ServiceToken"],
        Rule::Always(Effect::Fails),
        "the service token of a custom resource can't change",
        CUSTOM
    ),
    row!(
        "AWS::CloudFormation::CustomResource",
        &[],
        Rule::Always(Effect::Unknown),
        "its function gets an Update request, and decides by the physical id it answers with whether it is replaced",
        CUSTOM
    ),
    row!(
        "AWS::DynamoDB::Table",
        &["TimeToLiveSpecification"],
        Rule::Always(Effect::InPlace),
        "the table stays; which items it deletes by itself changes",
        TABLE
    ),
    row!(
        "AWS::ECR::Repository",
        &["LifecyclePolicy"],
        Rule::Always(Effect::InPlace),
        "the repository stays; which images it deletes by itself changes",
        REGISTRY
    ),
    row!(
        "AWS::Kinesis::Stream",
        &["RetentionPeriodHours"],
        Rule::Always(Effect::InPlace),
        "the stream stays; how long it keeps records changes",
        STREAM
    ),
    // RDS's own guide speaks of an outage only where backups are switched on or off; AWS's schema lets
    // it replace. CloudFormation's page stands between them.
    row!(
        "AWS::RDS::DBInstance",
        &["BackupRetentionPeriod"],
        Rule::Always(Effect::Interrupted),
        "some interruptions: an outage where automated backups are switched on or off",
        DATABASE
    ),
    row!(
        "AWS::DynamoDB::Table",
        &["GlobalSecondaryIndexes"],
        Rule::OneIndexAtATime,
        "one index can come or go in an update, and of one that stays only throughput and insights can change",
        TABLE
    ),
    row!(
        "AWS::EC2::Volume",
        &["Size"],
        Rule::GrowsOnly,
        GROWS,
        VOLUME
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["AllocatedStorage"],
        Rule::GrowsOnly,
        GROWS,
        STORAGE
    ),
    row!(
        "AWS::FSx::FileSystem",
        &["StorageCapacity"],
        Rule::GrowsOnly,
        GROWS,
        FILE_SYSTEM
    ),
    row!(
        "AWS::AutoScaling::AutoScalingGroup",
        &["LaunchTemplate"],
        Rule::GroupPolicy,
        UPDATE_POLICY_DECIDES,
        UPDATE_POLICY
    ),
    row!(
        "AWS::AutoScaling::AutoScalingGroup",
        &["LaunchConfigurationName"],
        Rule::GroupPolicy,
        UPDATE_POLICY_DECIDES,
        UPDATE_POLICY
    ),
    row!(
        "AWS::AutoScaling::AutoScalingGroup",
        &["MixedInstancesPolicy"],
        Rule::GroupPolicy,
        UPDATE_POLICY_DECIDES,
        UPDATE_POLICY
    ),
    row!(
        "AWS::AutoScaling::AutoScalingGroup",
        &["VPCZoneIdentifier"],
        Rule::GroupPolicy,
        UPDATE_POLICY_DECIDES,
        UPDATE_POLICY
    ),
    row!(
        "AWS::AutoScaling::AutoScalingGroup",
        &["AvailabilityZones"],
        Rule::GroupPolicy,
        UPDATE_POLICY_DECIDES,
        UPDATE_POLICY
    ),
    row!(
        "AWS::OpenSearchService::Domain",
        &["EngineVersion"],
        Rule::UnlessPolicy("EnableVersionUpgrade"),
        UNLESS_UPGRADE,
        UPDATE_POLICY
    ),
    row!(
        "AWS::Elasticsearch::Domain",
        &["ElasticsearchVersion"],
        Rule::UnlessPolicy("EnableVersionUpgrade"),
        UNLESS_UPGRADE,
        UPDATE_POLICY
    ),
    row!(
        "AWS::ElastiCache::ReplicationGroup",
        &["NumNodeGroups"],
        Rule::UnlessPolicy("UseOnlineResharding"),
        UNLESS_RESHARDING,
        UPDATE_POLICY
    ),
    row!(
        "AWS::ElastiCache::ReplicationGroup",
        &["NodeGroupConfiguration"],
        Rule::UnlessPolicy("UseOnlineResharding"),
        UNLESS_RESHARDING,
        UPDATE_POLICY
    ),
    row!(
        "AWS::Cognito::UserPool",
        &["UsernameAttributes"],
        Rule::Always(Effect::Fails),
        AT_CREATION,
        USER_POOL
    ),
    row!(
        "AWS::Cognito::UserPool",
        &["AliasAttributes"],
        Rule::Always(Effect::Fails),
        AT_CREATION,
        USER_POOL
    ),
    row!(
        "AWS::Cognito::UserPool",
        &["UsernameConfiguration"],
        Rule::Always(Effect::Fails),
        AT_CREATION,
        USER_POOL
    ),
    row!(
        "AWS::EC2::SecurityGroup",
        &["SecurityGroupIngress"],
        Rule::GroupRules,
        RULES_DROP,
        SECURITY_GROUP
    ),
    row!(
        "AWS::EC2::SecurityGroup",
        &["SecurityGroupEgress"],
        Rule::GroupRules,
        RULES_DROP,
        SECURITY_GROUP
    ),
];
