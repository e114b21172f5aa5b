"""Another organization's ids, in whatever is asked: the answer is that of an id that nobody has."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Connection, text

from lead_store import api_keys, dispatches, imports, jobs, leads, privacy, webhooks
from lead_store.access import Organization
from lead_store.api import app
from lead_store.errors import LeadStoreError, NotFound
from lead_store.storage import database
from lead_store.storage.files import get_files
from tests.integration.api_server import make_client
from tests.integration.flows import PEOPLE

# Calls with the id of something that belongs to one organization, as the OpenAPI document has them.
CALLS = [
    (method, path)
    for path, methods in app.openapi()["paths"].items()
    for method in methods
    if "{jobId}" in path or "{dispatchId}" in path
]


@pytest.fixture
def stranger(address: str, other: Organization) -> Iterator[httpx.Client]:
    """A program of another organization."""
    with make_client(address, other) as one:
        yield one


@pytest.fixture
def theirs(run_import, organization: Organization) -> dict[str, UUID]:
    """What the organization has: an import that is done and told of, a dispatch, a lead, a key, a webhook."""
    import_id = UUID(run_import(PEOPLE)["importId"])
    with database.transaction(organization.id) as tx:
        hook = webhooks.create_webhook(tx, "https://example.com/hook", "test")
        webhooks.announce_import(tx, import_id)
        draft = dispatches.Draft(import_id, "whatsapp", "Hello")
        return {
            "import": import_id,
            "dispatch": dispatches.create_dispatch(tx, draft, "test").id,
            "delivery": webhooks.search_deliveries(tx)[0].id,
            "webhook": hook.id,
            "key": api_keys.create_api_key(tx, "test", "test")[0].id,
            "lead": tx.scalar(text("select lead_id from lead_organization limit 1")),
        }


def without_ids(answer: httpx.Response) -> tuple[int, Any]:
    """Status and body of an answer, and which headers it has."""
    return answer.status_code, answer.json(), sorted(set(answer.headers) - {"date", "x-request-id"})


@pytest.mark.parametrize(("method", "path"), CALLS, ids=[f"{method} {path}" for method, path in CALLS])
def test_call_with_an_id_of_others_is_answered_as_one_with_nobodys(stranger, theirs, method: str, path: str) -> None:
    call = path.removeprefix("/organizations/{orgId}")
    answers = [
        stranger.request(method, call.format(jobId=job_id, dispatchId=dispatch_id))
        for job_id, dispatch_id in ((theirs["import"], theirs["dispatch"]), (uuid4(), uuid4()))
    ]
    assert answers[0].status_code == 404
    assert without_ids(answers[0]) == without_ids(answers[1])


def test_dispatch_to_the_leads_of_others_is_answered_as_one_to_nobodys(stranger, theirs) -> None:
    order = {"channel": "whatsapp", "template": {"body": "Hello"}}
    answers = [stranger.post("/dispatches", json={**order, "jobId": str(job)}) for job in (theirs["import"], uuid4())]
    assert answers[0].status_code == 404
    assert without_ids(answers[0]) == without_ids(answers[1])


def test_object_of_others_is_refused_whether_or_not_it_exists(stranger, organization) -> None:
    get_files().put(f"imports/{organization.slug}/people.csv", io.BytesIO(PEOPLE.encode()))
    names = [(organization.slug, "people.csv"), (organization.slug, "missing.csv"), ("nobody", "people.csv")]
    answers = [stranger.post("/leads/import", json={"s3Key": "/".join(("imports", *name))}) for name in names]
    assert {answer.status_code for answer in answers} == {403}
    assert len({json.dumps(without_ids(answer)) for answer in answers}) == 1


def test_same_idempotency_key_of_another_organization_is_another_key(client, upload, stranger, other) -> None:
    get_files().put(f"imports/{other.slug}/people.csv", io.BytesIO(PEOPLE.encode()))
    headers = {"Idempotency-Key": "shared"}
    ours = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}, headers=headers)
    answer = stranger.post("/leads/import", json={"s3Key": f"imports/{other.slug}/people.csv"}, headers=headers)
    assert (ours.status_code, answer.status_code) == (202, 202)
    assert ours.json()["jobId"] != answer.json()["jobId"]


USES: dict[str, Callable[[Connection, UUID], Any]] = {
    "get": imports.get_import,
    "prepare": lambda tx, key: imports.prepare(tx, key, "eve"),
    "start": lambda tx, key: imports.start(tx, key, "eve"),
    "pause": lambda tx, key: imports.pause(tx, key, "eve"),
    "resume": lambda tx, key: imports.resume(tx, key, "eve"),
    "cancel": lambda tx, key: imports.cancel(tx, key, "eve"),
    "undo": lambda tx, key: imports.undo(tx, key, "eve"),
    "read differently": lambda tx, key: imports.change_reading(tx, key, {"encoding": "cp1252"}, "eve"),
    "stage": imports.stage,
    "match": lambda tx, key: imports.match(tx, key, datetime.now(UTC), imports.KeyRange()),
    "finish the review": imports.finish_review,
    "begin": imports.begin,
    "run": imports.run_next_batch,
    "finish": imports.finish,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_import_of_others_and_no_import_get_the_same_answer(run_import, other, use):
    theirs = UUID(run_import(PEOPLE)["importId"])
    answers = []
    for import_id in (theirs, uuid4()):
        with database.transaction(other.id) as tx, pytest.raises(NotFound) as refusal:
            use(tx, import_id)
        answers.append((refusal.value.code, refusal.value.detail))
    assert answers[0] == answers[1]


def test_rows_groups_batches_and_history_of_others_are_empty(run_import, organization, other):
    import_id = UUID(run_import(PEOPLE)["importId"])
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, import_id)
    with database.transaction(other.id) as tx:
        assert imports.search_rows(tx, run, bucket=None) == []
        assert imports.search_group_rows(tx, run, [1]) == []
        assert imports.search_batches(tx, import_id) == []
        assert imports.search_history(tx, import_id) == []
        assert imports.count_imports(tx) == 0


OTHER_USES: dict[str, tuple[str, Callable[[Connection, UUID], Any]]] = {
    "get a dispatch": ("dispatch", dispatches.get_dispatch),
    "retry a dispatch": ("dispatch", dispatches.retry_dispatch),
    "retry a delivery": ("delivery", webhooks.retry_delivery),
    "attempts of a delivery": ("delivery", webhooks.search_attempts),
    "delete a webhook": ("webhook", webhooks.delete_webhook),
    "revoke a key": ("key", api_keys.revoke_api_key),
    "get a lead": ("lead", leads.get_lead),
    "identities of a lead": ("lead", leads.search_identities),
    "history of a lead": ("lead", imports.get_lead_history),
    "export a person": ("lead", lambda tx, key: privacy.export_person(tx, key, "eve")),
    "erase a person": ("lead", lambda tx, key: privacy.erase_person(tx, key, "eve")),
}


@pytest.mark.parametrize(("what", "use"), OTHER_USES.values(), ids=OTHER_USES)
def test_thing_of_others_and_no_thing_get_the_same_answer(theirs, other, what: str, use) -> None:
    assert try_for(other, use, theirs[what]) == try_for(other, use, uuid4())


def try_for(organization: Organization, use: Callable[[Connection, UUID], Any], key: UUID) -> Any:
    """What comes of it, be it an error."""
    try:
        with database.transaction(organization.id) as tx:
            return use(tx, key)
    except LeadStoreError as error:
        return error.code, error.detail


TASKS = {
    "receive_import": "import",
    "stage_import": "import",
    "match_rows": "import",
    "begin_import": "import",
    "import_batch": "import",
    "keep_cells": "import",
    "look_closer": "import",
    "undo_import": "import",
    "undo_batch": "import",
    "mail_import": "import",
    "deliver": "delivery",
    "hand_over": "dispatch",
}
MORE_ARGUMENTS = {"match_rows": {"of": "2026-11-25T12:00:00+00:00"}}


def test_every_task_that_acts_for_an_organization_is_tried_below() -> None:
    named = {name.rpartition(":")[2] for name in jobs.tasks.tasks}
    assert set(TASKS) == named - {"apply_retention"}


@pytest.mark.parametrize(("name", "what"), TASKS.items())
def test_job_with_an_id_of_others_changes_and_sends_nothing(theirs, organization, other, name: str, what: str) -> None:
    before = get_state(organization)
    task = getattr(jobs, name)
    given = (str(theirs[what]), str(other.id))
    with contextlib.suppress(NotFound):
        task.func(*((LastAttempt(), *given) if task.pass_context else given), **MORE_ARGUMENTS.get(name, {}))
    assert get_state(organization) == before
    assert get_state(other) == {table: [] for table in before}


def get_state(organization: Organization) -> dict[str, list[Any]]:
    """All that jobs could have changed for the organization."""
    tables = ("import", "import_row", "import_batch", "lead_organization", "delivery", "delivery_attempt", "dispatch")
    with database.transaction(organization.id) as tx:
        return {table: sorted(map(str, tx.execute(text(f"select * from {table}")))) for table in tables}


class LastAttempt:
    """What a task is told of its job: it will not be tried again."""

    class job:  # noqa: N801 - as procrastinate spells it.
        attempts = 99
