"""What is known elsewhere: the same file imported by two tenants, to one of whom everybody is new while the people
are known on the platform, to the other while nobody ever heard of them. All that either is told must be the same.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from lead_store import access, imports, leads
from lead_store.access import Organization
from lead_store.storage import database
from tests.integration.flows import ANA, HEADER, PEOPLE


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The SQL statements that are run, one after the other."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(" ".join(statement.split()))

    event.listen(database.get_engine(), "before_cursor_execute", note)
    yield seen
    event.remove(database.get_engine(), "before_cursor_execute", note)


def import_for_strangers(run_import, other: Organization, content: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a tenant to whom all are new is told: the import object, and each row as the pages show it."""
    outcome = run_import(content, organization=other)
    import_id = UUID(outcome["importId"])
    with database.transaction(other.id) as tx:
        rows = imports.search_rows(tx, imports.get_import(tx, import_id), bucket=None)
        history = [(each["what"], each["details"]) for each in imports.search_history(tx, import_id)]
        people = sorted(leads.search_leads(tx, "", after=None, limit=50), key=lambda each: str(each.name))
        identities = [leads.search_identities(tx, each.lead_id) for each in people]
    told = {name: value for name, value in outcome.items() if name not in ("importId", "seconds", "rejectedRows")}
    shown = [{name: value for name, value in row.items() if name != "lead_id"} for row in rows]
    own = [(each.name, each.email, each.phone, each.attributes, each.opted_out_at) for each in people]
    return {**told, "history": history, "own": own, "identities": identities}, shown


def about(first: str, second: str) -> str:
    """A file of four rows about two people with these phones (national digits)."""
    return PEOPLE.replace("(11) 98765-4321", first).replace("(21) 99876-5432", second).replace(
        "+55 11 98765-4321", f"+55 {first}"
    )  # fmt: skip


def new_phone() -> str:
    """A Brazilian mobile that no other test uses."""
    return f"119{uuid4().int % 10**8:08}"


def phones_alike(value: Any, first: str, second: str) -> str:
    """What was told, with the phones of all files written alike."""
    return str(value).replace(first, "FIRST").replace(second, "SECOND")


def test_nothing_tells_that_a_person_is_known_elsewhere(run_import, organization, other, statements):
    known, new = (new_phone(), new_phone()), (new_phone(), new_phone())
    run_import(f"{HEADER}Ana L.,{known[0]},ana@private.example,Recife\nBia R.,{known[1]},bia@private.example,\n")
    with database.transaction() as tx:
        third = access.create_organization(tx, f"third-{uuid4().hex[:12]}", "Third", "BR")
    told = {}
    for tenant, phones in ((other, known), (third, new)):
        del statements[:]
        run_import(about(*phones), organization=tenant, is_dry_run=True)
        # The review does the same work: what differs in time is what the same statements take.
        told[tenant.slug] = [re.sub(r"[0-9a-f]{32}", "ID", statement) for statement in statements]
        outcome, rows = import_for_strangers(run_import, tenant, about(*phones))
        assert outcome["ledger"] == {
            "read": 4, "created": 2, "updated": 0, "unchanged": 0, "merged": 1, "skipped": 0, "rejected": 1
        }  # fmt: skip
        told[tenant.slug] += [phones_alike(outcome, *phones), phones_alike(rows, *phones)]
    assert told[other.slug] == told[third.slug]


def test_import_for_one_changes_nothing_of_another(run_import, organization, other):
    run_import(HEADER + ANA)
    with database.transaction(organization.id) as tx:
        before = tx.execute(text("select * from lead_organization")).all()
    run_import(HEADER + "Outra Pessoa,(11) 98765-4321,outra@example.org,Belém\n", organization=other)
    with database.transaction(organization.id) as tx:
        assert tx.execute(text("select * from lead_organization")).all() == before


def test_before_images_of_the_shared_profile_stay_hidden(run_import, organization, other):
    phone = new_phone()
    run_import(f"{HEADER}Ana Lima,{phone},,\n")
    run_import(f"{HEADER}Ana Lima,{phone},ana@example.org,\n", organization=other)
    with database.transaction(other.id) as tx:
        assert tx.scalars(text("select target from import_change")).all() == []
        with database.platform_role(tx):
            assert tx.scalars(text("select target from import_change")).all() == ["lead"]
