"""The HTTP API, called over a real connection: every call of the contract, its refusals and its repetitions."""

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from lead_store import access, api_keys, imports, jobs
from lead_store.settings import get_settings
from lead_store.storage import queue
from lead_store.storage.database import transaction
from lead_store.storage.files import get_files
from tests.integration.api_server import serving

PEOPLE = "Nome,Telefone\nAna,+5511987654321\nBia,+5511987654322\nCaio,123\n"
Client = httpx.Client
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def address(home) -> Iterator[str]:
    with serving() as url:
        yield url


def make_client(address: str, organization: access.Organization, **options: Any) -> Client:
    with transaction(organization.id) as tx:
        _, text = api_keys.create_api_key(tx, "test", "test", **options)
    base = f"{address}/organizations/{organization.slug}"
    return Client(base_url=base, headers={"Authorization": f"Bearer {text}"}, timeout=60)


@pytest.fixture
def client(address: str, organization: access.Organization) -> Iterator[Client]:
    with make_client(address, organization) as one:
        yield one


@pytest.fixture
def upload(organization: access.Organization) -> Callable[..., str]:
    def upload(content: str, name: str = "people.csv") -> str:
        key = f"imports/{organization.slug}/{name}"
        get_files().put(key, io.BytesIO(content.encode()))
        return key

    return upload


@pytest.fixture
def finish(client: Client) -> Callable[..., dict[str, Any]]:
    """Works on an import's jobs until it has one of the statuses."""

    def finish(job_id: str, *statuses: str) -> dict[str, Any]:
        stop, pause = threading.Event(), threading.Event()
        queues = [queue.name_of(UUID(job_id))]
        worker = threading.Thread(target=jobs.run_worker_until, args=(stop, queues), daemon=True)
        worker.start()
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (seen := client.get(f"/leads/import/{job_id}").json())["status"] not in statuses:
                assert time.monotonic() < deadline, seen
                pause.wait(0.05)
            return seen
        finally:
            stop.set()
            worker.join()

    return finish


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


def test_object_is_imported_by_itself_and_its_rejected_rows_are_given(client, upload, finish) -> None:
    asked = client.post("/leads/import", json={"s3Key": upload(PEOPLE)})
    assert asked.status_code == 202
    assert asked.json()["status"] == "received"
    done = finish(asked.json()["jobId"], "imported", "failed")
    assert done["ledger"] == {
        "read": 3, "created": 2, "updated": 0, "unchanged": 0, "merged": 0, "skipped": 0, "rejected": 1,
    }  # fmt: skip
    assert done["dispatchable"] is True
    rejected = client.get(f"/leads/import/{done['jobId']}/rejected-rows")
    assert rejected.content.startswith("\ufeffNome,Telefone,row,problem_code".encode())
    assert "Caio,123,4,phone_invalid" in rejected.text
    assert asked.headers["location"].endswith(done["jobId"])


def test_import_can_be_undone_once(client, upload, finish) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    finish(job_id, "imported")
    assert client.post(f"/leads/import/{job_id}/undo").status_code == 202
    assert finish(job_id, "undone")["status"] == "undone"
    assert code_of(client.post(f"/leads/import/{job_id}/undo")) == (409, "status_conflict")


def test_same_object_gives_the_same_job_until_its_content_changes(client, upload) -> None:
    def ask() -> str:
        return client.post("/leads/import", json={"s3Key": key}).json()["jobId"]

    key = upload(PEOPLE)
    first = ask()
    assert ask() == first
    upload(PEOPLE + "Dora,+5511987654323\n")
    assert ask() != first


def test_idempotency_key_gives_the_same_job_and_refuses_another_body(client, upload) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"s3Key": upload(PEOPLE)}
    first, again = (client.post("/leads/import", json=body, headers=headers).json()["jobId"] for _ in range(2))
    assert first == again
    refused = client.post("/leads/import", json={**body, "region": "US"}, headers=headers)
    assert code_of(refused) == (422, "idempotency_key_reused")


def test_same_request_twenty_times_at_once_is_one_job(client, upload) -> None:
    body = {"s3Key": upload(PEOPLE)}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: client.post("/leads/import", json=body), range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["jobId"] for answer in answers}) == 1


def test_columns_that_are_not_sure_wait_for_a_person(client, upload, finish) -> None:
    key = upload("a,b\n11987654321,x\n")
    job_id = client.post("/leads/import", json={"s3Key": key, "mapping": {"zzz": "phone"}}).json()["jobId"]
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run_worker_until, args=(stop, [queue.name_of(UUID(job_id))]))
    worker.start()
    pause = threading.Event()
    while (seen := client.get(f"/leads/import/{job_id}").json())["waitsFor"] is None:
        pause.wait(0.05)
    stop.set()
    worker.join()
    assert (seen["status"], seen["waitsFor"], seen["error"]["code"]) == ("received", "columns", "column_unknown")


