"""Eight workers, two imports of one organization and one of another, and programs, all about the same people."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from uuid import UUID

import pytest
from sqlalchemy import text

from lead_store import imports, leads
from lead_store.storage import database
from tests.integration.flows import get_store, run_sql, undo
from tests.integration.test_recovery import count_done, wait_for, worker

PEOPLE = 240
WORKERS = 8
# Everybody in fifty calls, each with an attribute more, is work enough with these.
CALLS, CALLED = 50, 60


def _file(name, numbers):
    rows = "".join(f"{name} {number},+5511987{number:06d},{name.lower()}{number}@x.io\n" for number in numbers)
    return "Nome,Telefone,E-mail\n" + rows


@pytest.fixture(autouse=True)
def _small_batches(set_rows_per_batch):
    set_rows_per_batch(20)


def _work(organization, import_id):
    while True:
        with database.transaction(organization.id) as tx:
            if not imports.run_next_batch(tx, import_id):
                break
    with database.transaction(organization.id) as tx:
        imports.finish(tx, import_id)


def _resolve(organization, numbers):
    people = [
        leads.Person(channel="whatsapp", channel_identifier=f"+5511987{number:06d}", name=f"Event {number}")
        for number in numbers
    ]
    with database.transaction(organization.id) as tx:
        return {done.lead_id for done in leads.resolve_or_create(tx, people, "BR")}


def _get_ledger(organization, import_id):
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, import_id)
        assert run.status == "imported"
        return imports.get_ledger(tx, run), len(imports.search_drift(tx, run, limit=PEOPLE))


def _start(organization, *import_ids):
    for import_id in import_ids:
        with database.transaction(organization.id) as tx:
            imports.start(tx, import_id, "test")


def test_imports_and_events_about_the_same_people_lose_nothing_and_never_block_each_other(
    run_import, organization, other
):
    everybody = list(range(PEOPLE))
    one = UUID(run_import(_file("One", everybody), is_dry_run=True)["importId"])
    two = UUID(run_import(_file("Two", everybody[::-1]), is_dry_run=True)["importId"])
    theirs = UUID(run_import(_file("Theirs", everybody), organization=other, is_dry_run=True)["importId"])
    _start(organization, one, two)
    _start(other, theirs)
    with ThreadPoolExecutor(WORKERS) as workers:
        tasks = [workers.submit(_work, organization, import_id) for import_id in (one, two)]
        tasks += [workers.submit(_work, other, theirs)]
        tasks += [workers.submit(_resolve, organization, everybody[start::7]) for start in range(7)]
        tasks += [workers.submit(_work, organization, import_id) for import_id in (one, two) for _ in range(2)]
        for task in tasks:
            task.result()  # Raises what a worker raised: a deadlock, a broken key.

    first, first_drift = _get_ledger(organization, one)
    second, second_drift = _get_ledger(organization, two)
    assert _get_ledger(other, theirs)[0]["created"] == PEOPLE
    for ledger, drift in ((first, first_drift), (second, second_drift)):
        assert ledger["read"] == PEOPLE == ledger["created"] + ledger["unchanged"] + ledger["skipped"]
        assert drift == PEOPLE - ledger["created"], "whoever somebody else created first is drift"
    links = run_sql(
        organization, "select lead_id from lead_organization where organization_id = current_organization()"
    )
    assert len(links) == len({row.lead_id for row in links}) == PEOPLE
    assert {row.lead_id for row in links} == _resolve(organization, everybody)


def _call(client, call_number):
    """One call about everybody, with an attribute that no other call has; half of the calls write old numbers, and
    begin at the other end."""
    prefix = "+5511987" if call_number % 2 else "+551187"
    people = [
        {
            "channel": "whatsapp",
            "channelIdentifier": f"{prefix}{number:06d}",
            "attributes": {f"Call {call_number}": str(number)},
        }
        for number in range(CALLED)
    ]
    answer = client.post("/leads/resolve-batch", json=people if call_number % 2 else people[::-1])
    assert answer.status_code == 200, answer.text
    leads_named = [result["leadId"] for result in answer.json()["results"]]
    return leads_named if call_number % 2 else leads_named[::-1]


def test_fifty_calls_by_http_and_two_imports_by_workers_make_each_person_once_and_lose_nothing(
    run_import, organization, client, home, set_rows_per_batch
):
    set_rows_per_batch(2)  # So that the imports last as long as the calls.
    everybody, deadlocks = list(range(CALLED)), count_deadlocks()
    one = UUID(run_import(_file("One", everybody), is_dry_run=True)["importId"])
    two = UUID(run_import(_file("Two", everybody[::-1]), is_dry_run=True)["importId"])
    with ExitStack() as at_work, ThreadPoolExecutor(16) as programs:
        for _ in range(2):
            at_work.enter_context(worker(home, concurrency=4))
        _start(organization, one, two)
        wait_for(lambda: count_done(organization, one) + count_done(organization, two) > 0)
        answers = [programs.submit(_call, client, call_number) for call_number in range(CALLS)]
        leads_named = [answer.result() for answer in answers]
        wait_for(lambda: all(_get_status(organization, import_id) == "imported" for import_id in (one, two)))

    assert all(named == leads_named[0] for named in leads_named)
    assert len(set(leads_named[0])) == CALLED
    links = run_sql(
        organization, "select lead_id, attributes from lead_organization where organization_id = current_organization()"
    )
    assert {str(link.lead_id) for link in links} == set(leads_named[0])
    numbers = {lead_id: str(number) for number, lead_id in enumerate(leads_named[0])}
    for link in links:
        expected = {f"Call {call_number}": numbers[str(link.lead_id)] for call_number in range(CALLS)}
        assert expected.items() <= link.attributes.items()
    for import_id in (one, two):
        ledger, drift = _get_ledger(organization, import_id)
        assert ledger["read"] == CALLED == ledger["created"] + ledger["skipped"]
        assert drift == ledger["skipped"], "whoever somebody else created first is drift"
    assert count_deadlocks() == deadlocks


def count_deadlocks():
    """All that this database had since it was made; a worker tells of its own when it ends."""
    with database.transaction() as tx:
        return tx.scalar(text("select deadlocks from pg_stat_database where datname = current_database()"))


def test_drift_of_two_imports_is_decided_again_until_none_is_left(run_import, organization):
    everybody = list(range(60))
    one = UUID(run_import(_file("One", everybody), is_dry_run=True)["importId"])
    two = UUID(run_import(_file("Two", everybody), is_dry_run=True)["importId"])
    _start(organization, one, two)
    with ThreadPoolExecutor(4) as workers:
        for task in [workers.submit(_work, organization, import_id) for import_id in (one, two) for _ in range(2)]:
            task.result()
    for import_id in (one, two):
        with database.transaction(organization.id) as tx:
            imports.decide_drift(tx, import_id, "again", "test")
        if _get_status(organization, import_id) == "importing":
            _work(organization, import_id)
        assert _get_ledger(organization, import_id)[1] == 0


def test_an_undo_beside_another_organizations_import_leaves_their_leads(run_import, organization, other):
    everybody = list(range(PEOPLE))
    ours = UUID(run_import(_file("Ours", everybody))["importId"])
    theirs = UUID(run_import(_file("Theirs", everybody), organization=other, is_dry_run=True)["importId"])
    _start(other, theirs)
    with ThreadPoolExecutor(WORKERS) as workers:
        tasks = [workers.submit(_work, other, theirs) for _ in range(3)] + [workers.submit(undo, organization, ours)]
        for task in tasks:
            task.result()
    store = get_store(other)
    held = {row[1] for row in store["lead_organization"]}
    assert len(held) == PEOPLE
    assert held <= {row[0] for row in store["lead"]}
    assert held <= {row[2] for row in store["channel_identity"]}
    assert not run_sql(organization, "select 1 from lead_organization where organization_id = current_organization()")


def _get_status(organization, import_id):
    with database.transaction(organization.id) as tx:
        return imports.get_import(tx, import_id).status
