// The catalog as a CDK app, for the benchmark: `node app.mjs ROOT OUT [COPIES]` synthesizes one
// template a product, and those of the stacks around them, below OUT. ROOT is the repository, whose
// boot scripts and function code the templates embed, as those of the catalog do.
//
// Parameters with their patterns, resources, roles and outputs are those of the catalog's products in
// number and kind. Left out: cfn-init metadata (the scripts go into user data), what instances read of
// their account, conditions on single properties, and every check: CDK's validation is its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cdk from "aws-cdk-lib";
import * as batch from "aws-cdk-lib/aws-batch";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as elb from "aws-cdk-lib/aws-elasticloadbalancingv2";
import * as events from "aws-cdk-lib/aws-events";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as secrets from "aws-cdk-lib/aws-secretsmanager";
import * as ssm from "aws-cdk-lib/aws-ssm";
import { around } from "./around.mjs";

const [root, out, copies = "1"] = process.argv.slice(2);
const SIZES = ["micro", "small", "medium", "large", "xlarge", "2xlarge"].map((size) => `t3a.${size}`);
const FAMILIES = ["m6a", "c6a", "r6a"];
const SCRIPTS = ["boot.sh", "hup.sh", "agent.sh", "instance-env.sh"];

const text = (path) => readFileSync(join(root, "products", path), "utf8");
const sub = (value) => cdk.Fn.sub(value);
const exported = (name) => cdk.Fn.importValue(sub(`\${AWS::Region}-${name}`));

/** A product: its launch form, a documentation output, and what all roles have. */
class Product extends cdk.Stack {
  constructor(scope, id, description) {
    super(scope, id, { description, synthesizer: new cdk.LegacyStackSynthesizer(), analyticsReporting: false });
    this.groups = [];
    this.labels = {};
    this.templateOptions.metadata = {
      "AWS::CloudFormation::Interface": { ParameterGroups: this.groups, ParameterLabels: this.labels },
    };
    this.output("Documentation", "How to use the product", "https://example.org/catalog");
  }

  ask(group, name, label, properties) {
    let found = this.groups.find((one) => one.Label.default === group);
    if (!found) this.groups.push((found = { Label: { default: group }, Parameters: [] }));
    found.Parameters.push(name);
    this.labels[name] = { default: label };
    return new cdk.CfnParameter(this, name, { type: "String", ...properties });
  }

  output(name, description, value) {
    new cdk.CfnOutput(this, name, { description, value });
  }

  role(id, service, properties = {}) {
    return new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal(service, {
        conditions: { StringEquals: { "aws:SourceAccount": cdk.Aws.ACCOUNT_ID } },
      }),
      path: `/service-catalog/${this.node.id}/`,
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(this, `${id}Boundary`, exported("boundary")),
      ...properties,
    });
  }

  logGroup(id, days, properties = {}) {
    return new logs.LogGroup(this, id, { retention: days, removalPolicy: cdk.RemovalPolicy.DESTROY, ...properties });
  }

  tagger(properties) {
    return new cdk.CustomResource(this, "Tagger", {
      resourceType: "Custom::SynapseTagger",
      serviceToken: exported("tagger-FunctionArn"),
      properties,
    });
  }

  func(id, path, policy, logGroup) {
    const role = this.role(`${id}Role`, "lambda.amazonaws.com", { inlinePolicies: { Function: policy } });
    logGroup.grantWrite(role);
    return new lambda.Function(this, id, {
      code: lambda.Code.fromInline(text(path)),
      handler: "index.handler",
      runtime: lambda.Runtime.PYTHON_3_13,
      timeout: cdk.Duration.seconds(60),
      logGroup,
      role,
    });
  }
}

const allow = (sid, actions, resources = ["*"], conditions = undefined) =>
  new iam.PolicyStatement({ sid, actions, resources, conditions });

const document = (...statements) => new iam.PolicyDocument({ statements });

