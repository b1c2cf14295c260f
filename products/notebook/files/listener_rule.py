"""Hands the events of a listener rule to the account's function, which knows how to create and to
delete one. A change becomes a creation: its answer names a new rule, so CloudFormation takes the
rule for replaced and sends the deletion of the old one. The deletion of a rule that was never made
is answered here: a creation that failed is rolled back even where nothing can be handed on."""
import json
import os
import time
import boto3
import cfnresponse

LAMBDA = boto3.client("lambda")


def hand_on(event):
    for wait in (2, 4, 8, 0):
        try:
            # That function answers CloudFormation itself.
            return LAMBDA.invoke(
                FunctionName=os.environ["RULE_FUNCTION"],
                InvocationType="Event",
                Payload=json.dumps(event),
            )
        except Exception as error:
            # A role that was just made takes some seconds to be known everywhere.
            print("cannot hand the event on:", error)
            if not wait:
                raise
            time.sleep(wait)


def handler(event, context):
    identity = event.get("PhysicalResourceId", "none")
    if event["RequestType"] == "Delete" and ":listener-rule/" not in identity:
        return cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, identity)
    forwarded = dict(event)
    if event["RequestType"] == "Update":
        forwarded["RequestType"] = "Create"
        for key in ("PhysicalResourceId", "OldResourceProperties"):
            forwarded.pop(key, None)
    try:
        hand_on(forwarded)
    except Exception as error:
        reason = str(error)[:500]
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=reason)
