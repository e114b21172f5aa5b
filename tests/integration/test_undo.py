"""Taking an import back: what goes, what returns, and what stays because somebody else holds it."""

import threading
import time
from uuid import UUID

import pytest
from sqlalchemy import text

from lead_store import imports
from lead_store.errors import Conflict, NotFound
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.integration.flows import get_store, run_sql, undo

PEOPLE = "Nome,Telefone,E-mail,Cidade\nAna Lima,+5511987650001,ana@example.com,Rio\nBo Reis,+5511987650002,,Santos\n"
CHANGED = "Nome,Telefone,E-mail,Cidade\nAna Souza,+5511987650001,ana@example.org,Rio\nBo Reis,+5511987650002,bo@x.io,\n"

PATIENCE_SECONDS = 30


def wait_for(holds):
    deadline, beat = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not holds():
        assert time.monotonic() < deadline
        beat.wait(0.05)


def is_running(organization, import_id):
    with database.transaction(organization.id) as tx:
        return any(batch["status"] == "running" for batch in imports.search_batches(tx, import_id))


def test_created_leads_go(run_import, organization):
    before = get_store(organization)
    done = run_import(PEOPLE)
    effect = undo(organization, done["importId"])
    assert (effect["removed"], effect["kept"]) == (2, 0)
    assert get_store(organization) == before


@pytest.mark.parametrize("batches", [0, 1])
def test_import_that_was_paused_can_be_taken_back_and_its_ledger_balances(run_import, organization, batches):
    before = get_store(organization)
    import_id = UUID(run_import(PEOPLE, is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
        for _ in range(batches):
            assert imports.run_next_batch(tx, import_id)
        imports.pause(tx, import_id, "test")
    undo(organization, import_id)
    assert get_store(organization) == before
    with database.transaction(organization.id) as tx:
        told = imports.describe_requested(tx, import_id)
    assert told["status"] == "undone"
    read = told["ledger"].pop("read")
    assert read == sum(told["ledger"].values()) == 2


def test_changed_values_return_with_their_times(run_import, organization):
    run_import(PEOPLE)
    before = get_store(organization)
    done = run_import(CHANGED)
    assert done["ledger"]["updated"] == 2
    assert get_store(organization) != before
    effect = undo(organization, done["importId"])
    assert (effect["restored"], effect["kept"]) == (2, 0)
    assert get_store(organization) == before


def test_an_edit_since_is_kept_and_named_the_rest_returns(run_import, organization):
    run_import(PEOPLE)
    done = run_import(CHANGED)
    run_sql(
        organization,
        "update lead_organization set name = 'Ana S. Lima', version = default, updated_at = now()"
        " where name = 'Ana Souza' and organization_id = current_organization()",
    )
    effect = undo(organization, done["importId"])
    assert [(lead["name"], lead["fields"], lead["reason"]) for lead in effect["keptLeads"]] == [
        ("Ana S. Lima", ["name"], "edited_since")
    ]
    stored = run_sql(
        organization,
        "select name, email from lead_organization where organization_id = current_organization() order by name",
    )
    assert [tuple(row) for row in stored] == [("Ana S. Lima", "ana@example.com"), ("Bo Reis", None)]


def test_tags_and_attributes_added_since_stay_beside_what_returns(run_import, organization):
    run_import("Nome,Telefone,Tags,Cidade\nAna,+5511987650001,a,Rio\n")
    done = run_import("Nome,Telefone,Tags,Cidade\nAna,+5511987650001,b,Santos\n")
    run_sql(
        organization,
        "update lead_organization set tags = tags || array['c'], attributes = attributes || '{\"vip\": \"1\"}',"
        " version = default, updated_at = now()"
        " where organization_id = current_organization()",
    )
    undo(organization, done["importId"])
    stored = run_sql(
        organization, "select tags, attributes from lead_organization where organization_id = current_organization()"
    )
    assert [tuple(row) for row in stored] == [(["a", "c"], {"Cidade": "Rio", "vip": "1"})]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (2, 0, 1)])
def test_imports_that_changed_the_same_lead_are_taken_back_in_any_order(run_import, organization, order):
    header = "Nome,Telefone,E-mail,Tags,Cidade\n"
    run_import(header + ",+5511987650001,,a,\n")
    before = get_store(organization)
    rows = ("Ana B,+5511987650001,,b,Rio\n", "Ana C,+5511987650001,c@x.io,c,\n", ",+5511987650001,d@x.io,b;d,Santos\n")
    ids = [run_import(header + row)["importId"] for row in rows]
    for place in order:
        undo(organization, ids[place])
    assert get_store(organization) == before


