"""Stands in for Lambda's cfnresponse: notes what a function tells CloudFormation."""
SUCCESS = "SUCCESS"
FAILED = "FAILED"
SENT = []


def send(event, context, status, data, physical_id=None, noEcho=False, reason=None):
    SENT.append({"status": status, "data": data, "id": physical_id, "reason": reason})
