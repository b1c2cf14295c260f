//! Which resource types hold what people put there, and which hold nothing.

/// The resource types that hold data: what they hold, and what CloudFormation does when it
/// deletes one.
pub(super) const HOLDERS: [(&str, &str, &str); 40] = [
    (
        "AWS::S3::Bucket",
        "objects",
        "a bucket that holds objects can't be deleted: it stays behind, outside the stack",
    ),
    (
        "AWS::KMS::Key",
        "the key, and so all that it encrypts",
        "the key is deleted after its waiting period, and what it encrypts can't be read any more",
    ),
    (
        "AWS::SecretsManager::Secret",
        "the secret's value",
        "the secret is deleted",
    ),
    (
        "AWS::SSM::Parameter",
        "the parameter's value",
        "the parameter is deleted",
    ),
    (
        "AWS::Logs::LogGroup",
        "logs",
        "the log group is deleted with its logs",
    ),
    (
        "AWS::EC2::Volume",
        "files on the volume",
        "the volume is deleted",
    ),
    (
        "AWS::EFS::FileSystem",
        "files",
        "the file system is deleted",
    ),
    (
        "AWS::DynamoDB::Table",
        "the table's items",
        "the table is deleted",
    ),
    (
        "AWS::RDS::DBInstance",
        "the database",
        "the database is deleted",
    ),
    (
        "AWS::RDS::DBCluster",
        "the databases",
        "the cluster is deleted with its databases",
    ),
    (
        "AWS::Redshift::Cluster",
        "the databases",
        "the cluster is deleted with its databases",
    ),
    (
        "AWS::FSx::FileSystem",
        "files",
        "the file system is deleted",
    ),
    (
        "AWS::Kinesis::Stream",
        "records",
        "the stream is deleted with its records",
    ),
    (
        "AWS::OpenSearchService::Domain",
        "indexes",
        "the domain is deleted with its indexes",
    ),
    (
        "AWS::Cognito::UserPool",
        "accounts of people",
        "the user pool is deleted with its accounts",
    ),
    (
        "AWS::SQS::Queue",
        "messages",
        "the queue is deleted with its messages",
    ),
    (
        "AWS::ECR::Repository",
        "images",
        "a repository that holds images can't be deleted: it stays behind, outside the stack",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "files on its machines",
        "its machines are terminated with their root volumes",
    ),
    (
        "AWS::RDS::GlobalCluster",
        "the databases",
        "the global cluster is deleted",
    ),
    (
        "AWS::DocDB::DBCluster",
        "the databases",
        "the cluster is deleted with its databases",
    ),
    (
        "AWS::Neptune::DBCluster",
        "the databases",
        "the cluster is deleted with its databases",
    ),
    (
        "AWS::DynamoDB::GlobalTable",
        "the table's items",
        "the table is deleted in every region",
    ),
    (
        "AWS::Cassandra::Table",
        "the table's rows",
        "the table is deleted",
    ),
    (
        "AWS::Timestream::Table",
        "the table's records",
        "the table is deleted",
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "what it keeps in memory",
        "it is deleted with what it keeps",
    ),
    (
        "AWS::ElastiCache::CacheCluster",
        "what it keeps in memory",
        "it is deleted with what it keeps",
    ),
    (
        "AWS::MemoryDB::Cluster",
        "the database",
        "the cluster is deleted with its data",
    ),
    (
        "AWS::Elasticsearch::Domain",
        "indexes",
        "the domain is deleted with its indexes",
    ),
    (
        "AWS::MSK::Cluster",
        "messages",
        "the cluster is deleted with its topics",
    ),
    (
        "AWS::AmazonMQ::Broker",
        "messages",
        "the broker is deleted with its messages",
    ),
    (
        "AWS::CodeCommit::Repository",
        "the repository",
        "the repository is deleted with its history",
    ),
    (
        "AWS::SageMaker::NotebookInstance",
        "files on its volume",
        "the notebook instance is deleted with its volume",
    ),
    (
        "AWS::WorkSpaces::Workspace",
        "files of its user",
        "the workspace is deleted with its volumes",
    ),
    (
        "AWS::Lightsail::Instance",
        "files on the machine",
        "the machine is deleted with its disk",
    ),
    (
        "AWS::Lightsail::Database",
        "the database",
        "the database is deleted",
    ),
    (
        "AWS::Lightsail::Disk",
        "files on the disk",
        "the disk is deleted",
    ),
    (
        "AWS::Backup::BackupVault",
        "backups",
        "a vault that holds backups can't be deleted: it stays behind, outside the stack",
    ),
    (
        "AWS::IAM::AccessKey",
        "the key, and so what signs with it",
        "the key is deleted",
    ),
    (
        "AWS::IAM::User",
        "its passwords and keys",
        "the user is deleted",
    ),
    (
        "AWS::EC2::EIP",
        "the address",
        "the address is released, and another one takes its place",
    ),
];

/// Types of which AWS's list of replacements is known and no more, and that hold nothing that people put
/// there: all that they are stands in the template.
pub(super) const EMPTY: [&str; 43] = [
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::AutoScaling::LifecycleHook",
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::CloudFront::Distribution",
    "AWS::CloudWatch::Dashboard",
    "AWS::EC2::EIPAssociation",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::VolumeAttachment",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::EFS::MountTarget",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Events::EventBus",
    "AWS::IAM::Group",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Version",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::Route53::RecordSet",
];
