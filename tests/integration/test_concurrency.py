"""Eight workers, two imports of one organization and one of another, and programs, all about the same people."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from lead_store import imports, leads
from lead_store.storage import database
from tests.integration.flows import get_store, run_sql, undo

PEOPLE = 240
WORKERS = 8


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
