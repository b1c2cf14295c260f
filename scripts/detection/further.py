"""Further kinds: an adversary's, written without a look at the rules. Some put a resource of another type
into a template, right in all but one thing: what is told of it is compared with what is told of the right one."""
import copy
import yaml

from kinds import B, F, KINDS, P, R, in_scripts, kind, set_each
from template import Loader, changed, get, places, resources

BEFORE = set(KINDS)


def added(name, effect, text, edits):
    """A kind that adds resources (YAML) to the templates with a bucket, each with one edit of that text."""
    @kind(name, effect)
    def make(template):
        if not resources(template, B):
            return

        def with_it(text):
            new = copy.deepcopy(template)
            new["Resources"].update(yaml.load(text, Loader))
            return new

        base = with_it(text)
        for old, instead in edits:
            assert old in text, (name, old)
            yield f"{old} -> {instead}"[:70].replace("\n", " "), with_it(text.replace(old, instead, 1)), base


added("further-queue", "deploy", """
Q:
  Type: AWS::SQS::Queue
  Properties: {VisibilityTimeout: 60, MessageRetentionPeriod: 86400, ReceiveMessageWaitTimeSeconds: 20, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}
D:
  Type: AWS::SQS::Queue
""", [("VisibilityTimeout: 60", "VisibilityTimeout: 50000"), ("Period: 86400", "Period: 30"), ("Seconds: 20", "Seconds: 30"),
      ("deadLetterTargetArn", "deadLetterTargetARN"), ("!GetAtt D.Arn", "!Ref D"), ("Count: 3", "Count: 0"), ("!GetAtt D.Arn", "!GetAtt D.ARN")])
added("further-queue-policy", "deploy", """
Q: {Type: AWS::SQS::Queue}
QP:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Q]
    PolicyDocument:
      Version: "2012-10-17"
      Statement: [{Sid: Send, Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Q.Arn, Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}}]
""", [("[!Ref Q]", "[!GetAtt Q.Arn]"), ("sqs:SendMessage", "sqs:SendMessages"), ("Resource: !GetAtt Q.Arn", "Resource: !Ref Q"),
      ("events.amazonaws.com", "event.amazonaws.com"), ("aws:SourceAccount", "aws:SourceAcount"), ("Effect: Allow", "Effect: Alow")])
added("further-topic", "deploy", """
T:
  Type: AWS::SNS::Topic
  Properties: {DisplayName: alarms, Subscription: [{Protocol: email, Endpoint: me@example.org}]}
""", [("me@example.org", "example.org"), ("Protocol: email", "Protocol: mail"), ("Subscription", "Subscriptions"),
      ("DisplayName: alarms", "FifoTopic: true, TopicName: x")])
added("further-alarm", "deploy", """
T: {Type: AWS::SNS::Topic}
A:
  Type: AWS::CloudWatch::Alarm
  Properties: {Namespace: AWS/S3, MetricName: 4xxErrors, Dimensions: [{Name: BucketName, Value: x}], Statistic: Sum, Period: 60, EvaluationPeriods: 3, DatapointsToAlarm: 2, Threshold: 1, ComparisonOperator: GreaterThanThreshold, TreatMissingData: notBreaching, AlarmActions: [!Ref T]}
""", [("DatapointsToAlarm: 2", "DatapointsToAlarm: 4"), ("Period: 60", "Period: 45"), ("Statistic: Sum", "Statistic: Total"),
      ("Statistic: Sum", "ExtendedStatistic: top10"), ("Statistic: Sum, ", ""), ("notBreaching", "notbreaching"), ("[!Ref T]", "[!GetAtt T.TopicName]"),
      ("GreaterThanThreshold", "GreaterThan"), ("GreaterThanThreshold", "GreaterThanUpperThreshold"), (", Value: x", ""),
      ("EvaluationPeriods: 3", "EvaluationPeriods: 1500"), ("Threshold: 1, ", "")])
