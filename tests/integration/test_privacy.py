"""One person exported and erased, on a real PostgreSQL with real files."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from lead_store import imports, leads, privacy
from lead_store.access import Organization
from lead_store.errors import Conflict, NotFound
from lead_store.storage import database
from lead_store.storage.files import get_files
from tests.integration.flows import HEADER, file_with, get_run, undo


def find_lead(organization: Organization, phone: str) -> UUID:
    with database.transaction(organization.id) as tx:
        return tx.scalar(text("select lead_id from lead_organization where phone = :phone"), {"phone": phone})


def everything_stored() -> str:
    """All rows of all tables, as an administrator reads them, and all files."""
    engine = create_engine(database.get_driver_url())
    with engine.connect() as connection:
        statement = """select c.oid::regclass::text from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'procrastinate_events'"""
        tables = connection.scalars(text(statement)).all()
        rows = [connection.scalars(text(f"select t::text from {table} t")).all() for table in tables]
    engine.dispose()
    files = [path.read_bytes().decode("utf-8", "replace") for path in get_files().root.rglob("*") if path.is_file()]
    return "\n".join([*(row for table in rows for row in table), *files])


def test_export_holds_all_that_is_stored_of_one_person_and_of_no_other(run_import, organization, other, phone):
    run_import(file_with(phone))
    run_import(file_with(phone, name="Ana Souza"))
    run_import(file_with(phone, name="Secret of another"), organization=other)
    with database.transaction(organization.id) as tx:
        export = privacy.export_person(tx, find_lead(organization, phone), "test")
        [record] = privacy.search_records(tx)
    assert export["profile"]["name"] == "Ana Souza"
    assert export["identities"] == [{"channel": "whatsapp", "channel_identifier": phone}]
    assert [row["name"] for row in export["rows"]] == ["Ana Lima", "Ana Lima", "Ana Souza", "Ana Souza"]
    assert [change["before"]["name"] for change in export["changes"]] == ["Ana Lima"]
    assert "Bia" not in json.dumps(export)
    assert "Secret" not in json.dumps(export)
    assert record["what"] == "exported"


def test_erased_person_is_nowhere(run_import, organization, phone):
    first, second, email = f"Ana {uuid4().hex}", f"Ana {uuid4().hex}", f"{uuid4().hex}@example.org"
    outcome = run_import(file_with(phone, first, email))
    run_import(file_with(phone, second, email))
    lead_id = find_lead(organization, phone)
    add_event(organization, lead_id, phone)
    traces = (phone, first, second, email, f"Street of {phone}")
    assert all(trace in everything_stored() for trace in traces)
    with database.transaction(organization.id) as tx:
        counts = privacy.erase_person(tx, lead_id, "test")
    assert counts == {"rows": 4, "events": 1, "links": 1, "files": 2}
    stored = everything_stored()
    assert [trace for trace in traces if trace in stored] == []
    run = get_run(organization, outcome["importId"])
    with database.transaction(organization.id) as tx:
        assert imports.describe(tx, run)["ledger"] == outcome["ledger"]
        assert tx.scalars(text("select name from lead_organization")).all() == ["Bia Reis"]
        [record] = privacy.search_records(tx)
    assert (record["what"], record["counts"]) == ("erased", counts)


def add_event(organization: Organization, lead_id: UUID, phone: str) -> None:
    with database.transaction(organization.id) as tx:
        statement = """insert into event (organization_id, event_id, type, occurred_at, source, lead_id, channel,
            channel_identifier, data) values (current_organization(), 'order-1', 'purchase_approved', now(), 'shop',
            :lead_id, 'whatsapp', :phone, jsonb_build_object('address', 'Street of ' || :phone))"""
        tx.execute(text(statement), {"lead_id": lead_id, "phone": phone})


def test_erased_persons_event_is_still_known_so_that_sending_it_again_brings_nobody_back(
    run_import, organization, phone
):
    run_import(file_with(phone))
    lead_id = find_lead(organization, phone)
    add_event(organization, lead_id, phone)
    with database.transaction(organization.id) as tx:
        privacy.erase_person(tx, lead_id, "test")
        assert tx.scalars(text("select event_id from event")).all() == ["order-1"]


def test_erasure_here_leaves_the_person_there(run_import, organization, other, phone):
    run_import(file_with(phone))
    run_import(file_with(phone, name="Ana of the other", email="ana@other.example"), organization=other)
    before = view_of(other, phone)
    answers = []
    with database.transaction(organization.id) as tx:
        answers.append(privacy.erase_person(tx, find_lead(organization, phone), "test"))
    assert view_of(other, phone) == before
    # What was known from here alone has left the shared profile, too.
    with database.transaction(other.id) as tx, database.platform_role(tx):
        profile = tx.execute(text("select name, email from lead where id = :id"), {"id": before["lead_id"]}).one()
    assert tuple(profile) == (None, None)
    # The last to erase gets the same answer: that somebody else had the person shows nowhere.
    with database.transaction(other.id) as tx:
        answers.append(privacy.erase_person(tx, before["lead_id"], "test"))
    assert answers[0] == answers[1]
    assert phone not in everything_stored()


def view_of(organization: Organization, phone: str) -> dict[str, Any]:
    with database.transaction(organization.id) as tx:
        lead = leads.get_lead(tx, find_lead(organization, phone))
        return {**vars(lead), "identities": leads.search_identities(tx, lead.lead_id)}


def test_erasing_everywhere_leaves_nothing_in_any_organization(run_import, organization, other, phone):
    run_import(file_with(phone))
    run_import(file_with(phone), organization=other)
    with database.transaction() as tx:
        [lead_id] = privacy.find_people(tx, phone)
        export = privacy.export_everywhere(tx, lead_id, "operator")
        assert set(export["organizations"]) == {str(organization.id), str(other.id)}
        assert privacy.erase_everywhere(tx, lead_id, "operator")["links"] == 2
        with pytest.raises(NotFound):
            privacy.find_people(tx, phone)
    assert phone not in everything_stored()


def test_person_in_an_unfinished_import_is_not_erased_halfway(run_import, organization, phone):
    run_import(file_with(phone))
    run_import(file_with(phone), is_dry_run=True)
    lead_id = find_lead(organization, phone)
    with database.transaction(organization.id) as tx, pytest.raises(Conflict) as refusal:
        privacy.erase_person(tx, lead_id, "test")
    assert refusal.value.code == "import_not_finished"
    assert find_lead(organization, phone) == lead_id


def test_erasing_twice_finds_nobody(run_import, organization, phone):
    run_import(file_with(phone))
    lead_id = find_lead(organization, phone)
    with database.transaction(organization.id) as tx:
        privacy.erase_person(tx, lead_id, "test")
    with database.transaction(organization.id) as tx, pytest.raises(NotFound):
        privacy.erase_person(tx, lead_id, "test")


OPTED_OUT = "Nome,Telefone,Não enviar\nAna Lima,{phone},sim\n"


def erase(organization: Organization, phone: str) -> None:
    with database.transaction(organization.id) as tx:
        privacy.erase_person(tx, find_lead(organization, phone), "test")


def is_opted_out(organization: Organization, phone: str) -> bool:
    with database.transaction(organization.id) as tx:
        return leads.get_lead(tx, find_lead(organization, phone)).opted_out_at is not None


@pytest.mark.parametrize("form", ["{phone}", "{older_form}"])
def test_opt_out_outlives_the_erased_person(run_import, organization, phone, form):
    phone = f"{phone[:6]}8{phone[7:]}"  # A mobile that has an older form, too.
    older_form = phone[:5] + phone[6:]
    run_import(OPTED_OUT.format(phone=phone), columns={"Não enviar": "opted_out"})
    assert is_opted_out(organization, phone)
    erase(organization, phone)
    assert phone not in everything_stored()
    with database.transaction(organization.id) as tx:
        person = leads.Person("whatsapp", form.format(phone=phone, older_form=older_form), name="Ana")
        [back] = leads.resolve_or_create(tx, [person], "BR")
        assert leads.get_lead(tx, back.lead_id).opted_out_at is not None


def test_opt_out_outlives_the_erased_person_in_an_import_and_everybody_else_is_let_in(
    run_import, organization, other, phone
):
    run_import(OPTED_OUT.format(phone=phone), columns={"Não enviar": "opted_out"})
    erase(organization, phone)
    ledger = run_import(file_with(phone))["ledger"]
    assert ledger["created"] == 2
    assert is_opted_out(organization, phone)
    assert not is_opted_out(organization, "+5521998765432")
    run_import(file_with(phone), organization=other)
    assert not is_opted_out(other, phone)  # Their opt-outs are their own.


def test_nothing_is_kept_of_an_erased_person_who_had_not_opted_out(run_import, organization, phone):
    run_import(file_with(phone))
    erase(organization, phone)
    run_import(file_with(phone))
    assert not is_opted_out(organization, phone)
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text("select count(*) from suppression")) == 0


def test_opt_out_does_not_pass_to_whoever_shares_an_address_of_the_profile(run_import, organization, phone):
    header = "Nome,Telefone,E-mail,Não enviar\n"
    mail = f"{uuid4().hex}@example.org"
    run_import(f"{header}Ana,{phone},{mail},sim\n", columns={"Não enviar": "opted_out"})
    erase(organization, phone)
    run_import(f"{header}Mara,,{mail},\n", channel="email", columns={"Não enviar": "opted_out"})
    with database.transaction(organization.id) as tx:
        [mother] = leads.search_leads(tx, mail, after=None, limit=5)
    assert mother.opted_out_at is None


def test_opt_out_is_kept_for_identifiers_that_the_organization_gave_and_no_other(
    run_import, organization, other, phone
):
    theirs = f"+55119{uuid4().int % 10**8:08}"
    run_import(file_with(phone), organization=other)
    run_import(OPTED_OUT.format(phone=phone), columns={"Não enviar": "opted_out"})
    with database.transaction(other.id) as tx, database.platform_role(tx):
        statement = "insert into channel_identity values ('whatsapp', :phone, :lead)"
        tx.execute(text(statement), {"phone": theirs, "lead": find_lead(organization, phone)})
    erase(organization, phone)
    run_import(f"Nome,Telefone\nAna,{phone}\n")
    assert is_opted_out(organization, phone)
    erase(organization, phone)
    run_import(f"Nome,Telefone\nAna,{theirs}\n")
    assert not is_opted_out(organization, theirs)


def test_nobody_elses_lead_can_be_erased_or_exported(run_import, organization, other, phone):
    run_import(file_with(phone))
    lead_id = find_lead(organization, phone)
    for use in (privacy.erase_person, privacy.export_person):
        with database.transaction(other.id) as tx, pytest.raises(NotFound):
            use(tx, lead_id, "eve")


def test_import_can_be_undone_after_one_of_its_people_was_erased(run_import, organization, phone):
    outcome = run_import(file_with(phone))
    with database.transaction(organization.id) as tx:
        privacy.erase_person(tx, find_lead(organization, phone), "test")
    undo(organization, outcome["importId"])
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text("select count(*) from lead_organization")) == 0


def test_family_member_with_the_same_email_stays(run_import, organization, phone):
    mother = f"+55119{uuid4().int % 10**8:08}"
    run_import(f"{HEADER}Ana Lima,{phone},family@example.org,\nMara Lima,{mother},family@example.org,\n")
    with database.transaction(organization.id) as tx:
        privacy.erase_person(tx, find_lead(organization, phone), "test")
    assert view_of(organization, mother)["email"] == "family@example.org"
    with database.transaction(organization.id) as tx:
        names = tx.scalars(text("select name from import_row order by row_number")).all()
    assert names == [None, "Mara Lima"]


def test_link_that_another_organization_makes_meanwhile_keeps_its_lead(run_import, organization, other, phone):
    run_import(file_with(phone))
    lead_id = find_lead(organization, phone)
    theirs = UUID(run_import(file_with(phone), organization=other, is_dry_run=True)["importId"])
    with database.transaction(other.id) as tx:
        imports.start(tx, theirs, "test")

    def erase() -> None:
        with database.transaction(organization.id) as tx:
            privacy.erase_person(tx, lead_id, "test")

    with ThreadPoolExecutor(1) as beside:
        with database.transaction(other.id) as tx:
            imports.run_next_batch(tx, theirs)
            erasing = beside.submit(erase)
            with pytest.raises(TimeoutError):  # It waits for the batch.
                erasing.result(timeout=1)
        erasing.result()
    assert view_of(other, phone)["lead_id"] == lead_id
