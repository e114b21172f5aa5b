"""One lead under two identifiers, as another organization may have brought them together: the ledger stays true."""

from uuid import UUID, uuid4

import pytest

from lead_store import access, imports, leads
from lead_store.storage import database
from tests.integration.flows import run_sql

HEADER = "Nome,Telefone,Cidade\n"


@pytest.fixture
def phones(organization) -> tuple[str, str]:
    """Two mobiles that are the same person to the platform, and that our organization has never heard of."""
    first, second = (f"+55119{uuid4().int % 10**8:08}" for _ in range(2))
    with database.transaction() as tx:
        other = access.create_organization(tx, f"other-{organization.slug}", "Other", "BR")
    lead_id = run_sql(other, "insert into lead (id, name) values (gen_random_uuid(), 'Ana') returning id")[0].id
    for phone in (first, second):
        run_sql(other, "insert into channel_identity values ('whatsapp', :phone, :lead)", phone=phone, lead=lead_id)
    run_sql(
        other,
        "insert into lead_organization (organization_id, lead_id, name) values (:own, :lead, 'Ana')",
        own=other.id,
        lead=lead_id,
    )
    return first, second


def get_links(organization: access.Organization) -> list:
    return run_sql(
        organization,
        "select name, attributes from lead_organization where organization_id = current_organization()",
    )


def test_second_row_of_a_lead_that_adds_nothing_is_unchanged(run_import, organization, phones):
    ledger = run_import(f"{HEADER}Ana,{phones[0]},\n,{phones[1]},\n", on_existing="fill")["ledger"]
    assert (ledger["read"], ledger["created"], ledger["unchanged"]) == (2, 1, 1)
    assert len(get_links(organization)) == 1


def test_second_row_of_a_lead_that_says_something_else_waits_for_a_decision(run_import, organization, phones):
    outcome = run_import(f"{HEADER}Ana,{phones[0]},Recife\nAna Lima,{phones[1]},Olinda\n")
    assert (outcome["ledger"]["created"], outcome["ledger"]["skipped"]) == (1, 1)
    assert [tuple(link) for link in get_links(organization)] == [("Ana", {"Cidade": "Recife"})]


def test_of_two_rows_that_change_one_lead_the_second_waits_for_a_decision(run_import, organization, phones):
    run_import(f"{HEADER}Ana,{phones[0]},Natal\n")
    outcome = run_import(f"{HEADER}Ana,{phones[0]},Recife\nAna,{phones[1]},Olinda\n")
    assert (outcome["ledger"]["updated"], outcome["ledger"]["skipped"]) == (1, 1)
    assert [link.attributes for link in get_links(organization)] == [{"Cidade": "Recife"}]
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, UUID(outcome["importId"]))
        assert [row["attributes"]["Cidade"] for row in imports.search_drift(tx, run)] == ["Olinda"]


def test_of_two_rows_that_fill_one_lead_alike_the_second_is_unchanged(run_import, organization, phones):
    run_import(f"{HEADER}Ana,{phones[0]},Natal\n")
    rows = f"Nome,Telefone,Plano\nAna,{phones[0]},Ouro\nAna,{phones[1]},Ouro\n"
    ledger = run_import(rows, on_existing="fill")["ledger"]
    assert (ledger["updated"], ledger["unchanged"]) == (1, 1)


def test_resolving_both_identifiers_creates_once_and_fills_from_the_second(organization, phones):
    people = [
        leads.Person(channel="whatsapp", channel_identifier=phone, attributes=attributes)
        for phone, attributes in zip(phones, ({"Cidade": "Recife"}, {"Plano": "Ouro"}), strict=True)
    ]
    with database.transaction(organization.id) as tx:
        first, second = leads.resolve_or_create(tx, people, "BR")
    assert first.lead_id == second.lead_id
    assert sorted((first.is_created, second.is_created)) == [False, True]
    assert [link.attributes for link in get_links(organization)] == [{"Cidade": "Recife", "Plano": "Ouro"}]
