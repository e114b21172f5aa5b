"""Leads found by what staff know of them: their own id, or a part of a name, an address or a number."""

from uuid import uuid4

import pytest

from lead_store import leads
from lead_store.storage import lead_queries

FILE = """Código;Nome;Celular;E-mail
C001;Ana Lima;11987654301;ana@example.com
C002;Bruno Reis;11987654302;c001@example.com
"""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("C001", ["Ana Lima"]),  # An own id names its lead alone, though an address of another one holds it.
        ("c001", ["Bruno Reis"]),
        ("lima", ["Ana Lima"]),
        ("C00", ["Bruno Reis"]),
        ("C003", []),
        ("100%", []),
        ("", ["Ana Lima", "Bruno Reis"]),
    ],
)
def test_leads_are_found_by_their_own_id_or_by_a_part_of_the_rest(run_import, tx, words, found):
    run_import(FILE)
    assert sorted(each.name or "" for each in leads.search_leads(tx, words)) == found


def test_those_made_last_come_first_page_by_page(run_import, tx):
    run_import("Nome;Celular\nAna Lima;11987654301\n")
    run_import("Nome;Celular\nBruno Reis;11987654302\nCaio Dias;11987654303\n")
    names, after = [], None
    while page := leads.search_leads(tx, "", after=after, limit=1):
        names.append(page[0].name)
        after = page[0].lead_id
    assert sorted(names[:2]) == ["Bruno Reis", "Caio Dias"]  # Made in one transaction, so at one time.
    assert names[2:] == ["Ana Lima"]


def test_a_page_behind_a_lead_that_is_gone_is_the_first(run_import, tx):
    run_import("Nome;Celular\nAna Lima;11987654301\n")
    assert [each.name for each in leads.search_leads(tx, "", after=uuid4(), limit=1)] == ["Ana Lima"]


def test_whoever_is_not_among_the_newest_is_found_among_all(run_import, tx, monkeypatch):
    monkeypatch.setattr(lead_queries, "NEAR", 1)
    run_import("Nome;Celular\nANA Élida;11987654301\n")
    run_import("Nome;Celular\nBruno Reis;11987654302\n")
    assert [each.name for each in leads.search_leads(tx, "élida")] == ["ANA Élida"]
    assert [each.name for each in leads.search_leads(tx, "118765")] == []
    assert [each.name for each in leads.search_leads(tx, "9876543")] == ["Bruno Reis", "ANA Élida"]
