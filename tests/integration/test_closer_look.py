"""Hints about people whom we may know already, anomalies in sentences, and what imports did to a lead."""

from uuid import UUID, uuid4

import pytest

from lead_store import access, imports
from lead_store.storage import database
from tests.integration.conftest import start_and_finish
from tests.integration.flows import get_store, run_sql, undo

KNOWN = (
    "Nome,Telefone,E-mail,ID do cliente\n"
    "Ana Lima,+5511987654001,ana@x.io,\n"
    "Bo Reis,+5511987654002,,C-2\n"
    "Cy Dias,+5511987654003,,\n"
    "Di Melo,+5511987654004,shared@x.io,\n"
)
NEW = (
    "Nome,Telefone,E-mail,ID do cliente\n"
    "Ana Lima,+5521998765001,ANA@x.io,\n"  # Her e-mail, another number.
    "Bo R.,+5521998765002,,C-2\n"  # His id.
    "Cy Dias,+5511987654083,,\n"  # One digit away.
    "Someone Else,+5511987654084,,\n"  # One digit away from Di, another name.
    "Eva Reis,+5521998765005,shared@x.io,\n"  # Di's e-mail, another name.
)
COLUMNS = {"ID do cliente": "external_id"}


def look(organization, import_id):
    with database.transaction(organization.id) as tx:
        imports.look_closer(tx, import_id)
        run = imports.get_import(tx, import_id)
        return run.review["closer_look"], imports.search_hints(tx, run), imports.get_ledger(tx, run)


def decide(organization, import_id, choice, **options):
    with database.transaction(organization.id) as tx:
        return imports.get_ledger(tx, imports.decide_hints(tx, import_id, choice, "test", **options))


@pytest.fixture
def reviewed(run_import):
    run_import(KNOWN, columns=COLUMNS)
    return UUID(run_import(NEW, columns=COLUMNS, is_dry_run=True)["importId"])


def test_probable_leads_are_named_with_the_reason(reviewed, organization):
    seen, hints, ledger = look(organization, reviewed)
    assert [(hint["row_number"], hint["reason"], hint["stored"]["name"]) for hint in hints] == [
        (2, "same_email", "Ana Lima"),
        (3, "same_external_id", "Bo Reis"),
        (4, "one_digit", "Cy Dias"),
    ]
    assert (seen["hints"], ledger["created"]) == (3, 5), "a hint alone changes nothing"


def test_what_was_noted_of_cells_is_counted_but_not_where_their_row_is_kept_out(run_import, organization):
    content = (
        "Nome,Telefone,E-mail,Newsletter\n"
        "JosÃ© Lima,+5511987654001,jose@,talvez\n"
        "UREÃ‘A,+5511987654002,ana@x.io,sim\n"
        "JosÃ© Reis,12,bo@,sim\n"
    )
    seen, _, ledger = look(organization, UUID(run_import(content, is_dry_run=True)["importId"]))
    assert (ledger["created"], ledger["rejected"]) == (2, 1)
    assert seen["noted"] == [
        {"code": "text_misread", "cells": 2, "rows": [2, 3]},
        {"code": "email_invalid", "cells": 1, "rows": [2]},
        {"code": "opt_out_unclear", "cells": 1, "rows": [2]},
    ]


def test_a_linked_row_gives_its_number_to_the_lead_and_undo_takes_it_back(reviewed, organization, run_import):
    before = get_store(organization)
    look(organization, reviewed)
    ledger = decide(organization, reviewed, "link", row_numbers=[2, 4])
    assert (ledger["created"], ledger["updated"]) == (3, 2)
    start_and_finish(organization, reviewed)
    found = run_sql(
        organization,
        "select s.name from channel_identity c join lead_organization s using (lead_id)"
        " where c.channel_identifier = '+5521998765001' and s.organization_id = current_organization()",
    )
    assert [row.name for row in found] == ["Ana Lima"]
    assert len(get_store(organization)["lead_organization"]) == 4 + 3
    again = run_import(NEW, columns=COLUMNS)
    assert again["ledger"]["created"] == again["ledger"]["updated"] == 0
    undo(organization, again["importId"])
    undo(organization, reviewed)
    assert get_store(organization) == before


