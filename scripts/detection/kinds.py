"""The kinds of mistakes. Each makes, of a template, templates with that one mistake."""
import copy
import json
from template import changed, get, places, resources

KINDS = {}


def kind(name, effect):
    """Declares a kind: its name, and what the mistake does (deploy: a launch fails; late: what was launched
    doesn't work; sec: something is open; style: it works, and could be better)."""
    def declare(make):
        KINDS[name] = (effect, make)
        return make
    return declare


def set_each(name, effect, of, path, values, needs=None):
    """A kind that gives a property of each resource of a type other values. `needs`: a path that must be there."""
    @kind(name, effect)
    def make(template):
        for logical_id in resources(template, of):
            base = ("Resources", logical_id)
            if needs is not None and get(template, (*base, *needs)) is None:
                continue
            for value in values:
                yield f"{logical_id}: {value!r}"[:70], changed(template, (*base, *path), value)


def statements(template):
    for path, value in places(template):
        if isinstance(value, dict) and value.get("Effect") == "Allow" and isinstance(path[-1], int):
            yield path, value


def scripts(template):
    for path, value in places(template):
        if isinstance(value, str) and ("cfn-init" in value or "cfn-signal" in value) and "UserData" in path:
            yield path, value


P = "Properties"
I, B, J, C, F, S, G = ("AWS::EC2::Instance", "AWS::S3::Bucket", "AWS::Batch::JobDefinition",
                       "AWS::Batch::ComputeEnvironment", "AWS::Lambda::Function", "AWS::Events::Rule",
                       "AWS::EC2::SecurityGroup")
R, K = "AWS::IAM::Role", "AWS::KMS::Key"
EBS = (P, "BlockDeviceMappings", 0, "Ebs")

# Values of choices, types and ranges.
set_each("enum-volume", "deploy", I, (*EBS, "VolumeType"), ["gp4", "ssd", "gp33"], EBS)
set_each("enum-compute", "deploy", C, (P, "ComputeResources", "Type"), ["FARGAT", "FARGATES", "MANAGED"])
set_each("enum-job", "deploy", J, (P, "Type"), ["containers", "task"])
set_each("enum-bucket", "deploy", B, (P, "VersioningConfiguration"), [{"Status": "On"}, {"Status": "enabled"}])
set_each("wrong-type", "deploy", F, (P, "Timeout"), ["ten", [3], {"Seconds": 3}])
set_each("wrong-type-list", "deploy", I, (P, "SecurityGroupIds"), ["sg-0123456789abcdef0", {"a": "b"}])
set_each("range-function", "deploy", F, (P, "Timeout"), [901, 1000, 0, -5])
set_each("range-memory", "deploy", F, (P, "MemorySize"), [64, 100, 99999])
set_each("range-attempt", "deploy", J, (P, "Timeout"), [{"AttemptDurationSeconds": 30}, {"AttemptDurationSeconds": 59}])
set_each("range-retention", "deploy", "AWS::Logs::LogGroup", (P, "RetentionInDays"), [2, 15, 1000])
set_each("unknown-property", "deploy", B, (P, "Encryption"), ["AES256"])
set_each("unknown-property-deep", "deploy", I, (*EBS, "Size"), [10], EBS)
set_each("unknown-property-function", "deploy", F, (P, "Environments"), [{"Variables": {}}])
set_each("required-role", "deploy", F, (P, "Role"), [None])
set_each("required-code", "deploy", F, (P, "Code"), [None], (P, "Code"))
set_each("required-execution-role", "deploy", J, (P, "ContainerProperties", "ExecutionRoleArn"), [None], (P, "ContainerProperties", "ExecutionRoleArn"))
set_each("runtime-ended", "deploy", F, (P, "Runtime"), ["nodejs14.x", "python3.7", "python3.6"])
set_each("runtime-unknown", "deploy", F, (P, "Runtime"), ["python4.0", "nodejs", "rust"])
set_each("runtime-inline", "deploy", F, (P, "Runtime"), ["java21", "dotnet8", "ruby3.3"], (P, "Code", "ZipFile"))
set_each("handler-file", "late", F, (P, "Handler"), ["app.handler", "main.run", "handler"], (P, "Code", "ZipFile"))
set_each("reserved-variable", "deploy", F, (P, "Environment", "Variables", "AWS_REGION"), ["us-east-1"])
set_each("variable-name", "deploy", F, (P, "Environment", "Variables", "MY-NAME"), ["x"])
set_each("schedule-rate", "deploy", S, (P, "ScheduleExpression"), ["rate(1 days)", "rate(5 minute)", "rate(0 hours)", "rate(day)"])
set_each("schedule-cron", "deploy", S, (P, "ScheduleExpression"), ["cron(0 12 * * *)", "cron(0 12 * * MON *)", "cron(0 25 * * ? *)", "*/5 * * * *"])
set_each("ami-id", "deploy", I, (P, "ImageId"), ["ami-07260d", "ami-07260DB8d2b10c0ad", "snap-07260db8d2b10c0ad"])
set_each("subnet-id", "deploy", I, (P, "SubnetId"), ["subnet-12", "sg-0123456789abcdef0"])
set_each("group-id", "deploy", I, (P, "SecurityGroupIds"), [["default"], ["sg-12"]])
set_each("role-arn", "deploy", F, (P, "Role"), ["my-role", "arn:aws:iam::123456789012:user/me"])
set_each("cidr", "deploy", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": cidr}] for cidr in ("10.0.0.0", "10.0.0.0/33", "10.0.0.999/32")])
set_each("ingress-source", "deploy", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}],
    [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8", "SourceSecurityGroupId": "sg-0123456789abcdef0"}]])
set_each("ingress-protocol", "deploy", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": protocol, "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}] for protocol in ("https", "all", "ssh")])
set_each("ingress-ports", "deploy", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 80, "CidrIp": "10.0.0.0/8"}],
    [{"IpProtocol": "tcp", "CidrIp": "10.0.0.0/8"}]])