def test_given_mapping_is_used(client, upload, finish) -> None:
    key = upload("a,b\n11987654321,Ana\n")
    body = {"s3Key": key, "mapping": {"a": "phone", "b": "name"}}
    job_id = client.post("/leads/import", json=body).json()["jobId"]
    assert finish(job_id, "imported")["ledger"]["created"] == 1


def test_object_that_is_no_spreadsheet_fails_with_a_sentence(client, upload, finish) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload("")}).json()["jobId"]
    assert finish(job_id, "failed")["error"]["code"] == "file_empty"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("imports/another/people.csv", (403, "object_key_forbidden")),
        ("imports/{slug}/../another/people.csv", (403, "object_key_forbidden")),
        ("imports/{slug}//etc/passwd", (403, "object_key_forbidden")),
        ("/imports/{slug}/people.csv", (403, "object_key_forbidden")),
        ("imports/{slug}", (403, "object_key_forbidden")),
        ("imports/{slug}evil/people.csv", (403, "object_key_forbidden")),
        ("uploads/{slug}/people.csv", (403, "object_key_forbidden")),
        ("imports/{slug}/..\\people.csv", (403, "object_key_forbidden")),
        ("imports/{slug}/%2e%2e/people.csv", (404, "object_not_found")),
        ("imports/{slug}/missing.csv", (404, "object_not_found")),
    ],
)
def test_key_outside_the_own_prefix_is_refused(client, organization, key: str, expected: tuple[int, str]) -> None:
    asked = client.post("/leads/import", json={"s3Key": key.format(slug=organization.slug)})
    assert code_of(asked) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://localhost:8080/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/hook",
        "http://[::ffff:10.0.0.1]/hook",
        "http://2130706433/hook",
        "http://0x7f.1/hook",
        "http://user:password@example.com/hook",
        "file:///etc/passwd",
        "gopher://example.com",
        "http://example.com/a b\r\nX-Injected: 1",
        "nonsense",
    ],
)
def test_address_inside_a_private_network_is_refused(client, upload, url: str) -> None:
    asked = client.post("/leads/import", json={"s3Key": upload(PEOPLE), "notifyUrl": url})
    status, code = code_of(asked)
    assert status == 422
    assert code in ("url_forbidden", "url_invalid")


def test_people_are_answered_in_order_each_with_a_lead_or_a_problem(client) -> None:
    people = [
        {"channel": "whatsapp", "channelIdentifier": "+55 (11) 98765-4321", "name": "Ana", "email": "not an address"},
        {"channel": "whatsapp", "channelIdentifier": "hello"},
        {"channel": "pigeon", "channelIdentifier": "1"},
        {"channel": "email", "channelIdentifier": "Ana@Gmail.com"},
        {"channel": "whatsapp", "channelIdentifier": "+551187654321"},
        {},
    ]
    answer = client.post("/leads/resolve-batch", json=people)
    results = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(6))
    assert [result.get("outcome") or result["problem"]["code"] for result in results] == [
        "created", "phone_invalid", "channel_unknown", "created", "existing", "channel_unknown",
    ]  # fmt: skip
    assert results[0]["leadId"] == results[4]["leadId"]
    assert results[0]["channelIdentifier"] == "+5511987654321"
    assert results[0]["warnings"][0]["code"] == "email_invalid"
    assert results[3]["channelIdentifier"] == "ana@gmail.com"
    again = client.post("/leads/resolve-batch", json=people).json()["results"]
    assert [one.get("leadId") for one in again] == [one.get("leadId") for one in results]
    assert {one.get("outcome") for one in again if "leadId" in one} == {"existing"}


def test_person_known_elsewhere_is_created_here_and_nothing_tells(client, address) -> None:
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other", "BR")
    person = {"channel": "whatsapp", "channelIdentifier": "+5511971112222", "name": "Ana"}
    with make_client(address, other) as elsewhere:
        elsewhere.post("/leads/resolve-batch", json=[{**person, "channelIdentifier": "+551171112222"}])
    result = client.post("/leads/resolve-batch", json=[person]).json()["results"][0]
    assert (result["outcome"], result["channelIdentifier"]) == ("created", "+5511971112222")


def test_fifty_calls_at_once_over_the_same_new_people_make_each_of_them_once(client) -> None:
    people = [
        {"channel": channel, "channelIdentifier": identifier.format(number)}
        for number in range(20)
        for channel, identifier in (("whatsapp", "+55119812345{:02}"), ("email", "person{}@gmail.com"))
    ]
    variants = [
        {**person, "channelIdentifier": person["channelIdentifier"].replace("+55119", "+5511")} for person in people
    ]

    def call(number: int) -> httpx.Response:
        given = people if number % 2 else list(reversed(variants))
        return client.post("/leads/resolve-batch", json=given)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(call, range(50)))
    assert {answer.status_code for answer in answers} == {200}
    leads_of = [
        [result["leadId"] for result in answer.json()["results"]][:: 1 if number % 2 else -1]
        for number, answer in enumerate(answers)
    ]
    assert all(leads == leads_of[0] for leads in leads_of)
    created = [result for answer in answers for result in answer.json()["results"] if result["outcome"] == "created"]
    assert len(created) == len(people)


