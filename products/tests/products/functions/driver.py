"""Runs a function's handler on the events of a test; the request comes as JSON on stdin."""
import contextlib
import importlib.util
import json
import os
import sys
import time

import boto3
import cfnresponse

request = json.load(sys.stdin)
boto3.ANSWERS.update(request["answers"])
os.environ.update(request["environment"])
time.sleep = lambda seconds: None
results = []
with contextlib.redirect_stdout(sys.stderr):
    spec = importlib.util.spec_from_file_location("index", sys.argv[1])
    index = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(index)
    for event in request["events"]:
        results.append(index.handler(event, None))
print(json.dumps({"results": results, "calls": boto3.CALLS, "sent": cfnresponse.SENT}))
