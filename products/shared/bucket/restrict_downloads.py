"""Keeps one statement in the policy of a bucket, whatever else stands there."""
import json
import boto3
import cfnresponse
from botocore.exceptions import ClientError

S3 = boto3.client("s3")


def statements_of(bucket):
    try:
        policy = json.loads(S3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchBucketPolicy", "NoSuchBucket"):
            return []
        raise
    return policy["Statement"]


def keep(bucket, sid, wanted):
    before = statements_of(bucket)
    after = [one for one in before if one.get("Sid") != sid] + wanted
    if after == before:
        return
    if after:
        policy = json.dumps({"Version": "2012-10-17", "Statement": after})
        S3.put_bucket_policy(Bucket=bucket, Policy=policy)
    else:
        S3.delete_bucket_policy(Bucket=bucket)


def handler(event, context):
    identity = event.get("PhysicalResourceId", "none")
    try:
        properties = event["ResourceProperties"]
        bucket = properties["BucketName"]
        (statement,) = properties["Statement"]["Statement"]
        identity = bucket + "/" + statement["Sid"]
        is_delete = event["RequestType"] == "Delete"
        keep(bucket, statement["Sid"], [] if is_delete else [statement])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, identity)
    except Exception as error:
        print("cannot keep the statement:", error)
        reason = str(error)[:500]
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=reason)
