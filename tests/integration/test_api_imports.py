"""Imports asked for by programs over HTTP: done, repeated, refused, waiting for a person."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from lead_store import imports, webhooks
from lead_store.storage.database import transaction
from tests.integration.api_server import PEOPLE, code_of


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


def test_columns_that_are_not_sure_wait_for_a_person(client, upload, work_until) -> None:
    key = upload("a,b\n11987654321,x\n")
    job_id = client.post("/leads/import", json={"s3Key": key, "mapping": {"zzz": "phone"}}).json()["jobId"]
    seen = work_until(job_id, lambda seen: seen["waitsFor"] is not None)
    assert (seen["status"], seen["waitsFor"], seen["error"]["code"]) == ("received", "columns", "column_unknown")


TWO_TABLES = "Nome,Telefone\nAna,11987654321\nRui,11987654322\n\nTelefone,Nome\n11987654323,Eva\n"


def test_a_program_chooses_which_table_is_read(client, upload, finish) -> None:
    body = {"s3Key": upload(TWO_TABLES)}
    first = finish(client.post("/leads/import", json=body).json()["jobId"], "imported")
    assert (first["ledger"]["created"], "Only rows 1 to 3 are read" in first["leftOut"]) == (2, True)
    second = client.post("/leads/import", json={**body, "reading": {"cellRange": [5, 6]}}).json()["jobId"]
    assert finish(second, "imported")["ledger"]["read"] == 1


def test_a_program_chooses_one_of_tables_side_by_side(client, upload, finish) -> None:
    content = "Nome,Telefone,,Nome,Telefone\nAna,11987654321,,Eva,11987654323\nRui,11987654322,,Zoe,11987654324\n"
    body = {"s3Key": upload(content + "Lia,11987654325\n")}
    refused = finish(
        client.post("/leads/import", json={**body, "reading": {"cellRange": [1, 4]}}).json()["jobId"], "failed"
    )
    assert "[1, null, 1, 2], [1, null, 4, 5]" in refused["error"]["detail"]
    chosen = client.post("/leads/import", json={**body, "reading": {"cellRange": [1, None, 4, 5]}}).json()["jobId"]
    assert finish(chosen, "imported")["ledger"]["read"] == 2


def test_a_table_that_is_not_there_is_refused_with_those_that_are(client, upload, finish) -> None:
    body = {"s3Key": upload(TWO_TABLES), "reading": {"cellRange": [4, 6]}}
    refused = finish(client.post("/leads/import", json=body).json()["jobId"], "failed")
    assert refused["error"]["code"] == "table_missing"
    assert "[4, 6]" in refused["error"]["detail"]
    assert "[1, 3], [5, 6]" in refused["error"]["detail"]


@pytest.mark.parametrize(
    "reading", [{"headerRow": 0}, {"cellRange": [1]}, {"sheet": 1}, {"sheets": True}, {"sheetsAsOne": "all"}]
)
def test_a_reading_that_is_none_is_refused(client, upload, reading) -> None:
    refused = client.post("/leads/import", json={"s3Key": upload(PEOPLE), "reading": reading})
    assert code_of(refused)[0] == 422


def test_a_header_row_that_is_told_to_be_none_makes_the_first_row_a_person(client, upload, finish) -> None:
    body = {"s3Key": upload(PEOPLE), "reading": {"headerRow": None}, "mapping": {"Column 2": "phone"}}
    assert finish(client.post("/leads/import", json=body).json()["jobId"], "imported")["ledger"]["read"] == 4


def test_given_mapping_is_used(client, upload, finish) -> None:
    key = upload("a,b\n11987654321,Ana\n")
    body = {"s3Key": key, "mapping": {"a": "phone", "b": "name"}}
    job_id = client.post("/leads/import", json=body).json()["jobId"]
    assert finish(job_id, "imported")["ledger"]["created"] == 1


def test_start_is_left_to_the_person_who_mapped_the_columns(organization, client, upload, finish) -> None:
    """What a person completes on the page, a person starts."""
    key = upload("a,b\n11987654321,Ana\n")
    body = {"s3Key": key, "mapping": {"zzz": "phone"}}
    job_id = UUID(client.post("/leads/import", json=body).json()["jobId"])
    with transaction(organization.id) as tx:
        imports.receive_requested(tx, job_id)
        assert imports.start_if_requested(tx, job_id) is False


def test_object_that_is_no_spreadsheet_fails_with_a_sentence_for_all_who_look(
    client, organization, upload, finish
) -> None:
    with transaction(organization.id) as tx:
        webhooks.create_webhook(tx, "https://example.com/hook", "test")
    job_id = client.post("/leads/import", json={"s3Key": upload("", "empty.csv")}).json()["jobId"]
    error = finish(job_id, "failed")["error"]
    assert error["code"] == "file_empty"
    with transaction(organization.id) as tx:
        [run] = imports.search_imports(tx, limit=2)
        [delivery] = webhooks.search_deliveries(tx)
    assert (str(run.id), run.file_name, run.status, run.error) == (job_id, "empty.csv", "failed", error)
    assert delivery.type == "lead.import.failed"
    assert (delivery.data["jobId"], delivery.data["status"], delivery.data["error"]) == (job_id, "failed", error)
    assert client.get(f"/leads/import/{job_id}/rejected-rows").status_code == 200
    assert code_of(client.post(f"/leads/import/{job_id}/resume")) == (409, "status_conflict")


def test_object_that_was_refused_can_be_put_right_and_asked_for_again(client, upload, finish) -> None:
    first = client.post("/leads/import", json={"s3Key": upload("")}).json()["jobId"]
    finish(first, "failed")
    second = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    assert second != first
    assert finish(second, "imported")["ledger"]["created"] == 2


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
        # Longer than a file system takes a name, and than S3 takes a key.
        ("imports/{slug}/" + "x" * 300 + ".csv", (404, "object_not_found")),
        ("imports/{slug}/" + "é/" * 490 + ".csv", (404, "object_not_found")),
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
