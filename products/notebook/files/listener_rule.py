"""Hands the events of a listener rule to the account's function, which knows how to create and to
delete one. A change becomes a creation: its answer names a new rule, so CloudFormation takes the
rule for replaced and sends the deletion of the old one."""
import json
import os
import boto3
import cfnresponse

LAMBDA = boto3.client("lambda")


def handler(event, context):
    forwarded = dict(event)
    if event["RequestType"] == "Update":
        forwarded["RequestType"] = "Create"
        for key in ("PhysicalResourceId", "OldResourceProperties"):
            forwarded.pop(key, None)
    try:
        # That function answers CloudFormation itself.
        LAMBDA.invoke(
            FunctionName=os.environ["RULE_FUNCTION"],
            InvocationType="Event",
            Payload=json.dumps(forwarded),
        )
    except Exception as error:
        print("cannot hand the event on:", error)
        identity = event.get("PhysicalResourceId", "none")
        reason = str(error)[:500]
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=reason)