def test_a_link_can_be_taken_back_before_the_start(reviewed, organization):
    look(organization, reviewed)
    decide(organization, reviewed, "link")
    ledger = decide(organization, reviewed, "leave")
    assert (ledger["created"], ledger["updated"]) == (5, 0)
    start_and_finish(organization, reviewed)
    assert len(get_store(organization)["lead_organization"]) == 9


def test_a_person_known_elsewhere_has_the_same_hint_link_and_undo(reviewed, run_import, organization):
    with database.transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other", "BR")
    run_import("Nome,Telefone\nA. Lima,+5521998765001\nB. Reis,+5521998765002\n", organization=other)
    theirs = get_store(other)
    fresh = UUID(run_import(NEW, columns=COLUMNS, is_dry_run=True)["importId"])  # Its matches name their leads now.
    before = get_store(organization)
    for import_id in (reviewed, fresh):
        seen, hints, ledger = look(organization, import_id)
        assert (seen["hints"], [hint["row_number"] for hint in hints], ledger["created"]) == (3, [2, 3, 4], 5)
    ledger = decide(organization, fresh, "link")
    assert (ledger["created"], ledger["updated"]) == (2, 3)
    start_and_finish(organization, fresh)
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, fresh)
        assert imports.get_ledger(tx, run) == ledger
        assert imports.search_drift(tx, run) == []
    assert get_store(other)["lead_organization"] == theirs["lead_organization"]
    undo(organization, fresh)
    assert get_store(organization) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "".join(f"P{n} Lima,+3361234{n:04d}\n" for n in range(0, 300, 7)),
            "100% of the numbers are from another country",
        ),
        ("".join(f"P{n} Lima,+5511987{n:06d}\n" for n in range(4100, 4160)), "59 numbers follow one another"),
        ("".join(f"Cliente,+5511987{n:06d}\n" for n in range(0, 6000, 97)), "people are all called “Cliente”"),
    ],
)
def test_what_is_odd_is_said_in_a_sentence(run_import, organization, content, words):
    import_id = UUID(run_import("Nome,Telefone\n" + content, is_dry_run=True)["importId"])
    seen, *_ = look(organization, import_id)
    assert len(seen["anomalies"]) == 1
    assert words in seen["anomalies"][0]


def test_far_more_updates_than_before_are_told(run_import, organization):
    def content(city):
        return "Nome,Telefone,Cidade\n" + "".join(f"P{n},+5511987{n * 13:06d},{city}\n" for n in range(330, 360))

    run_import(content("Rio"))
    import_id = UUID(run_import(content("Santos"), is_dry_run=True)["importId"])
    assert "30 leads would change" in look(organization, import_id)[0]["anomalies"][0]


def test_a_column_that_moved_is_told(run_import, organization):
    run_import("Nome,Telefone\nAna,+5511987654901\n", "march.csv")
    import_id = UUID(run_import("Telefone,Nome\n+5511987654902,Bo\n", is_dry_run=True)["importId"])
    told = look(organization, import_id)[0]["anomalies"]
    assert any("“Telefone” is the 1st here; in march.csv it was the 2nd" in sentence for sentence in told)


def test_an_ordinary_file_has_no_anomalies(run_import, organization):
    rows = "".join(f"P{n} Lima,+55{11 + n % 9}98765{n * 37:04d}\n" for n in range(60, 120))
    import_id = UUID(run_import("Nome,Telefone\n" + rows, is_dry_run=True)["importId"])
    assert look(organization, import_id)[0] == {"anomalies": [], "hints": 0, "placeholders": 0, "noted": []}


def test_the_history_of_a_lead_names_the_imports_that_set_its_values(run_import, organization):
    run_import("Nome,Telefone\nAna,+5511987654001\n", "first.csv")
    second = run_import("Nome,Telefone\nAna Lima,+5511987654001\n", "second.csv")
    undo(organization, second["importId"])
    lead = run_sql(organization, "select lead_id from lead_organization where organization_id = current_organization()")
    with database.transaction(organization.id) as tx:
        history = imports.get_lead_history(tx, lead[0].lead_id)
    assert [(entry["file_name"], entry["what"], entry["changes"], entry["is_undone"]) for entry in history] == [
        ("second.csv", "changed", [("name", "Ana", "Ana Lima")], True),
        ("first.csv", "created", [], False),
    ]