added("further-table", "deploy", """
Tab:
  Type: AWS::DynamoDB::Table
  DeletionPolicy: Retain
  UpdateReplacePolicy: Retain
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: N}]
    KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]
    TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
    StreamSpecification: {StreamViewType: NEW_IMAGE}
""", [("AttributeName: sk, AttributeType", "AttributeName: sort, AttributeType"), ("AttributeType: S", "AttributeType: String"), ("KeyType: RANGE", "KeyType: SORT"),
      ("KeyType: RANGE", "KeyType: HASH"), ("KeyType: HASH", "KeyType: RANGE"), ("PAY_PER_REQUEST", "ON_DEMAND"), ("NEW_IMAGE", "NEW_IMAGES"), ("AttributeName: ttl", 'AttributeName: ""'),
      ("BillingMode: PAY_PER_REQUEST", "BillingMode: PROVISIONED")])
added("further-task", "deploy", """
TaskRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}}]
TaskLog: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
Task:
  Type: AWS::ECS::TaskDefinition
  Properties:
    Cpu: "256"
    Memory: "512"
    NetworkMode: awsvpc
    RequiresCompatibilities: [FARGATE]
    ExecutionRoleArn: !GetAtt TaskRole.Arn
    ContainerDefinitions:
      - Name: app
        Image: public.ecr.aws/nginx/nginx:1.27.0
        Essential: true
        PortMappings: [{ContainerPort: 8080, Protocol: tcp}]
        LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref TaskLog, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: app}}
        HealthCheck: {Command: [CMD-SHELL, "exit 0"], Interval: 30, Timeout: 5, Retries: 3}
""", [('Cpu: "256"', 'Cpu: "300"'), ('Memory: "512"', 'Memory: "4096"'), ("awsvpc", "bridge"), ("    ExecutionRoleArn: !GetAtt TaskRole.Arn\n", ""),
      (", awslogs-region: !Ref AWS::Region", ""), (", awslogs-stream-prefix: app", ""), ("awslogs-group:", "awslogs-groups:"), ("ContainerPort: 8080", "ContainerPort: 80800"),
      ("Timeout: 5", "Timeout: 90"), ("Interval: 30", "Interval: 2"), ("[CMD-SHELL,", "[SHELL,"), ("ecs-tasks.amazonaws.com", "ecs.amazonaws.com"), ("Protocol: tcp", "Protocol: http"),
      ("Essential: true", "Essential: false"), ("nginx:1.27.0", "nginx:latest"), ("!GetAtt TaskRole.Arn", "!GetAtt TaskRole.RoleId")])
added("further-schedule", "deploy", """
SR:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: {Service: scheduler.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}}]
SQ: {Type: AWS::SQS::Queue}
Sch:
  Type: AWS::Scheduler::Schedule
  Properties:
    ScheduleExpression: cron(0 12 * * ? *)
    ScheduleExpressionTimezone: Europe/Berlin
    FlexibleTimeWindow: {Mode: "OFF"}
    Target: {Arn: !GetAtt SQ.Arn, RoleArn: !GetAtt SR.Arn, RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600}}
""", [('Mode: "OFF"', 'Mode: "FLEXIBLE"'), ("cron(0 12 * * ? *)", "cron(0 12 * * *)"), ("scheduler.amazonaws.com", "events.amazonaws.com"), ("Attempts: 3", "Attempts: 186"),
      ("Seconds: 3600", "Seconds: 30"), ('Mode: "OFF"', "Mode: 'NONE'"), ("!GetAtt SQ.Arn", "!Ref SQ"), ("!GetAtt SR.Arn", "!Ref SR"), ("Europe/Berlin", "Europe/Berln")])
added("further-files", "deploy", """
V:
  Type: AWS::EC2::Volume
  DeletionPolicy: Retain
  UpdateReplacePolicy: Retain
  Properties: {AvailabilityZone: us-east-1a, Size: 100, VolumeType: gp3, Encrypted: true}
E:
  Type: AWS::EFS::FileSystem
  DeletionPolicy: Retain
  UpdateReplacePolicy: Retain
  Properties: {Encrypted: true, PerformanceMode: generalPurpose, ThroughputMode: elastic, LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}]}
""", [("us-east-1a", "us-east-1"), ("VolumeType: gp3", "VolumeType: gp4"), ("VolumeType: gp3", "VolumeType: gp3, Iops: 2000"), ("VolumeType: gp3", "VolumeType: io2"),
      ("generalPurpose", "general"), ("ThroughputMode: elastic", "ThroughputMode: provisioned"), ("AFTER_30_DAYS", "AFTER_30_DAY"), ("Size: 100, ", "")])