def test_event_is_kept_once_and_its_person_is_a_lead(client) -> None:
    event = {
        "eventId": "e-1",
        "type": "campaign_delivered",
        "occurredAt": "2026-03-01T12:00:00Z",
        "source": "messaging",
        "channel": "whatsapp",
        "channelIdentifier": "+5511976543210",
    }
    first = client.post("/events", json=event).json()["events"][0]
    again = client.post("/events", json=[event, {**event, "eventId": "e-2", "type": "opted_out"}]).json()["events"]
    assert [first["status"], *(one["status"] for one in again)] == ["accepted", "duplicate", "accepted"]
    assert {first["leadId"], *(one["leadId"] for one in again)} == {first["leadId"]}
    refused = client.post("/events", json={**event, "eventId": "e-3", "channelIdentifier": "x"}).json()["events"][0]
    assert (refused["status"], refused["problem"]["code"]) == ("refused", "phone_invalid")


def test_dispatch_goes_to_the_leads_of_a_finished_import(client, upload, finish) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    order = {"jobId": job_id, "channel": "whatsapp", "template": {"body": "Olá {{ nome }}"}}
    assert code_of(client.post("/dispatches", json=order)) == (409, "import_not_finished")
    finish(job_id, "imported")
    made = client.post("/dispatches", json=order)
    assert made.status_code == 202
    seen = client.get(f"/dispatches/{made.json()['dispatchId']}").json()
    assert seen["audience"] == {"accepted": 2, "optedOut": 0, "missingVariable": 0, "total": 2}
    unknown = {**order, "template": {"body": "{{ shoe_size }}"}}
    assert code_of(client.post("/dispatches", json=unknown)) == (422, "template_variable_unknown")


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Bearer lsk_000000000000_x", "Basic Zm9v"])
def test_caller_without_a_valid_key_is_told_nothing(address, organization, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = httpx.post(f"{address}/organizations/{organization.slug}/leads/resolve-batch", json=[], headers=headers)
    assert code_of(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_revoked_key_is_not_valid_any_more(address, organization) -> None:
    with make_client(address, organization) as client:
        assert client.post("/leads/resolve-batch", json=[]).status_code == 200
        with transaction(organization.id) as tx:
            (key,) = api_keys.search_api_keys(tx)
            assert key.last_used_at is not None
            api_keys.revoke_api_key(tx, key.id)
        assert code_of(client.post("/leads/resolve-batch", json=[])) == (401, "unauthenticated")


def test_key_of_another_organization_gets_the_same_answer_as_for_no_organization(client, address) -> None:
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other")
    answers = [
        client.post(f"{address}/organizations/{name}/leads/resolve-batch", json=[])
        for name in (other.slug, str(other.id), "nobody")
    ]
    assert {code_of(answer) for answer in answers} == {(404, "organization_not_found")}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_import_of_another_organization_is_not_found(client, address, upload) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other")
    with make_client(address, other) as stranger:
        path = f"/leads/import/{job_id}"
        answers = [stranger.get(path), stranger.get(f"{path}/rejected-rows")]
        answers += [stranger.post(f"{path}/{verb}") for verb in ("pause", "resume", "cancel", "undo")]
    assert {code_of(answer) for answer in answers} == {(404, "import_not_found")}


def test_key_without_the_scope_is_refused(address, organization) -> None:
    with make_client(address, organization, scopes=["leads"]) as client:
        assert client.post("/leads/resolve-batch", json=[]).status_code == 200
        assert code_of(client.post("/events", json=[])) == (403, "scope_missing")


def test_too_many_calls_wait_for_the_time_that_is_said(address, organization, monkeypatch) -> None:
    monkeypatch.setenv("LEAD_STORE_CALLS_AT_ONCE", "3")
    monkeypatch.setenv("LEAD_STORE_CALLS_PER_SECOND", "0.5")
    get_settings.cache_clear()
    try:
        with make_client(address, organization) as client:
            answers = [client.post("/leads/resolve-batch", json=[]) for _ in range(4)]
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2


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


def test_start_is_left_to_the_person_who_mapped_the_columns(organization, client, upload, finish) -> None:
    """What a person completes on the page, a person starts."""
    key = upload("a,b\n11987654321,Ana\n")
    body = {"s3Key": key, "mapping": {"zzz": "phone"}}
    job_id = UUID(client.post("/leads/import", json=body).json()["jobId"])
    with transaction(organization.id) as tx:
        imports.receive_requested(tx, job_id)
        assert imports.start_if_requested(tx, job_id) is False