def test_what_one_import_brought_does_not_return_with_what_a_later_one_changed(run_import, organization):
    header = "Nome,Telefone,E-mail,Tags,Cidade\n"
    run_import(header + "Ana,+5511987650001,,a,\n")
    first = run_import(header + "Ana,+5511987650001,ana@x.io,b,Rio\n")
    run_import(header + "Ana Lima,+5511987650001,,,\n")
    last = run_import(header + "Ana Lima,+5511987650001,,c,\n")
    undo(organization, first["importId"])
    undo(organization, last["importId"])
    stored = run_sql(
        organization,
        "select name, email, tags, attributes from lead_organization where organization_id = current_organization()",
    )
    assert [tuple(row) for row in stored] == [("Ana Lima", None, ["a"], {})]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)])
def test_the_import_that_is_left_is_as_if_the_others_had_never_been(run_import, organization, other, order):
    header = "Nome,Telefone,E-mail,Tags,Cidade\n"
    rows = ("Ana B,+5511987650001,,b,Rio\n", "Ana C,+5511987650001,c@x.io,c,\n", ",+5511987650001,d@x.io,d,Santos\n")
    (left,) = {0, 1, 2}.difference(order)
    for row in (",+5511987650001,,a,\n", rows[left]):
        run_import(header + row, organization=other)
    run_import(header + ",+5511987650001,,a,\n")
    ids = [run_import(header + row)["importId"] for row in rows]
    for place in order:
        undo(organization, ids[place])
    view = "select name, email, tags, attributes from lead_organization where organization_id = current_organization()"
    assert run_sql(organization, view) == run_sql(other, view)


def test_a_created_lead_that_was_edited_since_stays(run_import, organization):
    done = run_import(PEOPLE)
    run_sql(
        organization,
        "update lead_organization set name = 'Ana!', version = default, updated_at = clock_timestamp()"
        " where name = 'Ana Lima' and organization_id = current_organization()",
    )
    effect = undo(organization, done["importId"])
    assert (effect["removed"], [lead["reason"] for lead in effect["keptLeads"]]) == (1, ["edited_since"])


def test_a_lead_of_another_organization_goes_for_us_and_stays_for_them(run_import, organization, other):
    run_import(PEOPLE, organization=other)
    before = get_store(organization, other)
    done = run_import("Nome,Telefone,E-mail\nBo B.,+5511987650002,bo@x.io\n")
    effect = undo(organization, done["importId"])
    assert (effect["removed"], effect["kept"]) == (1, 0)
    assert get_store(organization, other) == before


def test_our_new_lead_that_another_organization_took_up_keeps_its_identity_for_them(run_import, organization, other):
    done = run_import(PEOPLE)
    run_import(PEOPLE, organization=other)
    theirs = get_store(other)
    effect = undo(organization, done["importId"])
    assert (effect["removed"], effect["kept"]) == (2, 0)  # That others hold them is not told.
    assert get_store(organization, other) == theirs


def test_a_later_import_holds_the_people_it_found(run_import, organization):
    done = run_import(PEOPLE)
    run_import("Nome,Telefone\nAna Lima,+5511987650001\n")
    effect = undo(organization, done["importId"])
    assert (effect["removed"], [lead["reason"] for lead in effect["keptLeads"]]) == (1, ["later_import"])


def test_a_later_event_holds_its_person(run_import, organization):
    done = run_import(PEOPLE)
    run_sql(
        organization,
        "insert into event (organization_id, event_id, type, occurred_at, source, lead_id, channel, channel_identifier)"
        " select current_organization(), 'e1', 'message_received', now(), 'test', lead_id, 'whatsapp', phone"
        " from lead_organization where organization_id = current_organization() and name = 'Ana Lima'",
    )
    effect = undo(organization, done["importId"])
    assert (effect["removed"], [lead["reason"] for lead in effect["keptLeads"]]) == (1, ["later_event"])


def test_an_opt_out_confirmed_since_stays(run_import, organization):
    run_import(PEOPLE)
    done = run_import("Nome,Telefone,Opt-out\nAna Lima,+5511987650001,yes\n", columns={"Opt-out": "opted_out"})
    run_sql(
        organization,
        "update lead_organization set version = default, updated_at = clock_timestamp() where opted_out_at is not null"
        " and organization_id = current_organization()",
    )
    effect = undo(organization, done["importId"])
    assert [lead["fields"] for lead in effect["keptLeads"]] == [["opted_out"]]