added("further-document", "deploy", """
Doc:
  Type: AWS::SSM::Document
  Properties:
    DocumentType: Command
    Content: {schemaVersion: "2.2", description: x, mainSteps: [{action: aws:runShellScript, name: run, inputs: {runCommand: [uptime]}}]}
""", [("DocumentType: Command", "DocumentType: Comand"), ('"2.2"', '"2.20"'), ("aws:runShellScript", "aws:runShelScript"), ("runCommand:", "runCommands:"), ("name: run, ", ""), ("mainSteps", "mainStep")])
added("further-database", "deploy", """
Db:
  Type: AWS::RDS::DBInstance
  DeletionPolicy: Snapshot
  UpdateReplacePolicy: Snapshot
  Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, AllocatedStorage: "20", StorageType: gp3, StorageEncrypted: true, MasterUsername: dba, ManageMasterUserPassword: true, BackupRetentionPeriod: 7, PubliclyAccessible: false}
""", [("Engine: postgres", "Engine: postgresql"), ("db.t4g.micro", "t4g.micro"), ("db.t4g.micro", "db.t4g.mico"), ('"20"', '"5"'), ("MasterUsername: dba", "MasterUsername: admin-user"), ("Period: 7", "Period: 36"),
      ("PubliclyAccessible: false", "PubliclyAccessible: true"), ("ManageMasterUserPassword: true", "MasterUserPassword: hunter2hunter2"), (", ManageMasterUserPassword: true", ""),
      ("StorageType: gp3", "StorageType: gp4"), ("StorageEncrypted: true", "StorageEncrypted: false")])
added("further-network", "deploy", """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true}}
Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1a}}
Gate: {Type: AWS::EC2::InternetGateway}
Attach: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gate}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
Way: {Type: AWS::EC2::Route, DependsOn: Attach, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gate}}
Assoc: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Sub, RouteTableId: !Ref Table}}
""", [("10.0.0.0/16", "10.0.0.0/8"), ("10.0.0.0/16", "10.0.0/16"), ("10.0.1.0/24", "10.1.0.0/24"), ("10.0.1.0/24", "10.0.1.0/29"), ("us-east-1a", "us-east-1"), ("VpcId: !Ref Vpc, CidrBlock", "VpcId: !Ref Gate, CidrBlock"),
      ("0.0.0.0/0", "0.0.0.0"), ("GatewayId: !Ref Gate", "GatewayId: !Ref Vpc"), ("SubnetId: !Ref Sub", "SubnetId: !Ref Vpc"), ("EnableDnsSupport", "EnableDNSSupport"), ("DependsOn: Attach", "DependsOn: Attached")])
added("further-machine-rules", "deploy", """
AG:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: a group
    VpcId: vpc-0123456789abcdef0
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16, Description: pages}]
    SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 10.0.0.0/8}]
""", [("ToPort: 443", "ToPort: 70000"), ("Description: pages", "Description: pagés"), ("Description: pages", "Description: " + "p" * 256), ("IpProtocol: tcp", "IpProtocol: icmpv4"),
      ('IpProtocol: "-1", ', ""), ("Description: pages", "Descripton: pages"), ("10.0.0.0/8", "10.0.0.0/80")])
