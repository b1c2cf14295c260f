#!/usr/bin/env python3
"""Creates, updates and ends every generated stack in ministack.

usage: play.py [--product KEY]...   all stacks, or the products named

What ministack can't really do is counted as not tested. Where it and AWS disagree stands in
disagreements.yaml, with the reason and AWS's page; any other step that fails, fails the run.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
import yaml
from botocore.config import Config

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# A stack that is still in progress has failed: there is nothing to wait for in an emulator.
MOST_SECONDS = 60


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, as data."""


def short_tag(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", short_tag)


def read(path):
    return yaml.load(path.read_text(), Loader)


def environment():
    """The first environment in AWS by name: its account and what it imports."""
    for path in sorted((ROOT / "portfolios/environments").glob("*.yaml")):
        found = yaml.safe_load(path.read_text())
        if not found.get("local"):
            return found
    sys.exit("error: no environment in AWS")


ANSWER = """
import cfnresponse
def handler(event, context):
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Arn": "arn:aws:hollow:::x"}, event.get("PhysicalResourceId", "made"))
"""


def around(organization, env):
    """What other stacks of the account export, as a stack: real where ministack can make it."""
    region = env["region"]
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "around", "VpcId": {"Ref": "Vpc"}}},
        "Policy": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeTags", "Resource": "*"}]}},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}},
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Handler": "index.handler", "Runtime": "python3.11", "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"ZipFile": ANSWER}},
        },
    }
    values = {
        "vpc-id": {"Ref": "Vpc"},
        "subnet-id": {"Ref": "Subnet"},
        "security-group-id": {"Fn::GetAtt": ["Group", "GroupId"]},
        "policy-arn": {"Ref": "Policy"},
        "role-arn": {"Fn::GetAtt": ["Role", "Arn"]},
        "function-arn": {"Fn::GetAtt": ["Function", "Arn"]},
        "listener-arn": f"arn:aws:elasticloadbalancing:{region}:{env['account']}:listener/app/around/1/1",
        "url": "https://around.example.org",
    }
    outputs = {}
    ours = ("sc-compute-catalog", "launchrole")
    for key, export in organization["exports"].items():
        name = env.get("exports", {}).get(key) or export.get("name")
        if not name or any(word in name for word in ours):
            continue
        name = name.replace("${AWS::Region}", region)
        outputs[re.sub("[^A-Za-z0-9]", "", key)] = {"Value": values[export["holds"]], "Export": {"Name": name}}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": outputs}


class Play:
    def __init__(self, endpoint, env, hollow_file):
        config = Config(retries={"max_attempts": 2}, read_timeout=MOST_SECONDS + 10)
        self.cloudformation = boto3.client("cloudformation", endpoint_url=endpoint, region_name=env["region"], config=config)
        self.hollow_file = hollow_file
        self.failures = []
        self.done = 0

    def call(self, what, name, act, wanted):
        """One step of a stack's life. Answers whether it went well."""
        started = time.monotonic()
        try:
            act()
            status = self.wait(name)
        except Exception as error:  # noqa: BLE001 - whatever a server says is a finding
            status = f"{type(error).__name__}: {error}"
        if status == wanted or wanted == "DELETE_COMPLETE" and status == "gone":
            self.done += 1
            print(f"  {what:8} {name:28} {status}  {time.monotonic() - started:.1f} s")
            return True
        reasons = self.reasons(name)
        self.failures.append((what, name, status, reasons))
        print(f"  {what:8} {name:28} FAILED {status}")
        for reason in reasons:
            print(f"           {reason}")
        return False

    def wait(self, name):
        until = time.monotonic() + MOST_SECONDS
        while True:
            try:
                status = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            except self.cloudformation.exceptions.ClientError as error:
                if "does not exist" in str(error):
                    return "gone"
                raise
            if not status.endswith("IN_PROGRESS"):
                return status
            if time.monotonic() > until:
                return f"{status} for {MOST_SECONDS} s"
            time.sleep(0.3)

    def reasons(self, name):
        try:
            events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        except Exception:  # noqa: BLE001 - there may be no stack
            return []
        return [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason")
        ]

    def create(self, name, body, parameters=()):
        return self.call(
            "create", name,
            lambda: self.cloudformation.create_stack(StackName=name, TemplateBody=body, Parameters=list(parameters), Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]),
            "CREATE_COMPLETE",
        )

    def update(self, name, body, parameters=()):
        return self.call(
            "update", name,
            lambda: self.cloudformation.update_stack(StackName=name, TemplateBody=body, Parameters=list(parameters), Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]),
            "UPDATE_COMPLETE",
        )

    def delete(self, name):
        return self.call("end", name, lambda: self.cloudformation.delete_stack(StackName=name), "DELETE_COMPLETE")


def body_of(template):
    """As JSON, without a macro that only AWS's account has: the server makes its types itself."""
    template = dict(template)
    template.pop("Transform", None)
    return json.dumps(template, default=str)


