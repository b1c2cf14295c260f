"""Kinds of mistakes that were written down before anybody looked whether a rule finds them: one each for what
cfn-lint's list of rules, and the errors that services document, speak of. `FIRST` is what `check` found of
them when they were asked for the first time."""
import copy
import json
from kinds import B, C, F, G, I, J, K, KINDS, P, R, S, EBS, get, in_policies, kind, set_each
from template import changed, places, resources

BEFORE = set(KINDS)
L, M, X, U, Q = ("AWS::Logs::LogGroup", "AWS::SSM::Parameter", "AWS::Lambda::Permission", "AWS::Lambda::Url",
                 "AWS::Batch::JobQueue")
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}


def in_template(name, effect, edits):
    """A kind that gives each template other values at paths; `what` names the edit."""
    @kind(name, effect)
    def make(template):
        for what, path, value in edits:
            yield what, changed(template, path, value)


def of_first(name, effect, of, entries):
    """A kind that sets several properties of the first resource of a type."""
    @kind(name, effect)
    def make(template):
        for logical_id in resources(template, of)[:1]:
            for entry in entries:
                more = template
                for key, value in entry.items():
                    path = ("Resources", logical_id, P, key)
                    if value is not None or get(more, path) is not None:
                        more = changed(more, path, value)
                yield f"{logical_id}: {json.dumps(entry)}"[:70], more


# The template's own sections.
in_template("held-description", "deploy", [
    ("long", ("Description",), "x" * 1025), ("a map", ("Description",), {"a": "b"}),
    ("a function", ("Description",), {"Fn::Sub": "${AWS::Region}"})])
in_template("held-transform", "deploy", [
    ("a number", ("Transform",), 5), ("no name", ("Transform",), {"Parameters": {}}),
    ("unknown of AWS", ("Transform",), "AWS::NoSuch-2020-01-01")])
in_template("held-select", "deploy", [
    ("beyond", ("Outputs", "More"), {"Value": {"Fn::Select": [5, ["a", "b"]]}}),
    ("negative", ("Outputs", "More"), {"Value": {"Fn::Select": [-1, ["a", "b"]]}})])
