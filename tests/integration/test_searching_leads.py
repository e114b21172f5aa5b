"""Leads found by what staff know of them: their own id, or a part of a name, an address or a number."""

import pytest

from lead_store import leads

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