set_each("ingress-twice", "deploy", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}] * 2])
set_each("ingress-open", "sec", G, (P, "SecurityGroupIngress"), [
    [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": cidr}] for cidr in ("0.0.0.0/0", "0.0.0.0/1")])
set_each("group-name", "deploy", G, (P, "GroupName"), ["sg-mine", "sg-1"])
set_each("tag-twice", "deploy", I, (P, "Tags"), [[{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "c"}]])
set_each("tag-reserved", "deploy", I, (P, "Tags"), [[{"Key": "aws:owner", "Value": "b"}]])
set_each("tag-long", "deploy", B, (P, "Tags"), [[{"Key": "k" * 129, "Value": "b"}], [{"Key": "k", "Value": "v" * 257}]])
set_each("bucket-name", "deploy", B, (P, "BucketName"), ["192.168.5.4", "Data", "data-s3alias", "xn--data", "a"])
set_each("bucket-acl", "deploy", B, (P, "AccessControl"), ["PublicRead"])
RULE = {"Id": "r", "Status": "Enabled"}
set_each("lifecycle-order", "deploy", B, (P, "LifecycleConfiguration"), [
    {"Rules": [{**RULE, "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}, {"StorageClass": "STANDARD_IA", "TransitionInDays": 60}]}]},
    {"Rules": [{**RULE, "ExpirationInDays": 10, "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}]}]}])
set_each("lifecycle-days", "deploy", B, (P, "LifecycleConfiguration"), [
    {"Rules": [{**RULE, "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 10}]}]}])
set_each("lifecycle-rules", "deploy", B, (P, "LifecycleConfiguration"), [
    {"Rules": [RULE]}, {"Rules": [{**RULE, "ExpirationInDays": 9}, {**RULE, "ExpirationInDays": 8}]}])
set_each("bucket-lock", "deploy", B, (P, "ObjectLockConfiguration"), [{"ObjectLockEnabled": "Enabled"}])
set_each("bucket-open", "sec", B, (P, "PublicAccessBlockConfiguration"), [None], (P, "PublicAccessBlockConfiguration"))
set_each("encryption-off", "sec", I, (*EBS, "Encrypted"), [False], EBS)
set_each("metadata-service", "sec", I, (P, "MetadataOptions"), [{"HttpTokens": "optional"}])
set_each("interfaces", "deploy", I, (P, "NetworkInterfaces"), [[{"DeviceIndex": "0", "SubnetId": "subnet-0123456789abcdef0"}]])
set_each("group-names", "deploy", I, (P, "SecurityGroups"), [["my-group"]])
set_each("profile-arn", "deploy", I, (P, "IamInstanceProfile"), ["arn:aws:iam::123456789012:instance-profile/a"])
set_each("volume-iops", "deploy", I, (*EBS, "Iops"), [100000, 10, 90000], EBS)
set_each("volume-size", "deploy", I, (*EBS, "VolumeSize"), [0, 99999], EBS)
set_each("volume-kind", "deploy", I, EBS, [
    {"VolumeType": "io1", "VolumeSize": 20, "Encrypted": True}, {"VolumeType": "gp2", "VolumeSize": 20, "Iops": 3000, "Encrypted": True},
    {"VolumeType": "st1", "VolumeSize": 20, "Encrypted": True}], EBS)
set_each("device-twice", "deploy", I, (P, "BlockDeviceMappings"), [
    [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30, "Encrypted": True}}] * 2])
set_each("user-data-plain", "deploy", I, (P, "UserData"), ["#!/bin/bash\necho hello\n", {"Fn::Sub": "#!/bin/bash\necho ${AWS::Region}\n"}])
set_each("user-data-start", "late", I, (P, "UserData"), [{"Fn::Base64": "echo hello\n"}])
set_each("user-data-large", "deploy", I, (P, "UserData"), [{"Fn::Base64": "#!/bin/bash\n" + "# x\n" * 5000}])
set_each("secret-user-data", "sec", I, (P, "UserData"), [
    {"Fn::Base64": f"#!/bin/bash\n{line}\n"} for line in ("export DB_PASSWORD=hunter2hunter2", "mysql --password=hunter2hunter2")])
set_each("secret-token", "sec", F, (P, "Environment", "Variables", "TOKEN_OF_GIT"), ["ghp_" + "a1B2c3D4e5" * 4])
set_each("secret-string", "sec", "AWS::SecretsManager::Secret", (P,), [{"SecretString": "hunter2hunter2"}])
set_each("secret-both", "deploy", "AWS::SecretsManager::Secret", (P,), [{"SecretString": "{}", "GenerateSecretString": {}}])
set_each("deletion-policy", "deploy", B, ("DeletionPolicy",), ["Snapshot", "Keep"])
set_each("deletion-policy-machine", "deploy", I, ("DeletionPolicy",), ["Snapshot"])
set_each("creation-policy", "deploy", B, ("CreationPolicy",), [{"ResourceSignal": {"Timeout": "PT5M"}}])
set_each("signal-timeout", "deploy", I, ("CreationPolicy",), [{"ResourceSignal": {"Timeout": t}} for t in ("15M", "PT13H", "900")])
set_each("fargate-machines", "deploy", C, (P, "ComputeResources", "InstanceTypes"), [["optimal"]])
set_each("fargate-groups", "deploy", C, (P, "ComputeResources", "SecurityGroupIds"), [None], (P, "ComputeResources", "SecurityGroupIds"))
set_each("fargate-privileged", "deploy", J, (P, "ContainerProperties", "Privileged"), [True])
set_each("fargate-logs", "deploy", J, (P, "ContainerProperties", "LogConfiguration"), [{"LogDriver": "journald"}, {"LogDriver": "syslog"}])
set_each("fargate-host", "deploy", J, (P, "ContainerProperties", "Volumes"), [[{"Name": "a", "Host": {"SourcePath": "/data"}}]])
set_each("fargate-size", "deploy", J, (P, "ContainerProperties", "ResourceRequirements"), [
    [{"Type": "VCPU", "Value": "0.25"}, {"Type": "MEMORY", "Value": "4096"}], [{"Type": "VCPU", "Value": "3"}, {"Type": "MEMORY", "Value": "4096"}]])
set_each("mount-unknown", "deploy", J, (P, "ContainerProperties", "MountPoints"), [[{"SourceVolume": "nope", "ContainerPath": "/data"}]])
set_each("variable-batch", "deploy", J, (P, "ContainerProperties", "Environment"), [[{"Name": "AWS_BATCH_X", "Value": "y"}]])
set_each("key-policy", "deploy", K, (P, "KeyPolicy"), [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Principal": {"Service": "logs.amazonaws.com"}}]}])
set_each("key-deleted", "sec", K, ("DeletionPolicy",), [None], ("DeletionPolicy",))
set_each("alias-reserved", "deploy", "AWS::KMS::Alias", (P, "AliasName"), ["alias/aws/data", "data"])
set_each("trust-service", "late", R, (P, "AssumeRolePolicyDocument", "Statement", 0, "Principal"), [
    {"Service": "lambda.amazonaws.co"}, {"Service": "ec3.amazonaws.com"}, {"Service": "ec2.amazon.com"}])
set_each("trust-other", "late", R, (P, "AssumeRolePolicyDocument", "Statement", 0, "Principal"), [{"Service": "glue.amazonaws.com"}])
set_each("trust-resource", "deploy", R, (P, "AssumeRolePolicyDocument", "Statement", 0, "Resource"), ["*"])
set_each("policies-many", "deploy", R, (P, "ManagedPolicyArns"), [[f"arn:aws:iam::aws:policy/P{n}" for n in range(11)]])
set_each("policy-names", "deploy", R, (P, "Policies"), [[{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}]}}] * 2])
set_each("profile-roles", "deploy", "AWS::IAM::InstanceProfile", (P, "Roles"), [["a", "b"], ["arn:aws:iam::123456789012:role/a"]])
set_each("parameter-empty", "deploy", "AWS::SSM::Parameter", (P, "Value"), [""])
set_each("parameter-name", "deploy", "AWS::SSM::Parameter", (P, "Name"), ["/aws/x", "ssm-x"])
set_each("type-unknown", "deploy", B, ("Type",), ["AWS::S3::Buckit", "AWS::S3::Store"])
set_each("attribute-unknown", "deploy", B, ("Propertes",), [{}])
set_each("depends-unknown", "deploy", F, ("DependsOn",), ["Nobody"])
set_each("condition-unknown", "deploy", F, ("Condition",), ["Nobody"])
set_each("if-unknown", "deploy", F, (P, "Description"), [{"Fn::If": ["Nobody", "a", "b"]}])


def in_policies(name, effect, key, values, of_keys=True):
    @kind(name, effect)
    def make(template):
        # One statement of each role and policy is enough.
        seen = set()
        for path, statement in statements(template):
            if "AssumeRolePolicyDocument" in path or path[:2] in seen or "KeyPolicy" in path and not of_keys:
                continue
            seen.add(path[:2])
            for value in values:
                yield f"{'.'.join(map(str, path))}: {value!r}"[-70:], changed(template, (*path, key), value)


in_policies("policy-action", "late", "Action", ["s3:GetObjekt", "s3GetObject", "nosuch:Action"])
in_policies("policy-effect", "deploy", "Effect", ["allow", "Permit"])
in_policies("policy-key", "deploy", "Resources", ["*"])
in_policies("policy-sid", "deploy", "Sid", ["with space", "with-hyphen"], of_keys=False)  # KMS takes both
in_policies("policy-wide", "sec", "Action", ["*", "iam:*"])
in_policies("policy-operator", "deploy", "Condition", [{"StringEqual": {"aws:SourceAccount": "1"}}])
in_policies("policy-condition-key", "late", "Condition", [{"StringEquals": {"aws:PrincipleOrgID": "o-1"}}])


def with_policy(name, effect, entries):
    """A further statement in each role."""
    @kind(name, effect)
    def make(template):
        for logical_id in resources(template, R)[:2]:
            for entry in entries:
                policy = {"PolicyName": "more", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **entry}]}}
                base = ("Resources", logical_id, P, "Policies")
                number = len(get(template, base) or [])
                yield f"{logical_id}: {entry['Action']}", changed(template, (*base, number), policy)


with_policy("policy-fit", "late", [
    {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket"}, {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket/*"},
    {"Action": "s3:GetObject", "Resource": "arn:aws:ec2:us-east-1:123456789012:instance/i-1"}])
with_policy("policy-data", "sec", [
    {"Action": action, "Resource": "*"} for action in ("secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt", "s3:GetObject")])
with_policy("policy-forgotten-sub", "late", [{"Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:us-east-1:${AWS::AccountId}:parameter/x"}])


def in_scripts(name, effect, edits):
    @kind(name, effect)
    def make(template):
        for path, text in scripts(template):
            for old, new in edits:
                if old in text:
                    yield f"{'.'.join(map(str, path))}: {old!r}", changed(template, path, text.replace(old, new))


in_scripts("signal-resource", "late", [("--resource Instance", "--resource Nobody"), ("--resource LinuxInstance", "--resource Nobody"),
                                       ("--resource WindowsInstance", "--resource Nobody")])
in_scripts("signal-region", "late", [(" --region ${AWS::Region}", ""), (" --region \"${AWS::Region}\"", "")])
in_scripts("signal-gone", "late", [("cfn-signal", "cfn-signed")])


@kind("shell-syntax", "late")
def shell_syntax(template):
    edits = [("\nfi\n", "\n"), ("; then\n", "\n"), ("\ndone\n", "\n"), ("esac\n", "\n"), ('"', ""), (")", ""), ("\n}\n", "\n"), ("&&", "&& &&")]
    for path, value in places(template):
        if isinstance(value, str) and value.startswith("#!/bin/bash"):
            # Not in the comment that each begins with.
            head, line, code = value.partition("\nset -")
            for old, new in edits if code else ():
                if old in code:
                    yield f"{path[-2 if path[-1] == 'content' else 1]}: {old!r}", changed(template, path, head + line + code.replace(old, new, 1))


@kind("sub-forgotten", "late")
def sub_forgotten(template):
    for path, value in places(template):
        if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str) and "${AWS::" in value["Fn::Sub"]:
            yield ".".join(map(str, path))[-70:], changed(template, path, value["Fn::Sub"])


@kind("reference-unknown", "deploy")
def reference_unknown(template):
    found = [path for path, value in places(template) if isinstance(value, dict) and isinstance(value.get("Ref"), str)]
    for path in found[:4]:
        yield ".".join(map(str, path))[-70:], changed(template, path, {"Ref": "Nobody"})


@kind("attribute-of", "deploy")
def attribute_of(template):
    found = [path for path, value in places(template) if isinstance(value, dict) and isinstance(value.get("Fn::GetAtt"), list)]
    for path in found[:4]:
        id_ = get(template, path)["Fn::GetAtt"][0]
        yield ".".join(map(str, path))[-70:], changed(template, path, {"Fn::GetAtt": [id_, "Arm"]})


@kind("sub-unknown", "deploy")
def sub_unknown(template):
    found = [path for path, value in places(template) if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str)]
    for path in found[:4]:
        yield ".".join(map(str, path))[-70:], changed(template, path, {"Fn::Sub": "${Nobody}-x"})


@kind("function-unknown", "deploy")
def function_unknown(template):
    for logical_id in list(template["Resources"])[:3]:
        for name in ("Fn::Ref", "Fn::Concat"):
            yield f"{logical_id}: {name}", changed(template, ("Outputs", "More"), {"Value": {name: logical_id}})


@kind("join-shape", "deploy")
def join_shape(template):
    for value in ({"Fn::Join": ["-", "a"]}, {"Fn::Join": ["a", "b", "c"]}, {"Fn::Select": ["x", ["a"]]}, {"Fn::If": ["a"]}):
        yield json.dumps(value), changed(template, ("Outputs", "More"), {"Value": value})


@kind("mapping-key", "deploy")
def mapping_key(template):
    for name in list(template.get("Mappings", {}))[:2]:
        yield name, changed(template, ("Outputs", "More"), {"Value": {"Fn::FindInMap": [name, "nobody", "x"]}})
    yield "a slash", changed(template, ("Mappings", "More"), {"a/b": {"x": "y"}})


@kind("conditional-output", "deploy")
def conditional_output(template):
    more = copy.deepcopy(template)
    more.setdefault("Conditions", {})["Never"] = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-north-1"]}
    more["Resources"]["Sometimes"] = {"Type": "AWS::SNS::Topic", "Condition": "Never", "Properties": {"KmsMasterKeyId": "alias/aws/sns"}}
    yield "output", changed(more, ("Outputs", "More"), {"Value": {"Ref": "Sometimes"}})
    for logical_id in resources(template, F)[:1]:
        yield "property", changed(more, ("Resources", logical_id, P, "Environment", "Variables", "T"), {"Ref": "Sometimes"})


@kind("condition-circle", "deploy")
def condition_circle(template):
    more = changed(template, ("Conditions", "One"), {"Fn::Not": [{"Condition": "Two"}]})
    yield "two", changed(more, ("Conditions", "Two"), {"Fn::Not": [{"Condition": "One"}]})


@kind("resource-circle", "deploy")
def resource_circle(template):
    names = list(template["Resources"])
    for first, second in zip(names, names[1:2]):
        more = changed(template, ("Resources", first, "DependsOn"), second)
        yield f"{first}, {second}", changed(more, ("Resources", second, "DependsOn"), first)


@kind("parameter-default", "deploy")
def parameter_default(template):
    for name, parameter in list(template.get("Parameters", {}).items())[:6]:
        if "AllowedValues" in parameter:
            yield name, changed(template, ("Parameters", name, "Default"), "none of them")
        elif parameter.get("Type") == "Number":
            yield name, changed(template, ("Parameters", name, "Default"), "many")


@kind("parameter-type", "deploy")
def parameter_type(template):
    for name in list(template.get("Parameters", {}))[:2]:
        for wrong in ("Text", "string", "Integer"):
            yield f"{name}: {wrong}", changed(template, ("Parameters", name, "Type"), wrong)


@kind("parameter-key", "deploy")
def parameter_key(template):
    for name in list(template.get("Parameters", {}))[:2]:
        yield name, changed(template, ("Parameters", name, "Defalt"), "x")
        yield f"{name}: empty", changed(template, ("Parameters", name, "AllowedValues"), [])


@kind("output-export", "deploy")
def output_export(template):
    more = changed(template, ("Outputs", "One"), {"Value": "a", "Export": {"Name": "same"}})
    yield "twice", changed(more, ("Outputs", "Two"), {"Value": "b", "Export": {"Name": "same"}})


@kind("output-value", "deploy")
def output_value(template):
    yield "none", changed(template, ("Outputs", "More"), {"Description": "nothing"})
    yield "a list", changed(template, ("Outputs", "More"), {"Value": ["a"]})
    yield "a map", changed(template, ("Outputs", "More"), {"Value": {"a": "b"}})


@kind("section-unknown", "deploy")
def section_unknown(template):
    for name in ("Resource", "Parameter", "Output"):
        yield name, changed(template, (name,), {})
    yield "version", changed(template, ("AWSTemplateFormatVersion",), "2010-09-10")


@kind("init-mode", "late")
def init_mode(template):
    for logical_id, resource in template["Resources"].items():
        init = get(resource, ("Metadata", "AWS::CloudFormation::Init")) or {}
        for name, config in init.items():
            for file in list((config.get("files") or {}) if isinstance(config, dict) else {})[:1]:
                base = ("Resources", logical_id, "Metadata", "AWS::CloudFormation::Init", name)
                yield f"{file}: mode", changed(template, (*base, "files", file, "mode"), "rw-r--r--")
                yield f"{file}: key", changed(template, (*base, "files", file, "contents"), "x")
                yield f"{file}: section", changed(template, (*base, "file"), {})