/** What every instance may do: be managed, be reached, say how it is. */
function machine(product, logGroup) {
  const arn = (service, what) => sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${what}`);
  const statements = [
    allow("SystemsManager", ["DescribeAssociation", "DescribeDocument", "GetDeployablePatchSnapshotForInstance",
      "GetDocument", "GetManifest", "ListAssociations", "ListInstanceAssociations", "PutConfigurePackageResult",
      "PutInventory"].map((action) => `ssm:${action}`)),
    allow("OwnState", ["PutComplianceItems", "UpdateAssociationStatus", "UpdateInstanceAssociationStatus",
      "UpdateInstanceInformation"].map((action) => `ssm:${action}`),
      [arn("ec2", "instance/*"), arn("ssm", "association/*")]),
    allow("Sessions", ["AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply"]
      .map((action) => `ec2messages:${action}`)
      .concat(["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
        .map((action) => `ssmmessages:${action}`))),
    allow("OwnFacts", ["ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeVolumes"]),
    allow("Metrics", ["cloudwatch:PutMetricData"], ["*"],
      { StringEquals: { "cloudwatch:namespace": sub("CWAgent/${AWS::StackName}") } }),
  ];
  if (logGroup) {
    statements.push(allow("Logs", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      [logGroup.logGroupArn]));
  }
  return document(...statements);
}

function instance(product, id, { form, parameter, image, scripts, logGroup, policies = {}, tags = {}, disk = 30 }) {
  const offered = SIZES.concat(FAMILIES.flatMap((family) =>
    ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"].map((size) => `${family}.${size}`)));
  const type = product.ask(form, parameter, "EC2 Instance Type", {
    description: "Processors and memory of the machine: see https://aws.amazon.com/ec2/instance-types/",
    default: "t3a.small",
    allowedValues: offered,
    constraintDescription: "Choose one of the instance types of the list.",
  });
  const size = product.ask(form, "VolumeSize", "Disk Size", {
    type: "Number",
    description: "Size of the disk in GB.",
    default: disk,
    minValue: disk,
    maxValue: 5000,
    constraintDescription: `Write a whole number from ${disk} to 5000.`,
  });
  const accounts = new cdk.CfnMapping(product, "Accounts", {
    mapping: Object.fromEntries(["111122223333", "222233334444", "333344445555"].map((account) => [account, {
      VPCId: "us-east-1-pool-VPCId",
      PrivateSubnet: "us-east-1-pool-PrivateSubnet",
      VpnSecurityGroup: "us-east-1-pool-VpnSecurityGroup",
    }])),
  });
  const images = new cdk.CfnMapping(product, "Images", {
    mapping: { "us-east-1": { Linux: "ami-0123456789abcdef0", Ubuntu: "ami-0123456789abcdef2", Windows: "ami-0123456789abcdef1" } },
  });
  const ofAccount = (name) => cdk.Fn.importValue(accounts.findInMap(cdk.Aws.ACCOUNT_ID, name));
  const group = new ec2.CfnSecurityGroup(product, "HubSecurityGroup", {
    groupDescription: "Allow network access from the hub",
    vpcId: ofAccount("VPCId"),
    securityGroupIngress: [{ ipProtocol: "-1", cidrIp: "10.50.0.0/16" }],
  });
  const role = product.role("InstanceRole", "ec2.amazonaws.com", {
    inlinePolicies: { Machine: machine(product, logGroup), ...policies },
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("AWSQuickSetupPatchPolicyBaselineAccess")],
  });
  const profile = new iam.CfnInstanceProfile(product, "InstanceProfile", { roles: [role.roleName], path: "/" });
  const machineOf = new ec2.CfnInstance(product, id, {
    imageId: images.findInMap(cdk.Aws.REGION, image),
    instanceType: type.valueAsString,
    subnetId: ofAccount("PrivateSubnet"),
    securityGroupIds: [ofAccount("VpnSecurityGroup"), group.attrGroupId],
    iamInstanceProfile: profile.ref,
    propagateTagsToVolumeOnCreation: true,
    blockDeviceMappings: [{
      deviceName: "/dev/xvda",
      ebs: { deleteOnTermination: true, encrypted: true, volumeType: "gp3", volumeSize: size.valueAsNumber },
    }],
    userData: cdk.Fn.base64(scripts.map(text).join("\n")),
    tags: Object.entries({ Name: cdk.Aws.STACK_NAME, ...tags }).map(([key, value]) => ({ key, value })),
  });
  machineOf.cfnOptions.creationPolicy = { resourceSignal: { count: 1, timeout: "PT15M" } };
  product.tagger({ InstanceId: machineOf.ref });
  const console = "https://${AWS::Region}.console.aws.amazon.com";
  product.output("EC2InstanceId", "Id of the instance", machineOf.ref);
  product.output("PrivateIpAddress", "Its address", machineOf.attrPrivateIp);
  product.output("InstanceType", "Its type", type.valueAsString);
  const linked = (name, description, address) =>
    product.output(name, description, cdk.Fn.sub(address, { Id: machineOf.ref }));
  linked("ConnectionURI", "Opens a shell", `${console}/systems-manager/session-manager/\${Id}`);
  linked("EC2ConsoleURI", "Opens the console", `${console}/ec2/v2/home?instanceId=\${Id}`);
  linked("ShellCommand", "Starts a session", "aws ssm start-session --target ${Id}");
  linked("PortForwardCommand", "Forwards a port",
    "aws ssm start-session --target ${Id} --document-name AWS-StartPortForwardingSession --parameters portNumber=80");
  return { machineOf, role };
}

function linuxDocker(scope, id) {
  const product = new Product(scope, id, "EC2: one Linux instance with Docker for one person");
  const logGroup = product.logGroup("SystemLogGroup", 30, {
    logGroupName: sub("/aws/ec2/system/${AWS::StackName}"),
    removalPolicy: cdk.RemovalPolicy.RETAIN,
  });
  const image = product.ask("EC2 Instance Configuration", "AMI", "Base Image",
    { description: "What the machine starts from", default: "Linux", allowedValues: ["Linux"] });
  instance(product, "EC2Instance", {
    form: "EC2 Instance Configuration",
    parameter: "EC2InstanceType",
    image: image.valueAsString,
    scripts: SCRIPTS.map((name) => `shared/boot/linux/${name}`).concat("linux-docker/files/docker.sh"),
    logGroup,
  });
}

function windows(scope, id) {
  const product = new Product(scope, id, "EC2: one Windows instance for one person");
  instance(product, "WindowsInstance", {
    form: "EC2 Instance Configuration",
    parameter: "WindowsInstanceType",
    image: "Windows",
    scripts: ["boot.ps1", "packages.ps1", "instance-env.ps1", "directory-agent.ps1"].map((name) => `windows/files/${name}`),
    disk: 60,
    policies: {
      ConnectKey: document(allow("ConnectKey", ["ssm:GetParameter"],
        [sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/infra/key")])),
    },
  });
}

function notebook(scope, id) {
  const product = new Product(scope, id, "EC2: one Linux instance with notebook software");
  const logGroup = product.logGroup("SystemLogGroup", 30, { removalPolicy: cdk.RemovalPolicy.RETAIN });
  const software = product.ask("Notebook", "NotebookType", "Notebook Type",
    { description: "Which software", default: "Rstudio", allowedValues: ["Rstudio", "Jupyter"] });
  const { machineOf, role } = instance(product, "LinuxInstance", {
    form: "Notebook",
    parameter: "EC2InstanceType",
    image: "Ubuntu",
    tags: { NotebookType: software.valueAsString },
    scripts: SCRIPTS.map((name) => `shared/boot/linux/${name}`).concat("notebook/files/notebook.sh"),
    logGroup,
  });
  const vpcId = exported("VPCId");
  const access = new ec2.CfnSecurityGroup(product, "NotebookSecurityGroup", {
    groupDescription: "From the load balancer",
    vpcId,
    securityGroupIngress: [{ ipProtocol: "tcp", fromPort: 443, toPort: 443, sourceSecurityGroupId: exported("alb") }],
  });
  const target = new elb.CfnTargetGroup(product, "NotebookTarget", {
    vpcId, port: 443, protocol: "HTTPS", healthCheckPath: "/", targets: [{ id: machineOf.ref, port: 443 }],
  });
  const key = new kms.Key(product, "CredentialKey", { enableKeyRotation: true, removalPolicy: cdk.RemovalPolicy.DESTROY });
  key.addAlias(`alias/service-catalog/${id}`);
  const address = `/service-catalog/${id}/address`;
  for (const [name, parameterName] of [["Address", address], ["Token", `/service-catalog/${id}/token`]]) {
    new ssm.StringParameter(product, name, { parameterName, stringValue: "none" });
  }
  new iam.ManagedPolicy(product, "CredentialPolicy", {
    roles: [role],
    document: document(
      allow("Parameter", ["ssm:GetParameter", "ssm:PutParameter"],
        [sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/service-catalog/${id}/*`)]),
      allow("Key", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], [key.keyArn])),
  });
  const rule = product.func("NotebookRule", "notebook/files/listener_rule.py", document(
    allow("Rules", ["DescribeRules", "CreateRule", "DeleteRule", "ModifyRule"]
      .map((action) => `elasticloadbalancing:${action}`))), product.logGroup("RuleLogGroup", 14));
  new cdk.CustomResource(product, "ListenerRule", {
    resourceType: "Custom::ALBListenerRule",
    serviceToken: rule.functionArn,
    properties: { TargetGroup: target.ref, SecurityGroup: access.ref, ListenerArn: exported("listener") },
  });
  product.output("NotebookConnectionURI", "Opens the notebook", cdk.Fn.join("/", [exported("uri"), machineOf.ref]));
}

