"""Starts ministack, an emulator of AWS that isn't ours, with the resource types that it lacks.

The types are made by ministack's own services where it has them, called over HTTP as anybody would.
Service Catalog's are made by the server that FRONT names, where it names one: `service_catalog.py`.
Where nobody has one, a resource is "made" with nothing behind it; such a type is written into the file
that HOLLOW names, so that its success is counted as not tested.
"""

import os
import threading
import uuid

import boto3
from ministack.services.cloudformation import provisioners, stacks

ENDPOINT = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
HOLLOW = os.environ["HOLLOW"]
LOCK = threading.Lock()


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=os.environ["MINISTACK_REGION"])


def lower_first(value):
    """CloudFormation's names of properties as Batch's own: `MaxvCpus` is `maxvCpus`."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_first(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lower_first(item) for item in value]
    return value


def instance_create(logical_id, props, stack_name):
    ec2 = client("ec2")
    asked = {name: props[name] for name in ("ImageId", "InstanceType", "UserData") if name in props}
    for name in ("SecurityGroupIds", "SubnetId", "BlockDeviceMappings"):
        if props.get(name):
            asked[name] = props[name]
    if "IamInstanceProfile" in props:
        # RunInstances doesn't look whether it is there; EC2 does. `instance-profile-ref` in
        # disagreements.yaml is why a name may be an ARN here.
        name = props["IamInstanceProfile"].rsplit("/", 1)[-1]
        client("iam").get_instance_profile(InstanceProfileName=name)
        asked["IamInstanceProfile"] = {"Name": name}
    for mapping in asked.get("BlockDeviceMappings", []):
        ebs = mapping.get("Ebs", {})
        if "VolumeSize" in ebs:
            ebs["VolumeSize"] = int(ebs["VolumeSize"])
    made = ec2.run_instances(MinCount=1, MaxCount=1, **asked)["Instances"][0]
    return made["InstanceId"], {
        "PrivateIp": made.get("PrivateIpAddress", "10.0.0.1"),
        "PrivateDnsName": made.get("PrivateDnsName", ""),
        "AvailabilityZone": made.get("Placement", {}).get("AvailabilityZone", ""),
        "VpcId": made.get("VpcId", ""),
    }


def instance_delete(physical_id, props):
    client("ec2").terminate_instances(InstanceIds=[physical_id])


def compute_environment_create(logical_id, props, stack_name):
    asked = lower_first({key: value for key, value in props.items() if key not in ("Tags", "ReplaceComputeEnvironment")})
    asked.setdefault("computeEnvironmentName", f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:8]}")
    resources = asked.get("computeResources", {})
    if "maxvCpus" in resources:
        resources["maxvCpus"] = int(resources["maxvCpus"])
    role = asked.get("serviceRole", "")
    name = role.rsplit("/", 1)[-1]
    if name:
        found = client("iam").get_role(RoleName=name)["Role"]["Arn"]
        # A name alone means the path `/`: API_CreateComputeEnvironment.
        if role.startswith("arn:") and role != found or not role.startswith("arn:") and found.split(":role/")[1] != role:
            raise ValueError(f"serviceRole {role} is not {found}")
    made = client("batch").create_compute_environment(**asked)
    return made["computeEnvironmentArn"], {"ComputeEnvironmentArn": made["computeEnvironmentArn"]}


def compute_environment_delete(physical_id, props):
    # `no-batch-deletion` in disagreements.yaml.
    note("ending AWS::Batch::ComputeEnvironment")


def job_queue_create(logical_id, props, stack_name):
    asked = lower_first({key: value for key, value in props.items() if key != "Tags"})
    asked.setdefault("jobQueueName", f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:8]}")
    asked["priority"] = int(asked["priority"])
    for order in asked.get("computeEnvironmentOrder", []):
        order["order"] = int(order["order"])
    made = client("batch").create_job_queue(**asked)
    return made["jobQueueArn"], {"JobQueueArn": made["jobQueueArn"]}


def job_queue_delete(physical_id, props):
    # `no-batch-deletion` in disagreements.yaml.
    note("ending AWS::Batch::JobQueue")


def job_definition_create(logical_id, props, stack_name):
    asked = lower_first({key: value for key, value in props.items() if key != "Tags"})
    asked.setdefault("jobDefinitionName", f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:8]}")
    for place, name in (("retryStrategy", "attempts"), ("timeout", "attemptDurationSeconds")):
        if name in asked.get(place, {}):
            asked[place][name] = int(asked[place][name])
    options = asked.get("containerProperties", {}).get("logConfiguration", {}).get("options")
    given = props.get("ContainerProperties", {}).get("LogConfiguration", {}).get("Options")
    if options and given:
        asked["containerProperties"]["logConfiguration"]["options"] = given
    made = client("batch").register_job_definition(**asked)
    return made["jobDefinitionArn"], {"JobDefinitionArn": made["jobDefinitionArn"]}


def job_definition_delete(physical_id, props):
    # `no-batch-deletion` in disagreements.yaml.
    note("ending AWS::Batch::JobDefinition")


def object_create(logical_id, props, stack_name):
    """What the macro `S3Objects` makes of an `AWS::S3::Object`."""
    target = props["Target"]
    body = props.get("Body", "")
    client("s3").put_object(Bucket=target["Bucket"], Key=target["Key"], Body=str(body).encode())
    return f"{target['Bucket']}/{target['Key']}", {}


def object_delete(physical_id, props):
    bucket, key = physical_id.split("/", 1)
    client("s3").delete_object(Bucket=bucket, Key=key)


def note(what):
    """Writes down what was said to be done and wasn't."""
    with LOCK, open(HOLLOW, "a") as file:
        file.write(f"{what}\n")


