"""Submits the job, makes the secret URL that does, and shows the newest log."""
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
LOGS = boto3.client("logs")
SECRETS = boto3.client("secretsmanager")
NO_PERSON = re.compile("bot|crawl|spider|preview|prefetch|prerender|facebook", re.I)


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
    job = BATCH.submit_job(
        jobName=name, jobQueue=queue, containerOverrides=overrides(),
        jobDefinition=os.environ["JOB_DEFINITION"],
    )
    message = f"Submitted job [{name} - {job['jobId']}] to the job queue [{queue}]"
    print(message)
    return message


def jobs_of_last_minute():
    since = {"name": "AFTER_CREATED_AT", "values": [str(int((time.time() - 60) * 1000))]}
    jobs = BATCH.list_jobs(jobQueue=os.environ["JOB_QUEUE"], filters=[since])
    return len(jobs["jobSummaryList"])


def newest_log():
    group = os.environ["LOG_GROUP"]
    runs = LOGS.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)
    for run in runs["logStreams"]:
        log = LOGS.get_log_events(logGroupName=group, logStreamName=run["logStreamName"])
        return [event["message"] for event in log["events"]]
    return []


def answer(status, message, **layout):
    headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    body = json.dumps({"message": message}, **layout)
    return {"statusCode": status, "headers": headers, "body": body}


def called(event):
    given, _, page = event.get("rawPath", "").strip("/").partition("/")
    wanted = token(os.environ["URL_REVISION"]).encode()
    if not hmac.compare_digest(given.encode(), wanted) or page not in ("", "log"):
        return answer(404, "There is nothing here")
    if event["requestContext"]["http"]["method"] not in ("GET", "POST"):
        return answer(405, "Use GET")
    names = ("purpose", "sec-purpose", "x-purpose", "x-moz", "user-agent")
    if NO_PERSON.search(" ".join(event.get("headers", {}).get(name, "") for name in names)):
        return answer(403, "Not for previews")
    try:
        if page:
            return answer(200, newest_log(), indent=1, ensure_ascii=False)
        if jobs_of_last_minute() >= int(os.environ["JOBS_PER_MINUTE"]):
            return answer(429, "Too many jobs in the last minute")
        return answer(200, submit())
    except ClientError as error:
        print("failed:", error)
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
            # A new role takes seconds to be known everywhere.
            status, reason = cfnresponse.FAILED, str(error)[:500]
            time.sleep(wait)
    cfnresponse.send(event, context, status, data, identity, reason=reason)


def handler(event, context):
    if "RequestType" in event:
        return make_url(event, context)
    if "requestContext" in event:
        return called(event)
    submit()