def test_an_opt_out_that_a_later_import_states_again_stays(run_import, organization):
    run_import(PEOPLE)
    options = {"content": "Nome,Telefone,Opt-out\nAna Lima,+5511987650001,yes\n", "columns": {"Opt-out": "opted_out"}}
    first, second = run_import(**options), run_import(**options)
    assert second["ledger"]["unchanged"] == 1
    effect = undo(organization, first["importId"])
    assert [(lead["reason"], lead["fields"]) for lead in effect["keptLeads"]] == [("later_import", ["opted_out"])]
    opted_out = "select from lead_organization where opted_out_at is not null and lead_id = :lead"
    assert run_sql(organization, opted_out, lead=effect["keptLeads"][0]["leadId"])


def test_an_undo_goes_on_where_it_was_interrupted(run_import, organization):
    before = get_store(organization)
    done = run_import(PEOPLE)
    import_id = UUID(done["importId"])
    with database.transaction(organization.id) as tx:
        imports.undo(tx, import_id, "test")
    with database.transaction(organization.id) as tx:
        imports.begin_undo(tx, import_id)
    with database.transaction(organization.id) as tx:
        assert imports.undo_next_batch(tx, import_id)
        tx.get_transaction().rollback()  # The worker died in the middle of its batch.
    with database.transaction(organization.id) as tx:
        imports.begin_undo(tx, import_id)
        assert imports.undo_next_batch(tx, import_id)
        assert not imports.undo_next_batch(tx, import_id)
        assert imports.finish_undo(tx, import_id)
        assert not imports.finish_undo(tx, import_id)
    assert get_store(organization) == before


def test_what_never_started_or_is_undone_already_is_refused(run_import, organization):
    reviewed = run_import(PEOPLE, is_dry_run=True)
    with database.transaction(organization.id) as tx, pytest.raises(Conflict):
        imports.undo(tx, UUID(reviewed["importId"]), "test")
    done = run_import(PEOPLE)
    undo(organization, done["importId"])
    with database.transaction(organization.id) as tx, pytest.raises(Conflict):
        imports.undo(tx, UUID(done["importId"]), "test")


def test_an_undo_waits_for_the_batch_that_is_being_done(run_import, organization):
    before = get_store(organization)
    import_id = UUID(run_import(PEOPLE, is_dry_run=True)["importId"])

    def do_batch():
        with database.transaction(organization.id) as tx:
            imports.run_next_batch(tx, import_id)

    def are_waiting():
        with database.transaction() as tx:
            waiting = tx.execute(text("select count(*) from pg_locks where not granted")).scalar_one()
        return waiting == 2 or not undoing.is_alive()

    batch = threading.Thread(target=do_batch)
    undoing = threading.Thread(target=lambda: undo(organization, import_id))
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
    with database.transaction() as holding:
        # What an import of the same people by somebody else holds meanwhile.
        holding.execute(text("select pg_advisory_xact_lock(hashtextextended('whatsapp+551187', 4721))"))
        batch.start()
        wait_for(lambda: is_running(organization, import_id))
        with database.transaction(organization.id) as tx:
            imports.pause(tx, import_id, "test")
        undoing.start()
        wait_for(are_waiting)
    batch.join()
    undoing.join()
    assert get_store(organization) == before
    with database.transaction(organization.id) as tx:
        assert imports.get_import(tx, import_id).status == "undone"


def test_what_was_cancelled_tells_what_it_wrote(run_import, organization, monkeypatch):
    monkeypatch.setenv("LEAD_STORE_ROWS_PER_BATCH", "1")
    get_settings.cache_clear()
    import_id = UUID(run_import(PEOPLE, is_dry_run=True)["importId"])
    get_settings.cache_clear()

    def counts():
        with database.transaction(organization.id) as tx:
            ledger = imports.get_ledger(tx, imports.get_import(tx, import_id))
        return {bucket: rows for bucket, rows in ledger.items() if rows}

    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
        assert imports.run_next_batch(tx, import_id)
        imports.cancel(tx, import_id, "test")
    assert counts() == {"read": 2, "created": 1, "skipped": 1}
    assert undo(organization, import_id)["removed"] == 1
    assert counts() == {"read": 2, "created": 1, "skipped": 1}


def test_another_organization_cannot_undo_it(run_import, organization, other):
    done = run_import(PEOPLE)
    with database.transaction(other.id) as tx, pytest.raises(NotFound):
        imports.undo(tx, UUID(done["importId"]), "test")
