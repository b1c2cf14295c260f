"""Submits the job, on schedule or when its secret URL is called, and makes that URL."""
import functools
import hashlib
import hmac
import json
import os
import re
import time
import boto3
import cfnresponse
from botocore.exceptions import ClientError

BATCH = boto3.client("batch")
SECRETS = boto3.client("secretsmanager")
NO_PERSON = re.compile("bot|crawl|spider|preview|prefetch|prerender|facebookexternalhit", re.I)


@functools.lru_cache
def token(revision):
    key = SECRETS.get_secret_value(SecretId=os.environ["URL_KEY"])["SecretString"]
    return hmac.new(key.encode(), revision.encode(), hashlib.sha256).hexdigest()


def overrides():
    pairs = [pair.strip().partition("=") for pair in os.environ["JOB_VARIABLES"].split(",")]
    settings = {"environment": [{"name": n, "value": v} for n, _, v in pairs if n]}
    if os.environ.get("JOB_COMMAND"):
        settings["command"] = json.loads(os.environ["JOB_COMMAND"])
    return settings


def submit():
    name, queue = os.environ["JOB_NAME"], os.environ["JOB_QUEUE"]
    definition = os.environ["JOB_DEFINITION"]
    job = BATCH.submit_job(
        jobName=name, jobQueue=queue, jobDefinition=definition, containerOverrides=overrides()
    )
    return f"Submitted job [{name} - {job['jobId']}] to the job queue [{queue}]"


def jobs_of_last_minute():
    since = {"name": "AFTER_CREATED_AT", "values": [str(int((time.time() - 60) * 1000))]}
    jobs = BATCH.list_jobs(jobQueue=os.environ["JOB_QUEUE"], filters=[since])
    return len(jobs["jobSummaryList"])


def answer(status, message):
    headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return {"statusCode": status, "headers": headers, "body": json.dumps({"message": message})}


def called(event):
    given = event.get("rawPath", "").strip("/").encode()
    if not hmac.compare_digest(given, token(os.environ["URL_REVISION"]).encode()):
        return answer(404, "There is nothing here")
    if event["requestContext"]["http"]["method"] not in ("GET", "POST"):
        return answer(405, "Call this URL with GET")
    names = ("purpose", "sec-purpose", "x-purpose", "x-moz", "user-agent")
    if NO_PERSON.search(" ".join(event.get("headers", {}).get(name, "") for name in names)):
        return answer(403, "Previews and prefetching submit no job")
    try:
        if jobs_of_last_minute() >= int(os.environ["JOBS_PER_MINUTE"]):
            return answer(429, "Too many jobs in the last minute")
        message = submit()
        print(message)
        return answer(200, message)
    except ClientError as error:
        print("cannot submit:", error)
        return answer(400, error.response["Error"]["Message"])


def make_url(event, context):
    identity = event.get("PhysicalResourceId", "submit-url")
    for wait in (2, 4, 8, 16, 0):
        data, status, reason = {}, cfnresponse.SUCCESS, None
        try:
            if event["RequestType"] != "Delete":
                properties = event["ResourceProperties"]
                data = {"Url": properties["BaseUrl"] + token(properties["Revision"])}
            break
        except Exception as error:
            # A role that was just made takes some seconds to be known everywhere.
            status, reason = cfnresponse.FAILED, str(error)[:500]
            time.sleep(wait)
    cfnresponse.send(event, context, status, data, identity, reason=reason)


def handler(event, context):
    if "RequestType" in event:
        return make_url(event, context)
    if "requestContext" in event:
        return called(event)
    print(submit())
