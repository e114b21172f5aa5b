"""AWS Lambda as AWS runs it: the real runtime interface client as a process, moto's S3, and the real database.

The runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) is played by a small server here:
it hands out one event at a time and takes the answer.
"""

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lead_store import access, api_keys, imports
from lead_store.storage import database
from lead_store.storage.database import transaction
from tests.integration.test_recovery import wait_for

PATIENCE_SECONDS = 120
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:leads"
ROOT = Path(__file__).parents[2]


class RuntimeApi(ThreadingHTTPServer):
    """Hands out events with the time they may take, and keeps the answers; also plays Lambda's Invoke."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Runtime)
        self.events: Queue[tuple[dict[str, Any], float]] = Queue()
        self.answers: Queue[dict[str, Any]] = Queue()
        self.invoked: Queue[dict[str, Any]] = Queue()

    def call(self, event: dict[str, Any], seconds: float = 900) -> dict[str, Any]:
        """Let the function handle an event."""
        self.events.put((event, seconds))
        return self.answers.get(timeout=PATIENCE_SECONDS)


class _Runtime(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        while True:
            try:
                event, seconds = self.server.events.get(timeout=1)
                break
            except Empty:
                if self.server.socket.fileno() == -1:
                    return
        body = json.dumps(event).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid4()))
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + seconds) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", FUNCTION)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path.endswith("/invocations"):
            self.server.invoked.put(json.loads(body))
        elif "/invocation/" in self.path:
            self.server.answers.put(json.loads(body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def s3(home) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(s3: str) -> Any:
    client = boto3.client(
        "s3",
        endpoint_url=s3,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="leads-lambda")
    return client


@contextmanager
def function(s3: str) -> Iterator[RuntimeApi]:
    """The function, running in AWS' own runtime client."""
    with RuntimeApi() as runtime:
        threading.Thread(target=runtime.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{runtime.server_address[1]}"
        environment = {
            **os.environ,
            "AWS_LAMBDA_RUNTIME_API": place,
            "AWS_ENDPOINT_URL_S3": s3,
            "AWS_ENDPOINT_URL_LAMBDA": f"http://{place}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "DATABASE_URL": database.get_url(),
            "STORAGE_URL": "s3://leads-lambda/store",
            "LEAD_STORE_ROWS_PER_BATCH": "100",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "lead_store.aws_lambda.handler"], env=environment, cwd=ROOT
        )
        try:
            yield runtime
        finally:
            process.kill()
            process.wait()
            runtime.shutdown()


@pytest.fixture(scope="module")
def running(s3: str, bucket: Any) -> Iterator[RuntimeApi]:
    with function(s3) as runtime:
        yield runtime


def put(bucket: Any, organization: access.Organization, content: str, name: str = "people.csv") -> dict[str, Any]:
    """Store an object and give the notice that S3 sends of it."""
    key = f"store/imports/{organization.slug}/{name}"
    bucket.upload_fileobj(io.BytesIO(content.encode()), "leads-lambda", key)
    found = {"key": key.replace(" ", "+"), "sequencer": uuid4().hex[:16]}
    record = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "leads-lambda"}, "object": found}}
    return {"Records": [record]}


def make_people(count: int) -> str:
    return "Nome,Telefone\n" + "".join(f"Pessoa {n},+55119{70_000_000 + n}\n" for n in range(count))


def get_import(organization: access.Organization, job_id: str) -> dict[str, Any]:
    with transaction(organization.id) as tx:
        return imports.describe_requested(tx, UUID(job_id))


def test_object_that_arrives_is_imported(running: RuntimeApi, bucket: Any, organization: access.Organization) -> None:
    answer = running.call(put(bucket, organization, make_people(250), "my people.csv"))
    assert answer["handedOn"] is False
    done = get_import(organization, answer["imports"][0]["jobId"])
    assert (done["status"], done["ledger"]["created"]) == ("imported", 250)


def test_repeated_notice_imports_nothing_twice(running, bucket, organization) -> None:
    notice = put(bucket, organization, make_people(5))
    jobs = {running.call(notice)["imports"][0]["jobId"] for _ in range(2)}
    assert len(jobs) == 1


def test_object_of_nobody_is_left_alone(running: RuntimeApi) -> None:
    found = {"key": "store/imports/nobody-at-all/people.csv", "sequencer": "1"}
    notice = {"Records": [{"s3": {"bucket": {"name": "leads-lambda"}, "object": found}}]}
    assert running.call(notice)["imports"] == []


def test_function_without_time_hands_on_and_the_next_one_goes_on(running, bucket, organization) -> None:
    answer = running.call(put(bucket, organization, make_people(2_000)), seconds=30.2)
    job_id = answer["imports"][0]["jobId"]
    calls = 1
    while answer["handedOn"]:
        answer = running.call(running.invoked.get(timeout=PATIENCE_SECONDS), seconds=30.2 + calls / 2)
        calls += 1
    assert calls > 1
    done = get_import(organization, job_id)
    assert (done["status"], done["ledger"]["created"]) == ("imported", 2_000)


def test_killed_function_loses_nothing(s3, bucket, organization) -> None:
    with function(s3) as first:
        first.events.put((put(bucket, organization, make_people(1_500)), 900))
        wait_for(lambda: count_done_rows(organization) > 0)
    # Killed here, with some of its batches done. Its jobs are taken over once its heartbeat is old.
    with function(s3) as second:
        wait_for(lambda: second.call({"leadStore": "work"}) and get_status(organization) != "importing")
    with transaction(organization.id) as tx:
        (run,) = imports.search_imports(tx, limit=2)
        assert (run.status, imports.get_ledger(tx, run)["created"]) == ("imported", 1_500)


def count_done_rows(organization: access.Organization) -> int:
    with transaction(organization.id) as tx:
        return sum(imports.count_done_rows(tx, run) for run in imports.search_imports(tx, limit=1))


def get_status(organization: access.Organization) -> str:
    with transaction(organization.id) as tx:
        return imports.search_imports(tx, limit=1)[0].status


def test_http_api_answers_behind_api_gateway(running: RuntimeApi, organization: access.Organization) -> None:
    with transaction(organization.id) as tx:
        _, key = api_keys.create_api_key(tx, "test", "test")
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": f"/organizations/{organization.slug}/leads/resolve-batch",
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {key}", "content-type": "application/json"},
        "requestContext": {
            "http": {
                "method": "POST",
                "path": f"/organizations/{organization.slug}/leads/resolve-batch",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test",
            },
            "domainName": "api.example.com",
        },
        "body": json.dumps([{"channel": "whatsapp", "channelIdentifier": "+5511987654321"}]),
        "isBase64Encoded": False,
    }
    answer = running.call(event)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["results"][0]["outcome"] == "created"