added("further-logs-policy", "late", """
LR:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
    Policies:
      - PolicyName: logs
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - {Sid: Logs, Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: !Sub "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/app/x:*"}
            - {Sid: Org, Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::some-bucket/*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-abc1234567}}}
            - {Sid: No, Effect: Deny, Action: s3:DeleteObject, Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}}
""", [("/app/x:*", "/app/x"), ("o-abc1234567", "org-1"), ("aws:PrincipalOrgID", "aws:PrincipalOrg"), ("s3:DeleteObject", "s3:DeleteObjekt"), ("aws:SecureTransport", "aws:SecuredTransport"),
      ("Bool:", "Boolean:"), ("PolicyName: logs", "PolicyName: \"the logs\""), ("Sid: No", "Sid: Org"), ("logs:PutLogEvents", "logs:PutLogEvent"), ('Resource: "arn:aws:s3:::some-bucket/*"', "Resource: some-bucket/*")])

# What a template's own resources hold.
set_each("further-code", "late", F, (P, "Code", "ZipFile"), [
    "def handler(event, context)\n    return 1\n", "def handler(event, context):\nreturn 1\n", "def handler(event, context):\n    return (1\n",
    "def handler(event, context):\n    return 'a\n"], (P, "Code", "ZipFile"))
set_each("further-architecture", "deploy", F, (P, "Architectures"), [["arm"], ["arm64", "x86_64"], "arm64"])
set_each("further-dead-letter", "deploy", F, (P, "DeadLetterConfig"), [{"TargetArn": "my-queue"}, {"Target": "arn:aws:sqs:us-east-1:123456789012:q"}])
set_each("further-variable-value", "deploy", F, (P, "Environment", "Variables", "LIST"), [["a", "b"], {"a": "b"}])
set_each("further-cors", "deploy", B, (P, "CorsConfiguration"), [
    {"CorsRules": [{"AllowedMethods": [], "AllowedOrigins": ["*"]}]}, {"CorsRules": [{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]}, {"CorsRules": [{"AllowedOrigins": ["*"]}]}])
set_each("further-noncurrent", "deploy", B, (P, "LifecycleConfiguration"), [{"Rules": [{"Id": "a", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 0}}]}])
set_each("further-secret-generated", "deploy", "AWS::SecretsManager::Secret", (P,), [
    {"GenerateSecretString": {"PasswordLength": 3}}, {"GenerateSecretString": {"SecretStringTemplate": '{"user":"a"}'}}, {"GenerateSecretString": {"SecretStringTemplate": "{user:a}", "GenerateStringKey": "password"}}])
set_each("further-parameter-name", "deploy", "AWS::SSM::Parameter", (P, "Name"), ["/app/x y", "/app/ü"])
set_each("further-policy-name", "deploy", R, (P, "Policies"), [[{"PolicyName": "read it", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}]}}]])


@kind("further-bucket-name-as-arn", "deploy")
def bucket_name_as_arn(template):
    """The name of a thing, or its address, where a policy wants its ARN."""
    for role in resources(template, R)[:1]:
        base = ("Resources", role, P, "Policies")
        for of, action in ((B, "s3:ListBucket"), ("AWS::Logs::LogGroup", "logs:PutLogEvents"), (F, "lambda:InvokeFunction")):
            for logical_id in resources(template, of)[:1]:
                policy = {"PolicyName": "more", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Sid": "More", "Effect": "Allow", "Action": action, "Resource": {"Ref": logical_id}}]}}
                yield f"{action} on !Ref {logical_id}", changed(template, (*base, len(get(template, base) or [])), policy)


@kind("further-condition-value", "late")
def condition_value(template):
    """A condition that compares with a value that the form doesn't offer."""
    for path, value in places(template.get("Conditions", {}), ("Conditions",)):
        if isinstance(value, dict) and "Fn::Equals" in value:
            left, right = value["Fn::Equals"]
            name = left.get("Ref") if isinstance(left, dict) else None
            if isinstance(right, str) and get(template, ("Parameters", name or "", "AllowedValues")):
                yield f"{'.'.join(map(str, path))}", changed(template, (*path, "Fn::Equals", 1), right + "x")


in_scripts("further-script", "late", [
    ("#!/bin/bash", "#!/bin/bahs"), ("-e $?", "-e 0"), ('-e "$?"', "-e 0")])

FURTHER = sorted(set(KINDS) - BEFORE)
# What `check` found when it was asked first.
FIRST = "156 of 321 (48%), at error level 142 of 321 (44%)"
