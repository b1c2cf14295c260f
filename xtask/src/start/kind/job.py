"""Runs on the schedule of its product."""

import json


def handler(event, context):
    """Does the work of one run."""
    print(json.dumps({"ran": context.aws_request_id}))
