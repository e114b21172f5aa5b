"""What every call has in common: bodies that are refused, ids, headers, log lines, and the calls for operators."""

import json
import logging
import threading
import time
from uuid import uuid4

import httpx
import pytest

from tests.integration.api_server import code_of


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"[" * 100_000, (400, "json_invalid")),
        (b'[{"name": "\\u0000"}]', (400, "json_invalid")),
        (b'[{"name": "\\ud800"}]', (400, "json_invalid")),
        (b"[NaN]", (400, "json_invalid")),
        (b"\xff\xfe", (400, "json_invalid")),
        (b'{"name": "Ana"}', (422, "body_invalid")),
        (b'[{"unknown": 1}]', (422, "body_invalid")),
        (b"[" + b"{}," * 10_000 + b"{}]", (422, "body_invalid")),
        (b" " * (17 * 1024**2), (413, "body_too_large")),
    ],
)
def test_hostile_body_is_refused(client, body: bytes, expected: tuple[int, str]) -> None:
    answer = client.post("/leads/resolve-batch", content=body, headers={"Content-Type": "application/json"})
    assert code_of(answer) == expected


def test_answer_to_a_broken_body_repeats_no_value_of_it(client) -> None:
    answer = client.post("/leads/resolve-batch", json=[{"name": ["Ana Secreta"], "phone": 5511987654321}])
    assert "Secreta" not in answer.text
    assert "5511987654321" not in answer.text


def test_every_answer_has_a_request_id_and_safe_headers(client, address) -> None:
    given = httpx.get(f"{address}/health", headers={"X-Request-Id": "my-own-id"})
    assert given.headers["x-request-id"] == "my-own-id"
    for answer in (given, httpx.get(f"{address}/nothing"), client.get(f"/leads/import/{uuid4()}")):
        assert answer.headers["x-request-id"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_log_line_tells_of_the_call_and_of_nobody(client, organization) -> None:
    lines: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("lead_store.api")
    logger.addHandler(listener)
    person = {"channel": "whatsapp", "channelIdentifier": "+5511987650000", "name": "Ana Secreta"}
    client.post("/leads/resolve-batch?phone=5511987650000", json=[person], headers={"X-Request-Id": "call-1"})
    # The line is written once the answer is sent.
    deadline, beat = time.monotonic() + 10, threading.Event()
    while not any("call-1" in line for line in lines) and time.monotonic() < deadline:
        beat.wait(0.05)
    logger.removeHandler(listener)
    (line,) = [json.loads(line) for line in lines if "call-1" in line]
    assert (line["status"], line["path"]) == (200, "/organizations/{orgId}/leads/resolve-batch")
    assert not any(part in json.dumps(line) for part in ("5511987650000", "Secreta", organization.slug))


def test_process_tells_that_it_lives_is_ready_and_what_it_counts(address) -> None:
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
    assert httpx.get(f"{address}/ready").json() == {"status": "ok"}
    counted = httpx.get(f"{address}/metrics").text
    assert "lead_store_requests_total" in counted
    assert "lead_store_batches_done_total" in counted
