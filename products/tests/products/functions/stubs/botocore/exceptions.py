"""Stands in for botocore's errors."""


class ClientError(Exception):
    def __init__(self, response, operation):
        super().__init__(f"{operation}: {response['Error']['Code']}")
        self.response = response