def hollow(kind):
    def create(logical_id, props, stack_name):
        note(kind)
        name = f"{logical_id.lower()}-{uuid.uuid4().hex[:8]}"
        return name, {"Arn": f"arn:aws:hollow:::{name}", "Id": name, "SchedulingPolicyArn": f"arn:aws:hollow:::{name}"}

    return {"create": create, "update": lambda physical_id, *rest: (physical_id, {}), "delete": lambda *rest: None}


CALLING = set()


def add(kind, create, delete):
    """A type that ministack has itself is left alone."""
    if kind not in provisioners._RESOURCE_HANDLERS:
        provisioners._RESOURCE_HANDLERS[kind] = {"create": create, "delete": delete}
        CALLING.add(kind)


# What calls the server that it runs in must not hold the server's loop.
ON_THREADS = stacks._runs_on_worker_thread
stacks._runs_on_worker_thread = lambda kind: kind in CALLING or ON_THREADS(kind)


add("AWS::EC2::Instance", instance_create, instance_delete)
add("AWS::Batch::ComputeEnvironment", compute_environment_create, compute_environment_delete)
add("AWS::Batch::JobQueue", job_queue_create, job_queue_delete)
add("AWS::Batch::JobDefinition", job_definition_create, job_definition_delete)
add("AWS::S3::Object", object_create, object_delete)
if os.environ.get("FRONT"):
    import service_catalog

    MADE, REPLACED = service_catalog.handlers()
    provisioners._REPLACING_PROPERTIES.update(REPLACED)
    for kind, handler in MADE.items():
        if kind in provisioners._RESOURCE_HANDLERS:
            raise SystemExit(f"error: ministack has {kind} itself now\n  hint: take it out of {service_catalog.__file__}")
        provisioners._RESOURCE_HANDLERS[kind] = handler
        CALLING.add(kind)
for kind in filter(None, os.environ["TYPES"].split(",")):
    if kind not in provisioners._RESOURCE_HANDLERS and not kind.startswith(("Custom::", "AWS::CloudFormation::")):
        provisioners._RESOURCE_HANDLERS[kind] = hollow(kind)

if __name__ == "__main__":
    from ministack.app import main

    main()
