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
    /// Whether a size gets smaller, which the service refuses; this is what a larger one does.
    GrowsOnly(Effect),
    /// Whether a version is an older one, which the service refuses, and whether a step to another major
    /// one is allowed.
    UpgradesOnly(Upgrades),
    /// Whether something of a list of named things goes or changes, which the service refuses.
    AddsOnly,
    /// Whether the engine is memcached, whose nodes can't get another size.
    NodeType,
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

const NOTEBOOK: &str = "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-update.html";
const NOTEBOOK_VOLUME: &str =
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstance.html";
const BROKERS: &str =
    "https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-nodes-storage.html";
const WORKSPACE: &str =
    "https://docs.aws.amazon.com/workspaces/latest/adminguide/modify-workspaces.html";
const UPGRADES: &str =
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html";
const CACHE: &str = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html";
const CACHE_CLUSTER: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-cachecluster.html";
const KUBERNETES: &str = "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html";
const PARAMETER: &str =
    "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html";
const LOG_CLASS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html";
const USER_POOL_SCHEMA: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html";

const STOPS: &str =
    "the notebook instance has to stand still: it is stopped and started, and what runs on it ends";
const NO_DOWNGRADE: &str = "it is upgraded with some interruptions; the service refuses an older version, and another major one unless AllowMajorVersionUpgrade is true";
const NO_OLDER: &str = "it can be upgraded, and the service refuses an older version";
const THROUGHPUT: &str =
    "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/managing-throughput-capacity.html";
const DATABASE_CLUSTER: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html";

const SOME_INTERRUPTIONS: &str = "it is updated with some interruptions";
const FROM_SNAPSHOT: &str = "what was made from one snapshot is made anew from another one, and without one it is made anew and empty";
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

/// What a service asks of an upgrade, beside that it isn't a downgrade.
#[derive(Clone, Copy, Debug)]
pub(super) enum Upgrades {
    /// Nothing.
    Any,
    /// That `AllowMajorVersionUpgrade` is on where the major version is another one.
    MajorWhereAllowed,
    /// That it is to the next minor version.
    ByOneMinor,
}

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
        "AWS::RDS::DBInstance",
        &["AutoMinorVersionUpgrade"],
        Rule::Always(Effect::Interrupted),
        SOME_INTERRUPTIONS,
        DATABASE
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["DBParameterGroupName"],
        Rule::Always(Effect::Interrupted),
        SOME_INTERRUPTIONS,
        DATABASE
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["MultiAZ"],
        Rule::Always(Effect::Interrupted),
        SOME_INTERRUPTIONS,
        DATABASE
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["PreferredMaintenanceWindow"],
        Rule::Always(Effect::Interrupted),
        SOME_INTERRUPTIONS,
        DATABASE
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["DBSnapshotIdentifier"],
        Rule::Always(Effect::Replaced),
        FROM_SNAPSHOT,
        DATABASE
    ),
    row!(
        "AWS::RDS::DBCluster",
        &["SnapshotIdentifier"],
        Rule::Always(Effect::Replaced),
        FROM_SNAPSHOT,
        DATABASE_CLUSTER
    ),
    row!(
        "AWS::FSx::FileSystem",
        &["WindowsConfiguration", "ThroughputCapacity"],
        Rule::Always(Effect::Interrupted),
        "its file server is exchanged: one in a single zone can't be reached for some minutes",
        THROUGHPUT
    ),
    row!(
        "AWS::FSx::FileSystem",
        &["OntapConfiguration", "ThroughputCapacity"],
        Rule::Always(Effect::Interrupted),
        "its file server is exchanged: one in a single zone can't be reached for some minutes",
        THROUGHPUT
    ),
    row!(
        "AWS::FSx::FileSystem",
        &["OpenZFSConfiguration", "ThroughputCapacity"],
        Rule::Always(Effect::Interrupted),
        "its file server is exchanged: one in a single zone can't be reached for some minutes",
        THROUGHPUT
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
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        VOLUME
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["AllocatedStorage"],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        STORAGE
    ),
    row!(
        "AWS::FSx::FileSystem",
        &["StorageCapacity"],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        FILE_SYSTEM
    ),
    row!(
        "AWS::RDS::DBCluster",
        &["AllocatedStorage"],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        STORAGE
    ),
    row!(
        "AWS::MSK::Cluster",
        &[
            "BrokerNodeGroupInfo",
            "StorageInfo",
            "EBSStorageInfo",
            "VolumeSize"
        ],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        BROKERS
    ),
    row!(
        "AWS::WorkSpaces::Workspace",
        &["WorkspaceProperties", "RootVolumeSizeGib"],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        WORKSPACE
    ),
    row!(
        "AWS::WorkSpaces::Workspace",
        &["WorkspaceProperties", "UserVolumeSizeGib"],
        Rule::GrowsOnly(Effect::InPlace),
        GROWS,
        WORKSPACE
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["VolumeSizeInGB"],
        Rule::GrowsOnly(Effect::Interrupted),
        "it can grow while the notebook instance stands still, and the service refuses to make it smaller",
        NOTEBOOK_VOLUME
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["InstanceType"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["RoleArn"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["LifecycleConfigName"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["RootAccess"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["DefaultCodeRepository"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::SageMaker::NotebookInstance",
        &["AdditionalCodeRepositories"],
        Rule::Always(Effect::Interrupted),
        STOPS,
        NOTEBOOK
    ),
    row!(
        "AWS::RDS::DBInstance",
        &["EngineVersion"],
        Rule::UpgradesOnly(Upgrades::MajorWhereAllowed),
        NO_DOWNGRADE,
        UPGRADES
    ),
    row!(
        "AWS::RDS::DBCluster",
        &["EngineVersion"],
        Rule::UpgradesOnly(Upgrades::Any),
        NO_OLDER,
        UPGRADES
    ),
    row!(
        "AWS::ElastiCache::ReplicationGroup",
        &["EngineVersion"],
        Rule::UpgradesOnly(Upgrades::Any),
        NO_OLDER,
        CACHE
    ),
    row!(
        "AWS::EKS::Cluster",
        &["Version"],
        Rule::UpgradesOnly(Upgrades::ByOneMinor),
        "it is upgraded by one minor version at a time, and never to an older one",
        KUBERNETES
    ),
    row!(
        "AWS::ElastiCache::CacheCluster",
        &["CacheNodeType"],
        Rule::NodeType,
        "nodes of memcached can't get another size: give the resource another logical id, which makes a new one",
        CACHE_CLUSTER
    ),
    row!(
        "AWS::SSM::Parameter",
        &["Type"],
        Rule::Always(Effect::Fails),
        "the service refuses to make another type of a parameter that is there: give it another name with it",
        PARAMETER
    ),
    row!(
        "AWS::Logs::LogGroup",
        &["LogGroupClass"],
        Rule::Always(Effect::Fails),
        "the class of a log group is decided when it is made: no later update can say it",
        LOG_CLASS
    ),
    row!(
        "AWS::Cognito::UserPool",
        &["Schema"],
        Rule::AddsOnly,
        "attributes can be added, and the service refuses to change or remove one",
        USER_POOL_SCHEMA
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