def parameters_of(template):
    """A value for each parameter without a default, from its pattern's own example."""
    missing = [name for name, parameter in template.get("Parameters", {}).items() if "Default" not in parameter]
    examples = {"SynapseIDs": "1111111", "LoginRoleArn": "arn:aws:iam::111111111111:role/login"}
    examples |= {name: "prod-aaaaaaaaaaaaa" for name in missing if name.endswith("ProductId")}
    unknown = [name for name in missing if name not in examples]
    if unknown:
        sys.exit(f"error: no value for the parameters {unknown}\n  hint: add one to `examples` in {__file__}")
    return [{"ParameterKey": name, "ParameterValue": examples[name]} for name in missing]


def play(play, env, products):
    organization = yaml.safe_load((ROOT / "portfolios/organization.yaml").read_text())
    generated = ROOT / "generated"
    # Everything that a product is launched into stays until the end.
    stays = [("around", around(organization, env))]
    stays += [("foundation", read(generated / "foundation.yaml"))]
    stays += [(f"launch-role-{path.stem}", read(path)) for path in sorted((generated / "launch-roles").glob("*.yaml"))]
    if not products:
        portfolios = [(f"portfolio-{path.stem}", path) for path in sorted((generated / "portfolios").glob("*.yaml"))]
        others = [(name, generated / f"{name}.yaml") for name in ("end-users", "tag-options")]
        # Portfolios name the roles of end users; tag options import portfolios.
        ordered = others[:1] + portfolios + others[1:]
        stays += [(name, read(path)) for name, path in ordered if path.exists()]
    made = [name for name, template in stays if play.create(name, body_of(template), parameters_of(template))]
    for path in sorted((generated / "products").glob("*.yaml")):
        if products and path.stem not in products:
            continue
        now = read(path)
        name = f"SC-{path.stem}"
        versions = yaml.safe_load((ROOT / "products" / path.stem / "history/versions.yaml").read_text())
        barred = {one["version"] for one in versions.get("barred", [])}
        frozen = sorted((ROOT / "products" / path.stem / "history").glob("v[0-9]*.yaml"), key=lambda one: [int(part) for part in one.stem[1:].split(".")])
        older = [one for one in frozen if one.stem not in barred and read(one) != now]
        play.create(name, body_of(now), parameters_of(now))
        play.delete(name)
        # The update from the version before, as people run it.
        if older:
            before = read(older[-1])
            if play.create(f"{name}-before", body_of(before), parameters_of(before)):
                play.update(f"{name}-before", body_of(now), parameters_of(now))
            play.delete(f"{name}-before")
    for name in reversed(made):
        play.delete(name)


def main():
    products = [sys.argv[at + 1] for at, word in enumerate(sys.argv) if word == "--product"]
    env = environment()
    types = set()
    for path in (ROOT / "generated").rglob("*.yaml"):
        template = read(path)
        if isinstance(template, dict):
            types |= {resource.get("Type", "") for resource in (template.get("Resources") or {}).values()}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as work:
        hollow_file = Path(work) / "hollow"
        hollow_file.touch()
        variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": env["region"],
            "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "AUTH": "false",
            "MINISTACK_ACCOUNT_ID": env["account"], "MINISTACK_REGION": env["region"],
            "S3_DATA_DIR": str(Path(work) / "s3"), "TMPDIR": work, "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(HERE), "HOLLOW": str(hollow_file), "TYPES": ",".join(sorted(types)),
        }
        os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
        log = open(Path(work) / "log", "w+")
        server = subprocess.Popen([sys.executable, str(HERE / "server.py")], env=variables, stdout=log, stderr=subprocess.STDOUT, cwd=work)
        try:
            for _ in range(150):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if server.poll() is not None:
                    break
                time.sleep(0.2)
            if server.poll() is not None:
                log.seek(0)
                sys.exit(f"error: ministack did not start\n{log.read()[-3000:]}")
            played = Play(f"http://127.0.0.1:{port}", env, hollow_file)
            play(played, env, products)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
        hollow = sorted(set(hollow_file.read_text().splitlines()))
    known = yaml.safe_load((HERE / "disagreements.yaml").read_text())["steps"]
    unknown, met = [], set()
    for what, name, status, reasons in played.failures:
        text = f"{what} {name}: {status}: {' '.join(reasons)}"
        matching = [at for at, one in enumerate(known) if one["stack"] == name and one["step"] == what and one["says"] in text]
        met.update(matching)
        if not matching:
            unknown.append(text)
    print(f"ministack: {played.done} steps done, {len(played.failures) - len(unknown)} known disagreements")
    if hollow:
        print(f"not tested, since ministack makes nothing behind them: {', '.join(hollow)}; functions of other stacks")
    if not products:
        for at, one in enumerate(known):
            if at not in met:
                unknown.append(f"disagreements.yaml names {one['step']} {one['stack']}, which didn't happen: take it out")
    if played.done == 0:
        unknown.append("nothing was done")
    if unknown:
        sys.exit("error: " + "\n".join(unknown))


if __name__ == "__main__":
    main()
