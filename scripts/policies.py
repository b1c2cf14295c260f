"""Runs parliament over every policy of the generated templates, and compares what it finds with
the exceptions of a file, each with its reason. Fails on a finding that no exception names, and on an
exception that names no finding.

Every template is read twice: as if all its conditions held, and as if none did. What is known only
in an account is given a value of the right form. Trust policies have no resources, which is all
that parliament looks at: the rule `iam-trust` of `cargo xtask check` is for them.

usage: policies.py EXCEPTIONS ORGANIZATION TEMPLATE...
"""

import json
import re
import sys
from pathlib import Path

import yaml
from cfnlint.decode import cfn_yaml
from parliament import (
    UnknownActionException,
    UnknownPrefixException,
    analyze_policy_string,
    expand_action,
)

ACCOUNT = "123456789012"
STACK = f"SC-{ACCOUNT}-pp-abcdefghijklm"

PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::NoValue": None,
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackId": f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{STACK}/1",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}

# What an export of each kind of the organisation file may hold, as far as policies use it.
KINDS = {
    "function-arn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:given",
    "policy-arn": f"arn:aws:iam::{ACCOUNT}:policy/given",
    "role-arn": f"arn:aws:iam::{ACCOUNT}:role/given",
}

# The ARN of a resource, by its type.
ARNS = {
    "AWS::Batch::JobDefinition": f"arn:aws:batch:us-east-1:{ACCOUNT}:job-definition/given:1",
    "AWS::Batch::JobQueue": f"arn:aws:batch:us-east-1:{ACCOUNT}:job-queue/given",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/given",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/given",
    "AWS::Lambda::Function": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:given",
    "AWS::Logs::LogGroup": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:given:*",
    "AWS::S3::Bucket": "arn:aws:s3:::given",
    "AWS::SecretsManager::Secret": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:given",
}

# Types whose `Ref` is their ARN.
REFERRED_BY_ARN = {
    "AWS::Batch::JobDefinition",
    "AWS::Batch::JobQueue",
    "AWS::IAM::ManagedPolicy",
    "AWS::SecretsManager::Secret",
}


class Template:
    """A template under the assumption that all its conditions hold, or that none does."""

    def __init__(self, path, holds, exports):
        self.path, self.holds, self.exports = path, holds, exports
        self.body = cfn_yaml.load(path)

    def policies(self):
        """Every policy with the names that lead to it."""
        for name, resource in self.body["Resources"].items():
            yield from self._below([name], resource.get("Properties", {}))

    def _below(self, place, node):
        if isinstance(node, dict) and "Statement" in node:
            yield "/".join(place), self.value(node)
        elif isinstance(node, dict):
            for key, child in node.items():
                name = node.get("PolicyName") if key == "PolicyDocument" else key
                yield from self._below([*place, name or key], child)
        elif isinstance(node, list):
            for child in node:
                yield from self._below(place, child)

    def value(self, node):
        """The node without functions. What isn't there is None, and left out of lists and maps."""
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, argument)
            if name.startswith("Fn::"):
                raise self.unknown(f"what {name} is")
        values = {key: self.value(child) for key, child in node.items()}
        return {key: value for key, value in values.items() if value is not None}

    def reference(self, name):
        if name in PSEUDO:
            return PSEUDO[name]
        kind = self.kind(name)
        return ARNS[kind] if kind in REFERRED_BY_ARN else "given"

    def attribute(self, argument):
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        if attribute != "Arn":
            return "given"
        if self.kind(name) not in ARNS:
            raise self.unknown(f"the ARN of {self.kind(name)}")
        return ARNS[self.kind(name)]

    def kind(self, name):
        return self.body["Resources"].get(name, {}).get("Type")

    def choice(self, argument):
        _, then, otherwise = argument
        return self.value(then if self.holds else otherwise)

    def join(self, argument):
        delimiter, items = argument
        return delimiter.join(map(str, self.value(items)))

    def substitute(self, argument):
        text, given = (argument, {}) if isinstance(argument, str) else argument

        def piece(match):
            name = match.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in given:
                return str(self.value(given[name]))
            return str(self.attribute(name) if "." in name else self.reference(name))

        return re.sub(r"\$\{([^}]+)\}", piece, text)

    def imported(self, argument):
        name = self.value(argument)
        if name not in self.exports:
            raise self.unknown(f"what the export {name} holds")
        return self.exports[name]

    def looked_up(self, _):
        return "given"

    def unknown(self, what):
        return SystemExit(f"error: {self.path}: {what} isn't known to scripts/policies.py")


