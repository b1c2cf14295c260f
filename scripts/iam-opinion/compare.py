"""Asks another evaluator of IAM policies what ours has decided. Every disagreement stands in
disagreements.yaml with its reason and AWS's page; one without a line there fails, and so does a line
that none needs.

usage: compare.py FAKECLOUD DECISIONS...   decisions as `--decisions FILE` writes them
"""
import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from urllib.parse import urlencode

import yaml

HERE = Path(__file__).parent
# Of what is refused, one in so many is asked: there are 65,000.
REFUSED = 10
# So many disagreements without a reason are shown.
SHOWN = 40
# It isn't checked; the service is read from it.
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Simulator:
    """fakecloud on a port of its own, without persistence."""

    def __init__(self, program):
        self.port = free_port()
        self.process = subprocess.Popen(
            [program, "--addr", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.connections = local()
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"error: {program} ended with {self.process.returncode}") from None
                time.sleep(0.1)
        raise SystemExit(f"error: {program} doesn't listen")

    def allows(self, principal, asked):
        """What it says of a call: allowed, explicitDeny or implicitDeny."""
        form = {
            "Action": "SimulateCustomPolicy",
            "Version": "2010-05-08",
            "ActionNames.member.1": asked["action"],
            "ResourceArns.member.1": asked["resource"],
        }
        # fakecloud takes aws:PrincipalArn from the caller, not from what is given of the context.
        for caller in asked["context"].get("aws:principalarn", []):
            form["CallerArn"] = caller
        for index, policy in enumerate(principal["identity"], 1):
            form[f"PolicyInputList.member.{index}"] = policy
        if principal["boundary"] is not None:
            form["PermissionsBoundaryPolicyInputList.member.1"] = principal["boundary"]
        for index, (key, values) in enumerate(asked["context"].items(), 1):
            entry = f"ContextEntries.member.{index}"
            form[f"{entry}.ContextKeyName"] = key
            form[f"{entry}.ContextKeyType"] = "string" if len(values) == 1 else "stringList"
            for place, value in enumerate(values, 1):
                form[f"{entry}.ContextKeyValues.member.{place}"] = value
        answer = self.post(urlencode(form))
        found = re.search(r"<EvalDecision>(\w+)</EvalDecision>", answer)
        if found is None:
            raise SystemExit(f"error: {asked['action']} on {asked['resource']}: {answer[:400]}")
        return found.group(1)

    def post(self, body):
        connection = getattr(self.connections, "one", None)
        if connection is None:
            connection = self.connections.one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": SIGNED}
        connection.request("POST", "/", body, headers)
        return connection.getresponse().read().decode()


def questions(files):
    """What is asked, each with its principal."""
    for file in files:
        written = json.loads(Path(file).read_text())
        refused = 0
        for asked in written["decisions"]:
            if not asked["allowed"]:
                refused += 1
                if refused % REFUSED != 1:
                    continue
            principal = written["principals"][asked["principal"]]
            # A role without policies of its own may do nothing; the simulator takes no empty list.
            if principal["identity"] or asked["allowed"]:
                yield principal, asked


def reasons():
    lines = yaml.safe_load((HERE / "disagreements.yaml").read_text()) or []
    for line in lines:
        is_read = str(line.get("page", "")).startswith("https://docs.aws.amazon.com/") and line.get("says")
        if not is_read and not line.get("unproved"):
            raise SystemExit(f"error: a page and what it says, or why it is unproved: {line}")
    return lines


def explains(line, asked, theirs):
    return (
        line["theirs"] == theirs
        and re.fullmatch(line["actions"], asked["action"])
        and re.fullmatch(line.get("resources", ".*"), asked["resource"])
        and line.get("without") not in asked["context"]
    )


def main():
    simulator = Simulator(sys.argv[1])
    try:
        asked = list(questions(sys.argv[2:]))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda one: simulator.allows(*one), asked))
    finally:
        simulator.process.kill()
    lines = reasons()
    used, unexplained, explained = set(), Counter(), 0
    for (_, one), theirs in zip(asked, answers):
        if (theirs == "allowed") == one["allowed"]:
            continue
        found = [place for place, line in enumerate(lines) if explains(line, one, theirs)]
        used.update(found[:1])
        if found:
            explained += 1
        else:
            ours = "allowed" if one["allowed"] else "refused"
            keys = ", ".join(f"{key}={'|'.join(values)}" for key, values in one["context"].items())
            unexplained[f"{one['action']} on {one['resource']}: {ours} by ours, {theirs} by fakecloud: {keys}"] += 1
    allowed = sum(one["allowed"] for _, one in asked)
    print(f"{len(asked)} decisions asked, {allowed} allowed by ours: {explained} disagreements with a reason, "
          f"{sum(unexplained.values())} without")
    for text in sorted(unexplained)[:SHOWN]:
        print(f"error: {text}")
    unused = [line for place, line in enumerate(lines) if place not in used]
    for line in unused:
        print(f"error: no disagreement needs this line: {line}")
    return 1 if unexplained or unused or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
