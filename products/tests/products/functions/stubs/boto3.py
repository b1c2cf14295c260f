"""Stands in for boto3: gives the answers of the test, and notes every call."""
from botocore.exceptions import ClientError

ANSWERS = {}
CALLS = []


class Client:
    def __init__(self, service):
        self.service = service

    def __getattr__(self, operation):
        name = f"{self.service}.{operation}"

        def call(**arguments):
            CALLS.append([name, arguments])
            answer = ANSWERS[name]
            if isinstance(answer, list):
                answer = answer.pop(0)
            if "Error" in answer:
                raise ClientError(answer, operation)
            return answer

        return call


def client(service):
    return Client(service)
