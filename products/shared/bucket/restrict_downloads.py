"""Keeps one statement in the policy of a bucket, whatever else stands there."""
import json
import os
import time
import boto3
import cfnresponse
from botocore.exceptions import ClientError

S3 = boto3.client("s3")
GONE = ("NoSuchBucketPolicy", "NoSuchBucket")
# A role that was just made, another change under way, too many calls: each passes.
PASSING = ("AccessDenied", "InternalError", "OperationAborted", "ServiceUnavailable", "SlowDown")


def code_of(error):
    return error.response["Error"]["Code"]


def patiently(call, **arguments):
    for wait in (1, 2, 4, 8, 16, 0):
        try:
            return call(**arguments)
        except ClientError as error:
            if not wait or code_of(error) not in PASSING:
                raise
            print("again:", error)
            time.sleep(wait)


def statements_of(bucket):
    try:
        policy = json.loads(patiently(S3.get_bucket_policy, Bucket=bucket)["Policy"])
    except ClientError as error:
        if code_of(error) in GONE:
            return []
        raise
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def keep(bucket, sid, wanted):
    before = statements_of(bucket)
    after = [one for one in before if one.get("Sid") != sid] + wanted
    if after == before:
        return
    if after:
        policy = json.dumps({"Version": "2012-10-17", "Statement": after})
        patiently(S3.put_bucket_policy, Bucket=bucket, Policy=policy)
    else:
        patiently(S3.delete_bucket_policy, Bucket=bucket)


def handler(event, context):
    identity = event.get("PhysicalResourceId", "none")
    try:
        properties = event["ResourceProperties"]
        bucket = properties["BucketName"]
        (statement,) = properties["Statement"]["Statement"]
        sid = statement["Sid"]
        if event["RequestType"] != "Delete":
            identity = bucket + "/" + sid
            keep(bucket, sid, [statement])
        elif identity != bucket + "/" + sid:
            print("there is no restriction to take away:", identity)
        elif bucket != os.environ["BUCKET"]:
            # After a change of the name, this role reaches the new bucket alone.
            print("the restriction stays in the policy of the bucket before:", bucket)
        else:
            keep(bucket, sid, [])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, identity)
    except Exception as error:
        print("cannot keep the statement:", error)
        reason = str(error)[:500]
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=reason)