FUNCTIONS = {
    "Fn::FindInMap": Template.looked_up,
    "Fn::GetAtt": Template.attribute,
    "Fn::If": Template.choice,
    "Fn::ImportValue": Template.imported,
    "Fn::Join": Template.join,
    "Fn::Sub": Template.substitute,
    "Ref": Template.reference,
}


def exports_of(paths, organization):
    """What each export holds, by its name: those of the catalog's own stacks, and of others."""
    exports = {}
    for export in yaml.safe_load(Path(organization).read_text())["exports"].values():
        if "name" in export and export["holds"] in KINDS:
            name = re.sub(r"\$\{([^}]+)\}", lambda match: PSEUDO[match.group(1)], export["name"])
            exports[name] = KINDS[export["holds"]]
    for path in paths:
        template = Template(path, True, exports)
        for output in template.body.get("Outputs", {}).values():
            if "Export" in output:
                exports[template.value(output["Export"]["Name"])] = template.value(output["Value"])
    return exports


def findings(policy):
    """What parliament says of a policy: what is wrong, in which statement, and about what."""
    for statement in policy["Statement"]:
        known = []
        for action in listed(statement["Action"]):
            try:
                expand_action(action)
                known.append(action)
            except (UnknownActionException, UnknownPrefixException):
                # parliament looks no further at a statement with an action that it doesn't know.
                yield "UNKNOWN_ACTION", statement.get("Sid", ""), action
        statement["Action"] = known
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Action"]]
    analyzed = analyze_policy_string(json.dumps(policy))
    of_statements = 0
    for statement in analyzed.statements:
        for finding in statement.findings:
            of_statements += 1
            for subject in subjects(finding):
                yield finding.issue, getattr(statement, "sid", ""), subject
    for finding in analyzed.findings[: len(analyzed.findings) - of_statements]:
        yield finding.issue, "", str(finding.detail)


def subjects(finding):
    """What a finding is about: actions, or its text."""
    if isinstance(finding.detail, list):
        return [item["action"] if isinstance(item, dict) else item for item in finding.detail]
    return [str(finding.detail or finding.location.get("string", ""))]


def listed(one_or_more):
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def found_in(templates, organization):
    exports = exports_of(templates, organization)
    found, count = set(), 0
    for path in templates:
        for holds in (True, False):
            for place, policy in Template(path, holds, exports).policies():
                policy["Statement"] = listed(policy["Statement"])
                if all("Resource" in statement for statement in policy["Statement"]):
                    count += holds
                    key = f"{path.removeprefix('generated/')}: {place}"
                    for finding in findings(policy):
                        # In the policy of a key, `*` is that key.
                        if not (place.endswith("/KeyPolicy") and finding[0] == "RESOURCE_STAR"):
                            found.add((key, *finding))
    return found, count


def excepted(path):
    """The exceptions of a file, in the form of findings."""
    exceptions = set()
    for exception in yaml.safe_load(Path(path).read_text()):
        if not exception["reason"].strip():
            sys.exit(f"error: {path}: an exception for {exception['finding']} has no reason")
        for place in exception["in"]:
            for subject in exception["about"]:
                key = (place, exception["finding"], exception.get("statement", ""), subject)
                if key in exceptions:
                    sys.exit(f"error: {path}: {key} is excepted twice")
                exceptions.add(key)
    return exceptions


def main(exceptions_path, organization, *templates):
    found, count = found_in(templates, organization)
    if not count:
        sys.exit("error: no policies in the templates")
    exceptions = excepted(exceptions_path)
    for place, issue, statement, subject in sorted(found - exceptions):
        print(f"{place}: {statement}: {issue}: {subject}")
    for place, issue, statement, subject in sorted(exceptions - found):
        print(f"{place}: {statement}: {issue}: {subject}: excepted and not found; remove it from {exceptions_path}")
    print(f"{count} policies, {len(exceptions)} findings excepted by name")
    sys.exit(found != exceptions)


main(*sys.argv[1:])
