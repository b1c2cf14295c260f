"""What a machine reaches without a network: instance metadata, and the two calls of CloudFormation that
aws-cfn-bootstrap makes. Usage: cloud.py FOLDER

FOLDER/metadata.json is the metadata of the machine's resource; signals go into FOLDER/signals.
"""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

FOLDER = Path(sys.argv[1])


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Metadata(Answers):
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html, both versions of
    it: aws-cfn-bootstrap 1.4 asks without a token."""

    KNOWN = {
        "/latest/meta-data/instance-id": "i-0123456789abcdef0",
        "/latest/meta-data/block-device-mapping/root": "/dev/xvda",
        "/latest/dynamic/instance-identity/document": "{}",
        "/latest/dynamic/instance-identity/signature": "signed",
    }

    def do_GET(self):
        known = self.KNOWN.get(self.path)
        self.answer(404 if known is None else 200, known or "")

    def do_PUT(self):
        self.answer(200 if self.path == "/latest/api/token" else 404, "TOKEN")


class CloudFormation(Answers):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html and
    API_SignalResource.html, in the JSON that aws-cfn-bootstrap asks for."""

    def do_GET(self):
        self.called(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.called(dict(parse_qsl(self.rfile.read(length).decode())))

    def called(self, given):
        action = given.get("Action")
        if action == "DescribeStackResource":
            result = {
                "StackResourceDetail": {
                    "LastUpdatedTimestamp": 0,
                    "LogicalResourceId": given["LogicalResourceId"],
                    "Metadata": (FOLDER / "metadata.json").read_text(),
                    "PhysicalResourceId": "i-0123456789abcdef0",
                    "ResourceStatus": (FOLDER / "status").read_text(),
                    "ResourceType": "AWS::EC2::Instance",
                    "StackId": given["StackName"],
                    "StackName": "a-stack",
                }
            }
        elif action == "SignalResource":
            with (FOLDER / "signals").open("a") as signals:
                signals.write(f"{given['Status']} {given['LogicalResourceId']} {given['UniqueId']}\n")
            result = {}
        else:
            self.answer(400, json.dumps({"Error": {"Code": "InvalidAction", "Message": action}}))
            return
        self.answer(200, json.dumps({f"{action}Response": {f"{action}Result": result}}))


def main():
    servers = [
        ThreadingHTTPServer(("169.254.169.254", 80), Metadata),
        ThreadingHTTPServer(("127.0.0.1", 8000), CloudFormation),
    ]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    (FOLDER / "cloud-ready").touch()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