in_template("held-split", "deploy", [
    ("a list", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::Split": [",", ["a"]]}]}}),
    ("three", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::Split": [",", "a", "b"]}]}})])
in_template("held-cidr", "deploy", [
    ("too many", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16", 300, 8]}]}}),
    ("no count", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16"]}]}}),
    ("no block", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0", 2, 8]}]}})])
in_template("held-base64", "deploy", [("a list", ("Outputs", "More"), {"Value": {"Fn::Base64": ["a"]}})])
in_template("held-azs", "deploy", [
    ("a list", ("Outputs", "More"), {"Value": {"Fn::Select": [0, {"Fn::GetAZs": ["us-east-1"]}]}})])
in_template("held-json-text", "deploy", [
    ("no transform", ("Outputs", "More"), {"Value": {"Fn::ToJsonString": {"a": "b"}}})])
in_template("held-length", "deploy", [("of text", ("Outputs", "More"), {"Value": {"Fn::Length": "abc"}})])
in_template("held-for-each", "deploy", [
    ("shape", ("Resources", "Fn::ForEach::Topics"), ["Name", "a"]),
    ("no transform", ("Resources", "Fn::ForEach::Topics"), ["Name", ["a", "b"], {"Topic${Name}": {"Type": "AWS::SNS::Topic"}}])])
in_template("held-import", "deploy", [
    ("a list", ("Outputs", "More"), {"Value": {"Fn::ImportValue": ["a"]}}),
    ("a resource", ("Outputs", "More"), {"Value": {"Fn::ImportValue": {"a": "b"}}})])
in_template("held-rules", "deploy", [
    ("no assert", ("Rules",), {"One": {"Assertions": [{"AssertDescription": "x"}]}}),
    ("no assertions", ("Rules",), {"One": {"RuleCondition": {"Fn::Equals": ["a", "b"]}}}),
    ("a text", ("Rules",), {"One": {"RuleCondition": "yes", "Assertions": [{"Assert": {"Fn::Equals": ["a", "a"]}}]}}),
    ("unknown function", ("Rules",), {"One": {"Assertions": [{"Assert": {"Fn::Sub": "${AWS::Region}"}}]}})])
in_template("held-logical-id", "deploy", [
    ("hyphen", ("Resources", "My-Topic"), {"Type": "AWS::SNS::Topic"}),
    ("long", ("Resources", "T" * 256), {"Type": "AWS::SNS::Topic"}),
    ("output", ("Outputs", "My-Output"), {"Value": "a"}),
    ("parameter", ("Parameters", "My-Name"), {"Type": "String"})])
in_template("held-output", "deploy", [
    ("unknown condition", ("Outputs", "More"), {"Value": "a", "Condition": "Nobody"}),
    ("description", ("Outputs", "More"), {"Value": "a", "Description": ["a"]}),
    ("description is a function", ("Outputs", "More"), {"Value": "a", "Description": {"Fn::Sub": "${AWS::Region}"}}),
    ("key", ("Outputs", "More"), {"Value": "a", "Exports": {"Name": "a"}}),
    ("export", ("Outputs", "More"), {"Value": "a", "Export": "a"})])
in_template("held-mapping", "deploy", [
    ("one level", ("Mappings", "More"), {"a": "b"}), ("a function", ("Mappings", "More"), {"a": {"b": {"Ref": "AWS::Region"}}}),
    ("empty", ("Mappings", "More"), {}), ("a map", ("Mappings", "More"), {"a": {"b": {"c": "d"}}})])
in_template("held-condition", "deploy", [
    ("equals of one", ("Conditions", "More"), {"Fn::Equals": ["a"]}), ("not of two", ("Conditions", "More"), {"Fn::Not": [{"Fn::Equals": ["a", "a"]}] * 2}),
    ("and of one", ("Conditions", "More"), {"Fn::And": [{"Fn::Equals": ["a", "a"]}]}),
    ("or of eleven", ("Conditions", "More"), {"Fn::Or": [{"Fn::Equals": ["a", "a"]}] * 11}),
    ("a text", ("Conditions", "More"), "yes"), ("a function of text", ("Conditions", "More"), {"Fn::Sub": "${AWS::Region}"})])
in_template("held-parameter", "deploy", [
    ("length of number", ("Parameters", "More"), {"Type": "Number", "Default": 1, "MinLength": 1}),
    ("value of text", ("Parameters", "More"), {"Type": "String", "Default": "a", "MinValue": 1}),
    ("longer than most", ("Parameters", "More"), {"Type": "String", "Default": "abc", "MaxLength": 2}),
    ("not as its pattern", ("Parameters", "More"), {"Type": "String", "Default": "abc", "AllowedPattern": "^[0-9]+$"}),
    ("below the least", ("Parameters", "More"), {"Type": "Number", "Default": 1, "MinValue": 5}),
    ("a function", ("Parameters", "More"), {"Type": "String", "Default": {"Ref": "AWS::Region"}}),
    ("a list", ("Parameters", "More"), {"Type": "String", "Default": ["a"]})])
in_template("held-metadata-form", "style", [
    ("unknown parameter", ("Metadata", "AWS::CloudFormation::Interface", "ParameterGroups", 99),
     {"Label": {"default": "More"}, "Parameters": ["Nobody"]}),
    ("label", ("Metadata", "AWS::CloudFormation::Interface", "ParameterLabels", "Nobody"), {"default": "x"})])


@kind("held-name-clash", "deploy")
def name_clash(template):
    name = next(iter(template["Resources"]))
    yield name, changed(template, ("Parameters", name), {"Type": "String", "Default": "a"})


@kind("held-unused", "style")
def unused(template):
    yield "condition", changed(template, ("Conditions", "More"), {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]})
    yield "mapping", changed(template, ("Mappings", "More"), {"a": {"b": "c"}})
    yield "parameter", changed(template, ("Parameters", "More"), {"Type": "String", "Default": "a"})


@kind("held-condition-refers", "deploy")
def condition_refers(template):
    name = next(iter(template["Resources"]))
    yield "ref", changed(template, ("Conditions", "More"), {"Fn::Equals": [{"Ref": name}, "a"]})
    yield "attribute", changed(template, ("Conditions", "More"), {"Fn::Equals": [{"Fn::GetAtt": [name, "Arn"]}, "a"]})


@kind("held-dynamic", "deploy")
def dynamic(template):
    for text in ("{{resolve:ssm}}", "{{resolve:secretmanager:x:SecretString:y}}", "{{resolve:secretsmanager:}}"):
        yield text, changed(template, ("Outputs", "More"), {"Value": text})


@kind("held-resource-attributes", "deploy")
def resource_attributes(template):
    name = next(iter(template["Resources"]))
    for key, value in (("Metadata", "text"), ("UpdateReplacePolicy", "Keep"), ("DependsOn", {"Ref": name}), ("DependsOn", name),
                       ("Condition", {"Fn::Equals": ["a", "b"]}), ("UpdatePolicy", {"AutoScalingRollingUpdate": {"MinInstances": 1}}),
                       ("UpdatePolicy", {"Nothing": {}})):
        yield f"{name}: {key} {value!r}"[:70], changed(template, ("Resources", name, key), value)


# Properties.
of_first("held-read-only", "deploy", F, [{"Arn": "arn:aws:lambda:us-east-1:123456789012:function:a"}])
of_first("held-read-only-role", "deploy", R, [{"Arn": "arn:aws:iam::123456789012:role/a"}, {"RoleId": "AROA"}])
of_first("held-role", "deploy", R, [
    {"MaxSessionDuration": 3000}, {"RoleName": "r" * 65}, {"Path": "teams"}, {"Path": "/teams"}, {"Description": "d" * 1001},
    {"RoleName": "a role"}, {"PermissionsBoundary": "boundary"}])
of_first("held-function", "deploy", F, [
    {"FunctionName": "f" * 65}, {"FunctionName": "a function"}, {"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:a:1"] * 6},
    {"Layers": ["my-layer"]}, {"Architectures": ["x86"]}, {"Architectures": ["x86_64", "arm64"]}, {"EphemeralStorage": {"Size": 100}},
    {"ReservedConcurrentExecutions": -1}, {"TracingConfig": {"Mode": "On"}}, {"PackageType": "Zipped"}, {"Description": "d" * 257}])
of_first("held-function-logs", "deploy", F, [{"LoggingConfig": {"LogFormat": "Text", "ApplicationLogLevel": "INFO"}},
                                             {"LoggingConfig": {"LogFormat": "json"}}])
of_first("held-function-image", "deploy", F, [
    {"PackageType": "Image", "Code": {"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"}},
    {"Code": {"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"}}])
of_first("held-function-runtime", "deploy", F, [{"Runtime": None}, {"Handler": None}])
of_first("held-snap-start", "deploy", F, [{"SnapStart": {"ApplyOn": "PublishedVersions"}, "Runtime": "nodejs20.x"}])
of_first("held-environment-large", "deploy", F, [{"Environment": {"Variables": {"A": "x" * 4097}}}])
of_first("held-vpc", "deploy", F, [{"VpcConfig": {"SubnetIds": ["subnet-0123456789abcdef0"]}}])
of_first("held-instance-type", "deploy", I, [{"InstanceType": "t3.gigantic"}, {"InstanceType": "T3.micro"}, {"InstanceType": "t3"}])
of_first("held-instance-image", "deploy", I, [{"ImageId": None}])
of_first("held-instance", "deploy", I, [
    {"InstanceInitiatedShutdownBehavior": "reboot"}, {"Tenancy": "shared"}, {"KeyName": ""}, {"AvailabilityZone": "us-east-1"},
    {"PrivateIpAddress": "10.0.0"}, {"CreditSpecification": {"CPUCredits": "none"}}, {"Monitoring": "yes please"}])
of_first("held-devices", "deploy", I, [
    {"BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "VirtualName": "data"}]}, {"BlockDeviceMappings": [{"DeviceName": "/dev/sdb"}]},
    {"BlockDeviceMappings": [{"Ebs": {"VolumeSize": 8}}]},
    {"BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"VolumeType": "gp3"}}]},
    {"BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 8, "Encrypted": False, "KmsKeyId": "alias/a"}}]}])
of_first("held-group", "deploy", G, [
    {"GroupDescription": None}, {"GroupDescription": "d" * 256}, {"GroupDescription": "naïve"}, {"GroupName": "g" * 256},
    {"VpcId": "vpc"}, {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 70000, "CidrIp": "10.0.0.0/8"}]},
    {"SecurityGroupIngress": [{"IpProtocol": "icmp", "FromPort": 8, "CidrIp": "10.0.0.0/8"}]},
    {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "::/0"}]},
    {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "10.0.0.0/8"}]}])
of_first("held-bucket", "deploy", B, [
    {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aes256"}}]}},
    {"CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]}},
    {"CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"]}]}},
    {"NotificationConfiguration": {"LambdaConfigurations": [{"Event": "s3:ObjectCreate:*", "Function": "arn:aws:lambda:us-east-1:123456789012:function:a"}]}},
    {"WebsiteConfiguration": {"RedirectAllRequestsTo": {"HostName": "a.example"}, "IndexDocument": "index.html"}},
    {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwner"}]}},
    {"IntelligentTieringConfigurations": [{"Id": "a", "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 30}]}]},
    {"LoggingConfiguration": {"TargetPrefix": "x"}}, {"PublicAccessBlockConfiguration": {"BlockPublicAcl": True}},
    {"ReplicationConfiguration": {"Role": "me", "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::b"}}]}}])
of_first("held-log-group", "deploy", L, [
    {"LogGroupName": "has space"}, {"LogGroupName": "l" * 513}, {"LogGroupClass": "CHEAP"}, {"KmsKeyId": "alias/a"}])
of_first("held-parameter-store", "deploy", M, [
    {"Type": "SecureString"}, {"Type": "string"}, {"Value": "v" * 4097}, {"Tier": "Basic"}, {"DataType": "number"}, {"Tags": [{"Key": "a", "Value": "b"}]}])
of_first("held-key", "deploy", K, [
    {"PendingWindowInDays": 3}, {"KeySpec": "RSA_1024"}, {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "EnableKeyRotation": True},
    {"KeyUsage": "SIGN"}, {"EnableKeyRotation": True, "RotationPeriodInDays": 30}])
of_first("held-permission", "deploy", X, [
    {"Action": "lambda:Invoke"}, {"Action": "InvokeFunction"}, {"FunctionUrlAuthType": "Public"}, {"SourceAccount": "12345"}, {"SourceArn": "bucket"}])
of_first("held-url", "deploy", U, [{"AuthType": "None"}, {"InvokeMode": "STREAM"}, {"Cors": {"MaxAge": 90000}}])
of_first("held-event-rule", "deploy", S, [
    {"ScheduleExpression": None}, {"State": "ON"}, {"EventPattern": "{nothing"}, {"Name": "a name"},
    {"Targets": [{"Id": "a", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:a"}] * 2},
    {"Targets": [{"Arn": "arn:aws:lambda:us-east-1:123456789012:function:a"}]},
    {"Targets": [{"Id": f"t{n}", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:a"} for n in range(6)]},
    {"Targets": [{"Id": "a", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:a", "Input": "{}", "InputPath": "$.a"}]}])
of_first("held-queue", "deploy", Q, [
    {"Priority": -1}, {"State": "ON"}, {"ComputeEnvironmentOrder": []}, {"Priority": None}, {"JobQueueName": "a queue"}])
of_first("held-environment-batch", "deploy", C, [{"State": "ON"}, {"Type": "managed"}, {"ComputeEnvironmentName": "a b"}, {"ServiceRole": "role"}])
of_first("held-job", "deploy", J, [
    {"PlatformCapabilities": ["LAMBDA"]}, {"RetryStrategy": {"Attempts": 11}}, {"RetryStrategy": {"Attempts": 0}}, {"JobDefinitionName": "a job"},
    {"Timeout": {"AttemptDuration": 60}}])
of_first("held-secret", "deploy", "AWS::SecretsManager::Secret", [
    {"GenerateSecretString": {"PasswordLength": 5000}}, {"GenerateSecretString": {"SecretStringTemplate": "{}"}},
    {"Name": "a secret"}, {"ReplicaRegions": ["us-east-1"]}])


# References that give another kind of thing.
@kind("held-gives-other", "deploy")
def gives_other(template):
    buckets, functions, machines = (resources(template, of) for of in (B, F, I))
    groups = resources(template, G)
    for function in functions[:1]:
        for path, value in ((("Role",), {"Ref": function}), (("Role",), {"Fn::GetAtt": [function, "Arn"]})):
            yield f"{function}: {path} {value}"[:70], changed(template, ("Resources", function, P, *path), value)
        for bucket in buckets[:1]:
            yield "role of a bucket", changed(template, ("Resources", function, P, "Role"), {"Fn::GetAtt": [bucket, "Arn"]})
    for machine in machines[:1]:
        for role in resources(template, R)[:1]:
            yield "group is a role", changed(template, ("Resources", machine, P, "SecurityGroupIds"), [{"Ref": role}])
            yield "profile is a role's ARN", changed(template, ("Resources", machine, P, "IamInstanceProfile"), {"Fn::GetAtt": [role, "Arn"]})
        for group in groups[:1]:
            yield "subnet is a group", changed(template, ("Resources", machine, P, "SubnetId"), {"Fn::GetAtt": [group, "GroupId"]})


@kind("held-twice", "deploy")
def twice(template):
    for of, key in ((B, "BucketName"), (R, "RoleName"), (L, "LogGroupName"), (M, "Name"), (F, "FunctionName")):
        for logical_id in resources(template, of)[:1]:
            one = changed(template, ("Resources", logical_id, P, key), "the-same")
            yield key, changed(one, ("Resources", "Again"), copy.deepcopy(get(one, ("Resources", logical_id))))


@kind("held-secure-place", "deploy")
def secure_place(template):
    for logical_id in resources(template, F)[:1]:
        yield "a function's variable", changed(template, ("Resources", logical_id, P, "Environment", "Variables", "A"), "{{resolve:ssm-secure:a:1}}")
    for logical_id in resources(template, L)[:1]:
        yield "a log's name", changed(template, ("Resources", logical_id, P, "LogGroupName"), "{{resolve:ssm-secure:a:1}}")


# Policies.
in_policies("held-policy-principal", "deploy", "Principal", [{"AWS": "*"}], of_keys=False)
in_policies("held-policy-both", "deploy", "NotAction", ["s3:*"])
in_policies("held-policy-none", "deploy", "Action", [None, []])
in_policies("held-policy-arn", "deploy", "Resource", ["my-bucket", "arn:aws:s3", "arn:s3:::bucket"], of_keys=False)
in_policies("held-policy-condition", "deploy", "Condition", [{"StringEquals": "a"}, {"Bool": {"aws:SecureTransport": {"a": "b"}}}, []])


@kind("held-policy-document", "deploy")
def policy_document(template):
    seen = set()
    for path, value in places(template):
        if isinstance(value, dict) and "Statement" in value and "Version" in value and path[1:2] not in seen:
            seen.add(path[1:2])
            where = ".".join(map(str, path))[-50:]
            yield f"{where}: date", changed(template, (*path, "Version"), "2012-10-18")
            yield f"{where}: key", changed(template, (*path, "Statements"), [])
            yield f"{where}: none", changed(template, (*path, "Statement"), None)
            yield f"{where}: empty", changed(template, (*path, "Statement"), [])


@kind("held-trust", "deploy")
def trust(template):
    for logical_id in resources(template, R)[:2]:
        base = ("Resources", logical_id, P, "AssumeRolePolicyDocument", "Statement", 0)
        yield f"{logical_id}: none", changed(template, (*base, "Principal"), None)
        yield f"{logical_id}: account", changed(template, (*base, "Principal"), {"AWS": "12345"})
        yield f"{logical_id}: root", changed(template, (*base, "Principal"), {"AWS": "arn:aws:iam::12345:root"})
        yield f"{logical_id}: kind", changed(template, (*base, "Principal"), {"Services": "lambda.amazonaws.com"})
        yield f"{logical_id}: text", changed(template, (*base, "Principal"), "lambda.amazonaws.com")
        yield f"{logical_id}: action", changed(template, (*base, "Action"), "sts:AssumeRoles")


@kind("held-policy-large", "deploy")
def policy_large(template):
    arns = [f"arn:aws:s3:::bucket-with-a-long-name-{n}/*" for n in range(300)]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": arns}]}
    for logical_id in resources(template, R)[:1]:
        yield logical_id, changed(template, ("Resources", logical_id, P, "Policies", 99), {"PolicyName": "large", "PolicyDocument": document})
    for logical_id in resources(template, "AWS::IAM::ManagedPolicy")[:1]:
        yield logical_id, changed(template, ("Resources", logical_id, P, "PolicyDocument"), document)


# Scripts.
def in_files(name, effect, edits):
    @kind(name, effect)
    def make(template):
        for path, value in places(template):
            if isinstance(value, str) and "UserData" in path and "\n" in value and path[-1] != "UserData":
                for what, edit in edits:
                    changed_text = edit(value)
                    if changed_text != value:
                        yield f"{what}: {path[1]}", changed(template, path, changed_text)


in_files("held-script", "late", [
    ("no interpreter", lambda text: text.replace("#!/bin/bash", "#/bin/bash", 1)),
    ("stack", lambda text: text.replace("--stack ${AWS::StackName}", "--stack my-stack").replace('--stack "${AWS::StackName}"', "--stack my-stack")),
    ("region", lambda text: text.replace("--region ${AWS::Region}", "--region $REGION_OF").replace('--region "${AWS::Region}"', "--region $REGION_OF")),
    ("resource", lambda text: text.replace("--resource ", "--resource No"))])

HELD = sorted(set(KINDS) - BEFORE)
# What `check` found when it was asked first, before a line was written for any of them.
FIRST = ("816 of 989 (82%), at error level 738 of 989 (74%); of what any other finds at error level 715 of 806 (88%), "
         "at error level 660 of 806 (81%)")
