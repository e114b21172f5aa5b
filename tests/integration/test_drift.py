"""Leads that change between review and import: nothing is written in silence, and a person decides again."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from lead_store import imports, leads
from lead_store.errors import Conflict
from lead_store.storage import database
from tests.integration.conftest import start_and_finish
from tests.integration.flows import get_store, run_sql, undo
from tests.integration.test_undo import wait_for

STORED = "Nome,Telefone,Cidade\nAna,+5511987653001,Rio\nBo,+5511987653002,Rio\nCy,+5511987653003,Rio\n"
CHANGED = (
    "Nome,Telefone,Cidade\nAna Lima,+5511987653001,Rio\nBo,+5511987653002,Rio\nCy,+5511987653003,\nDi,+5511987653004,\n"
)


@pytest.fixture
def drifted(run_import, organization):
    """An import of which, after its review, one lead was edited and another one gone, and carried out then."""
    run_import(STORED)
    import_id = UUID(run_import(CHANGED, is_dry_run=True)["importId"])
    run_sql(
        organization,
        "update lead_organization set name = 'Anita', version = default, updated_at = clock_timestamp()"
        " where organization_id = current_organization() and name = 'Ana'",
    )
    run_sql(
        organization,
        "update lead_organization set name = 'Bob', version = default, updated_at = clock_timestamp()"
        " where organization_id = current_organization() and name = 'Bo'",
    )
    start_and_finish(organization, import_id)
    return import_id


def get(organization, import_id):
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, import_id)
        return imports.get_ledger(tx, run), imports.search_drift(tx, run)


def decide(organization, import_id, choice, **options):
    with database.transaction(organization.id) as tx:
        return imports.decide_drift(tx, import_id, choice, "test", **options)


def go_on(organization, import_id):
    while True:
        with database.transaction(organization.id) as tx:
            if not imports.run_next_batch(tx, import_id):
                break
    with database.transaction(organization.id) as tx:
        assert imports.finish(tx, import_id)


def test_drift_is_listed_with_both_values_and_nothing_is_overwritten(drifted, organization):
    ledger, rows = get(organization, drifted)
    assert (ledger["skipped"], ledger["unchanged"], ledger["created"]) == (2, 1, 1)
    assert [(row["row_number"], row["name"], row["stored"]["name"]) for row in rows] == [
        (2, "Ana Lima", "Anita"),
        (3, "Bo", "Bob"),  # The plan was to leave the lead as it was; it is not as it was.
    ]


def test_what_drifted_is_decided_again(drifted, organization):
    assert decide(organization, drifted, "again", row_numbers=[2]) == 1
    go_on(organization, drifted)
    ledger, rows = get(organization, drifted)
    assert (ledger["updated"], ledger["skipped"], ledger["read"]) == (1, 1, 4)
    assert [row["row_number"] for row in rows] == [3]
    assert decide(organization, drifted, "leave") == 1
    assert get(organization, drifted) == (ledger, [])
    assert decide(organization, drifted, "again") == 0


def test_undo_takes_back_what_was_decided_again(drifted, organization):
    before = get_store(organization)
    decide(organization, drifted, "again")
    go_on(organization, drifted)
    assert get_store(organization) != before
    undo(organization, drifted)
    names = run_sql(
        organization, "select name from lead_organization where organization_id = current_organization() order by 1"
    )
    assert [row.name for row in names] == ["Anita", "Bob", "Cy"]


def test_a_group_that_drifted_is_planned_together(run_import, organization):
    run_import(STORED)
    content = "Nome,Telefone,Cidade\nAna L,+5511987653001,\nAna Lima,+5511987653001,Santos\n"
    import_id = UUID(run_import(content, is_dry_run=True)["importId"])
    run_sql(
        organization,
        "update lead_organization set email = 'ana@x.io', version = default, updated_at = clock_timestamp()"
        " where organization_id = current_organization() and name = 'Ana'",
    )
    start_and_finish(organization, import_id)
    assert get(organization, import_id)[0]["skipped"] == 1
    decide(organization, import_id, "again")
    go_on(organization, import_id)
    ledger = get(organization, import_id)[0]
    assert (ledger["updated"], ledger["merged"], ledger["skipped"]) == (1, 1, 0)
    row = run_sql(
        organization,
        "select name, email, attributes from lead_organization"
        " where organization_id = current_organization() and email is not null",
    )
    assert tuple(row[0]) == ("Ana Lima", "ana@x.io", {"Cidade": "Santos"})


def test_drift_is_decided_only_at_the_end(run_import, organization):
    reviewed = run_import(STORED, is_dry_run=True)
    with pytest.raises(Conflict):
        decide(organization, UUID(reviewed["importId"]), "leave")


def test_a_batch_that_began_before_the_review_and_ended_after_it_is_drift(run_import, organization):
    run_import(STORED)
    other_id = UUID(run_import("Nome,Telefone\nAnita,+5511987653001\n", is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        imports.start(tx, other_id, "test")
    with database.transaction(organization.id) as early:
        began = early.execute(text("select now()")).scalar_one()
        import_id = UUID(run_import(CHANGED, is_dry_run=True)["importId"])
        assert imports.run_next_batch(early, other_id)
    with database.transaction(organization.id) as tx:
        assert began < imports.get_import(tx, import_id).reviewed_at
    start_and_finish(organization, import_id)
    assert [(row["name"], row["stored"]["name"]) for row in get(organization, import_id)[1]] == [("Ana Lima", "Anita")]


def test_what_an_undo_took_back_since_the_review_is_drift(run_import, organization):
    run_import(STORED)
    other = run_import("Nome,Telefone\nAna L,+5511987653001\nBob,+5511987653002\n")
    content = "Nome,Telefone\nAna Lima,+5511987653001\nBob,+5511987653002\n"
    import_id = UUID(run_import(content, is_dry_run=True)["importId"])
    undo(organization, other["importId"])
    start_and_finish(organization, import_id)
    rows = get(organization, import_id)[1]
    assert [(row["name"], row["stored"]["name"]) for row in rows] == [("Ana Lima", "Ana"), ("Bob", "Bo")]


def test_what_an_undo_took_back_beside_a_later_import_is_drift(run_import, organization):
    run_import(STORED)
    first = run_import("Nome,Telefone\nAna L,+5511987653001\n")
    run_import("Nome,Telefone,E-mail\n,+5511987653001,ana@x.io\n")
    import_id = UUID(run_import("Nome,Telefone\nAna Lima,+5511987653001\n", is_dry_run=True)["importId"])
    undo(organization, first["importId"])
    start_and_finish(organization, import_id)
    rows = get(organization, import_id)[1]
    assert [(row["name"], row["stored"]["name"], row["stored"]["email"]) for row in rows] == [
        ("Ana Lima", "Ana", "ana@x.io")
    ]


def test_what_was_imported_and_taken_back_since_the_review_is_as_it_was_reviewed(run_import, organization):
    run_import(STORED)
    import_id = UUID(run_import(CHANGED, is_dry_run=True)["importId"])
    other = run_import("Nome,Telefone\nAnita,+5511987653001\n")
    assert other["ledger"]["updated"] == 1
    undo(organization, other["importId"])
    start_and_finish(organization, import_id)
    ledger, rows = get(organization, import_id)
    assert (ledger["updated"], ledger["unchanged"], ledger["created"], rows) == (1, 2, 1, [])


def test_an_event_about_a_lead_since_the_review_is_drift(run_import, organization):
    run_import(STORED)
    content = "Nome,Telefone,E-mail\nAna,+5511987653001,ana@x.io\n"
    import_id = UUID(run_import(content, is_dry_run=True)["importId"])
    person = leads.Person(channel="whatsapp", channel_identifier="+5511987653001", email="ana@y.io")
    with database.transaction(organization.id) as tx:
        leads.resolve_or_create(tx, [person], "BR")
    start_and_finish(organization, import_id)
    assert [row["stored"]["email"] for row in get(organization, import_id)[1]] == ["ana@y.io"]


def test_a_decision_of_the_review_compares_with_what_is_stored_by_then(run_import, organization):
    run_import(STORED)
    content = "Nome,Telefone\nAna L,+5511987653001\nAna Lima,+5511987653001\n"
    import_id = UUID(run_import(content, is_dry_run=True)["importId"])
    run_sql(
        organization,
        "update lead_organization set name = 'Anita', version = default, updated_at = clock_timestamp()"
        " where organization_id = current_organization() and name = 'Ana'",
    )
    with database.transaction(organization.id) as tx:
        run = imports.set_rule(tx, import_id, "duplicates", "merge_first", "test")
        shown = imports.search_updates(tx, run)
    assert [(row["stored"]["name"], row["name"]) for row in shown] == [("Anita", "Ana L")]
    start_and_finish(organization, import_id)
    ledger, rows = get(organization, import_id)
    assert (ledger["updated"], ledger["merged"], rows) == (1, 1, [])


EDIT = """update lead_organization set email = 'first@x.io', version = default
    where organization_id = current_organization() and name = 'Ana'"""


def overtake(organization, write: Callable[[], object]) -> None:
    """Give Ana an e-mail, and do not commit before `write`, in another thread, waits for that."""
    writing = threading.Thread(target=write)

    def is_waiting() -> bool:
        with database.transaction() as tx:
            statement = "select count(*) from pg_locks where not granted and locktype = 'transactionid'"
            return tx.execute(text(statement)).scalar_one() > 0 or not writing.is_alive()

    with database.transaction(organization.id) as tx, database.platform_role(tx):
        tx.execute(text(EDIT))
        writing.start()
        wait_for(is_waiting)
    writing.join()


def test_a_change_that_ends_while_a_batch_writes_is_drift(run_import, organization):
    run_import(STORED)
    import_id = UUID(run_import(CHANGED.replace("Bo,", "Bob,"), is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")

    def run_batch() -> None:
        with database.transaction(organization.id) as tx:
            assert imports.run_next_batch(tx, import_id)

    overtake(organization, run_batch)
    go_on(organization, import_id)
    ledger, rows = get(organization, import_id)
    assert [(row["name"], row["stored"]["name"], row["stored"]["email"]) for row in rows] == [
        ("Ana Lima", "Ana", "first@x.io")
    ]
    assert (ledger["updated"], ledger["unchanged"], ledger["created"], ledger["skipped"]) == (1, 1, 1, 1)


def test_a_program_fills_only_what_is_blank_once_it_writes(run_import, organization):
    run_import(STORED)
    people = [
        leads.Person(channel="whatsapp", channel_identifier=f"+551198765300{place}", email=f"later{place}@x.io")
        for place in (1, 2)
    ]

    def resolve() -> None:
        with database.transaction(organization.id) as tx:
            leads.resolve_or_create(tx, people, "BR")

    overtake(organization, resolve)
    stored = run_sql(
        organization,
        "select email from lead_organization where organization_id = current_organization() order by name",
    )
    assert [row.email for row in stored] == ["first@x.io", "later2@x.io", None]