function bucket(scope, id, ofSynapse) {
  const product = new Product(scope, id, "S3: an encrypted bucket");
  const form = "S3 Bucket Configuration";
  const name = product.ask(form, "BucketName", "Bucket Name", {
    description: "Name of the bucket; leave it empty and a name is made.",
    default: "",
    allowedPattern: "^$|^(?!xn--)(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    constraintDescription: "Leave it empty, or write 3 to 63 lower-case letters, digits, dots and hyphens.",
  });
  const restrict = product.ask(form, "RestrictSameRegionDownload", "Restrict Downloads", {
    description: "true: objects can be downloaded from machines in the bucket's region only.",
    default: "false",
    allowedValues: ["true", "false"],
  });
  const named = new cdk.CfnCondition(product, "HasBucketName", {
    expression: cdk.Fn.conditionNot(cdk.Fn.conditionEquals(name.valueAsString, "")),
  });
  const restricted = new cdk.CfnCondition(product, "Restricted", {
    expression: cdk.Fn.conditionEquals(restrict.valueAsString, "true"),
  });
  const files = new s3.Bucket(product, "S3Bucket", {
    bucketName: cdk.Fn.conditionIf(named.logicalId, name.valueAsString, cdk.Aws.NO_VALUE).toString(),
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: cdk.RemovalPolicy.RETAIN,
    lifecycleRules: [
      { transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: cdk.Duration.days(1) }] },
      { abortIncompleteMultipartUploadAfter: cdk.Duration.days(7) },
    ],
    cors: [{ allowedMethods: Object.values(s3.HttpMethods), allowedOrigins: ["*"], allowedHeaders: ["*"], maxAge: 3000 }],
  });
  const outside = new cdk.CustomResource(product, "S3BucketPolicy", {
    resourceType: "Custom::SCS3BucketPolicy",
    serviceToken: exported("bucket-policy-FunctionArn"),
    properties: { BucketName: files.bucketName },
  });
  product.tagger({ BucketName: files.bucketName }).node.addDependency(outside);
  const keep = product.func("DownloadRestrictionFunction", "shared/bucket/restrict_downloads.py", document(
    allow("KeepPolicy", ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"], [files.bucketArn])),
    product.logGroup("DownloadRestrictionLogGroup", 30));
  const restriction = new cdk.CustomResource(product, "DownloadRestriction", {
    resourceType: "Custom::BucketDownloadRestriction",
    serviceToken: keep.functionArn,
    properties: { BucketName: files.bucketName, Statement: { Effect: "Deny", Action: "s3:GetObject" } },
  });
  for (const one of [keep, restriction]) one.node.defaultChild.cfnOptions.condition = restricted;
  if (ofSynapse) {
    const owners = product.ask("S3 Bucket Policy", "SynapseIDs", "Synapse Users and Teams", {
      type: "CommaDelimitedList",
      description: "Who may make the bucket a storage location.",
      allowedPattern: "^\\s*[A-Za-z0-9._@+-]+(?:\\s*,\\s*[A-Za-z0-9._@+-]+)*\\s*$",
    });
    product.templateOptions.transforms = ["S3Objects"];
    new cdk.CfnResource(product, "SynapseOwnerFile", {
      type: "AWS::S3::Object",
      properties: {
        Target: { Bucket: files.bucketName, Key: "owner.txt", ContentType: "text/plain" },
        Body: cdk.Fn.join(",", owners.valueAsList),
      },
    });
  }
  product.output("Bucket", "Name of the bucket", files.bucketName);
  product.output("BucketARN", "ARN of the bucket", files.bucketArn);
  product.output("BucketUrl", "Opens the bucket",
    cdk.Fn.sub("https://console.aws.amazon.com/s3/home?bucket=${Name}", { Name: files.bucketName }));
}

function scheduledJob(scope, id) {
  const product = new Product(scope, id, "A job of AWS Batch on Fargate, run on a schedule or by a call of its URL");
  const image = product.ask("Container Image", "Image", "Image", {
    description: "The container image to run, from a public registry.",
    default: "debian:12.11",
    allowedPattern: "^[a-z0-9._/-]+(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$",
  });
  const sizes = { 1024: "0.25", 2048: "0.5", 4096: "1", 8192: "2", 16384: "4" };
  const memory = product.ask("Container Image", "Memory", "Memory (MiB)",
    { description: "Memory of the container.", default: "1024", allowedValues: Object.keys(sizes) });
  const command = product.ask("Container Image", "Command", "Command", { description: "What it runs.", default: "" });
  const pairs = product.ask("Environment", "Secrets", "Secrets",
    { description: "Secrets of the job.", default: '"SECRET1":"Shh1"', noEcho: true, allowedPattern: '^\\s*".*"\\s*$' });
  const variables = product.ask("Environment", "EnvVars", "Environment Variables", {
    type: "CommaDelimitedList",
    description: "Environment variables of the job.",
    default: "SCHEDULED_JOB_VAR1=one",
    allowedPattern: "^\\s*(?:[A-Za-z_][A-Za-z0-9_.-]*=[^,\\r\\n]*)?$",
  });
  const number = (name, label, value, least, most) => product.ask("Job Options", name, label,
    { type: "Number", description: `${label} of the job.`, default: value, minValue: least, maxValue: most });
  const duration = number("JobDurationSeconds", "Duration", 600, 60, 3600);
  const retries = number("JobRetries", "Attempts", 1, 1, 5);
  const revision = number("SubmitUrlRevision", "Submit URL Revision", 1, 1, 1000000);
  const enabled = product.ask("Schedule Job", "EnableSchedule", "Enable Schedule",
    { description: "Whether it runs on the schedule.", default: "false", allowedValues: ["true", "false"] });
  const schedule = product.ask("Schedule Job", "Schedule", "Schedule",
    { description: "When it runs, in UTC.", default: "rate(7 days)", allowedPattern: "^(?:rate|cron)\\(.*\\)$" });
  const vcpus = new cdk.CfnMapping(product, "Sizes", {
    mapping: Object.fromEntries(Object.entries(sizes).map(([mib, vcpu]) => [mib, { Vcpu: vcpu }])),
  });
  const hasCommand = new cdk.CfnCondition(product, "HasCommand", {
    expression: cdk.Fn.conditionNot(cdk.Fn.conditionEquals(command.valueAsString, "")),
  });
  const isScheduled = new cdk.CfnCondition(product, "ScheduleEnabled", {
    expression: cdk.Fn.conditionEquals(enabled.valueAsString, "true"),
  });

  const service = product.role("ServiceRole", "batch.amazonaws.com", {
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSBatchServiceRole")],
  });
  const group = new ec2.CfnSecurityGroup(product, "SecurityGroup", {
    groupDescription: "Of the job", vpcId: exported("jobs-VPCId"),
  });
  const environment = new batch.CfnComputeEnvironment(product, "ComputeEnvironment", {
    type: "MANAGED",
    state: "ENABLED",
    serviceRole: service.roleArn,
    computeResources: {
      type: "FARGATE", maxvCpus: 16, subnets: ["a", "b", "c"].map((zone) => exported(`jobs-${zone}`)),
      securityGroupIds: [group.attrGroupId],
    },
  });
  const queue = new batch.CfnJobQueue(product, "JobQueue", {
    priority: 1, state: "ENABLED", computeEnvironmentOrder: [{ computeEnvironment: environment.ref, order: 1 }],
  });
  new batch.CfnSchedulingPolicy(product, "SchedulingPolicy", {
    fairsharePolicy: { shareDecaySeconds: 5, computeReservation: 2 },
  });
  const secret = new secrets.CfnSecret(product, "JobSecrets", {
    secretString: cdk.Fn.sub("{ ${Secrets} }", { Secrets: pairs.valueAsString }),
  });
  const access = new iam.ManagedPolicy(product, "SecretsAccessPolicy", {
    document: document(allow("ReadJobSecrets", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [secret.ref])),
  });
  const execution = product.role("ExecutionRole", "ecs-tasks.amazonaws.com", {
    managedPolicies: [access, iam.ManagedPolicy.fromAwsManagedPolicyName("service-role/AmazonECSTaskExecutionRolePolicy")],
  });
  const job = product.role("JobRole", "ecs-tasks.amazonaws.com", { managedPolicies: [access] });
  const output = product.logGroup("LogGroup", 14, { logGroupName: sub("/${AWS::StackName}/log") });
  const definition = new batch.CfnJobDefinition(product, "JobDefinition", {
    type: "container",
    jobDefinitionName: cdk.Aws.STACK_NAME,
    propagateTags: true,
    platformCapabilities: ["FARGATE"],
    timeout: { attemptDurationSeconds: duration.valueAsNumber },
    retryStrategy: { attempts: retries.valueAsNumber },
    containerProperties: {
      image: image.valueAsString,
      command: cdk.Token.asList(cdk.Fn.conditionIf(hasCommand.logicalId,
        cdk.Fn.split(" ", command.valueAsString), cdk.Aws.NO_VALUE)),
      secrets: [{ name: "SCHEDULED_JOB_SECRETS", valueFrom: secret.ref }],
      resourceRequirements: [
        { type: "MEMORY", value: memory.valueAsString },
        { type: "VCPU", value: vcpus.findInMap(memory.valueAsString, "Vcpu") },
      ],
      jobRoleArn: job.roleArn,
      executionRoleArn: execution.roleArn,
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": output.logGroupName } },
    },
  });
  product.tagger({ BatchResources: { JobDefinitionArn: definition.ref, JobQueueArn: queue.ref } });
  const key = new secrets.Secret(product, "SubmitUrlKey", {
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  const submit = product.func("SubmitFunction", "scheduled-job/files/submit.py", document(
    allow("SubmitThisJob", ["batch:SubmitJob"], [queue.ref, definition.ref]),
    allow("CountJobs", ["batch:ListJobs"]),
    allow("ReadUrlKey", ["secretsmanager:GetSecretValue"], [key.secretArn])), product.logGroup("SubmitLogGroup", 14));
  const settings = {
    JOB_NAME: cdk.Aws.STACK_NAME, JOB_QUEUE: queue.ref, JOB_DEFINITION: definition.ref, JOBS_PER_MINUTE: "10",
    JOB_VARIABLES: cdk.Fn.join(",", variables.valueAsList), URL_KEY: key.secretArn, URL_REVISION: revision.valueAsString,
  };
  for (const [name, value] of Object.entries(settings)) submit.addEnvironment(name, value);
  const url = submit.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  const rule = new events.CfnRule(product, "ScheduleRule", {
    scheduleExpression: schedule.valueAsString,
    state: cdk.Fn.conditionIf(isScheduled.logicalId, "ENABLED", "DISABLED").toString(),
    targets: [{ arn: submit.functionArn, id: "SubmitJob" }],
  });
  submit.addPermission("SchedulePermission", {
    principal: new iam.ServicePrincipal("events.amazonaws.com"), sourceArn: rule.attrArn,
  });
  const made = new cdk.CustomResource(product, "SubmitUrl", {
    resourceType: "Custom::SubmitUrl",
    serviceToken: submit.functionArn,
    properties: { BaseUrl: url.url, Revision: revision.valueAsString },
  });
  product.output("SubmitJobApi", "Secret: call this URL to run the job", made.getAttString("Url"));
  for (const name of ["JobSecretsArn", "JobSecretArn"]) product.output(name, "ARN of the job's secrets", secret.ref);
  const console = "https://console.aws.amazon.com/batch/home?region=${AWS::Region}";
  for (const name of ["Jobs", "Queue", "JobDefinitions", "Compute"]) product.output(name, `Opens the ${name}`, sub(`${console}#${name}`));
  product.output("Logs", "Opens the log", sub("https://console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}"));
}

const PRODUCTS = {
  "linux-docker": linuxDocker,
  notebook,
  "s3-private": (scope, id) => bucket(scope, id, false),
  "s3-synapse": (scope, id) => bucket(scope, id, true),
  "scheduled-job": scheduledJob,
  windows,
};

const app = new cdk.App({ outdir: out, analyticsReporting: false, treeMetadata: false });
for (let copy = 0; copy < Number(copies); copy++) {
  for (const [key, product] of Object.entries(PRODUCTS)) product(app, copy ? `${key}-${copy}` : key);
}
around(app, Number(copies));
app.synth();
