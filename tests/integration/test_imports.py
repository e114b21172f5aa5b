"""The semantics of an import, on a real PostgreSQL: what is created, updated, merged, left alone, rejected."""

import csv
import io
import unicodedata
from typing import Any

import pytest
from sqlalchemy import Connection, text

from lead_store import access, imports
from lead_store.errors import NotFound
from lead_store.storage import database

HEADER = "Nome,Telefone,E-mail,Cidade\n"
ANA = "Ana Lima,(11) 98765-4321,ana@example.org,Campinas\n"
BIA = "Bia Reis,(21) 99876-5432,bia@example.org,Niterói\n"


def links(organization: access.Organization) -> list[Any]:
    with database.transaction(organization.id) as tx:
        statement = """select l.*, c.channel_identifier from lead_organization l
            join channel_identity c using (lead_id) order by c.channel_identifier"""
        return list(tx.execute(text(statement)).mappings())


def ledger(outcome: dict[str, Any]) -> dict[str, int]:
    assert outcome["status"] == "imported"
    counts = dict(outcome["ledger"])
    assert counts.pop("read") == sum(counts.values())
    return {bucket: rows for bucket, rows in counts.items() if rows}


def test_new_people_are_created_with_their_profile_and_attributes(run_import, organization):
    outcome = run_import(HEADER + ANA + BIA)
    assert ledger(outcome) == {"created": 2}
    ana, _ = links(organization)
    assert (ana.name, ana.phone, ana.email) == ("Ana Lima", "+5511987654321", "ana@example.org")
    assert ana.attributes == {"Cidade": "Campinas"}


def test_the_same_file_again_changes_nothing(run_import, organization):
    run_import(HEADER + ANA + BIA)
    before = links(organization)
    assert ledger(run_import(HEADER + ANA + BIA)) == {"unchanged": 2}
    assert links(organization) == before


def test_blank_cell_leaves_the_stored_value(run_import, organization):
    run_import(HEADER + ANA)
    assert ledger(run_import(HEADER + "Ana Lima,(11) 98765-4321,,\n")) == {"unchanged": 1}
    assert links(organization)[0].email == "ana@example.org"


@pytest.mark.parametrize(
    ("on_existing", "expected", "name", "city"),
    [
        ("update", {"updated": 1}, "Ana Souza", "Campinas"),
        ("fill", {"unchanged": 1}, "Ana Lima", "Campinas"),
        ("skip", {"skipped": 1}, "Ana Lima", "Campinas"),
    ],
)
def test_what_to_do_with_an_existing_lead(run_import, organization, on_existing, expected, name, city):
    run_import(HEADER + ANA)
    outcome = run_import(HEADER + "Ana Souza,(11) 98765-4321,,\n", on_existing=on_existing)
    assert ledger(outcome) == expected
    assert (links(organization)[0].name, links(organization)[0].attributes["Cidade"]) == (name, city)


def test_fill_adds_what_was_blank(run_import, organization):
    run_import(HEADER + "Ana Lima,(11) 98765-4321,,\n")
    assert ledger(run_import(HEADER + ANA, on_existing="fill")) == {"updated": 1}
    assert links(organization)[0].email == "ana@example.org"


def test_same_person_twice_in_a_file_is_merged_and_the_later_filled_cells_win(run_import, organization):
    rows = ANA + "ANA LIMA,+55 11 98765-4321,ana.lima@example.org,\n"
    assert ledger(run_import(HEADER + rows)) == {"created": 1, "merged": 1}
    [ana] = links(organization)
    assert (ana.name, ana.email, ana.attributes) == ("ANA LIMA", "ana.lima@example.org", {"Cidade": "Campinas"})


def test_plainly_different_names_on_one_number_are_never_merged_in_silence(run_import, organization):
    outcome = run_import(HEADER + ANA + "Pedro Lima,(11) 98765-4321,,\n")
    assert ledger(outcome) == {"created": 1, "rejected": 1}
    assert outcome["problems"] == {"shared_identifier": 1}
    assert outcome["shared"]["phone"] == {"groups": 1, "rows": 2}
    assert [lead.name for lead in links(organization)] == ["Ana Lima"]


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("Maria Silva", "MARIA SILVA", False),  # case
        ("José Antônio", "Jose Antonio", False),  # accents
        ("Silva, Maria", "Maria Silva", False),  # order
        ("Maria S. Souza", "Maria da Silva Souza", False),  # an initial, a particle
        ("Maria Souza", "Maria Clara Souza", False),  # a missing middle name
        ("Maria", "Maria Souza", False),  # a first name alone
        ("", "Maria", False),  # a blank name says nothing
        ("Maria Souza", "João Souza", True),
        ("Ana Silva", "Ana Souza", True),
        ("João Silva Jr.", "João da Silva Filho", False),  # two words for one generation
        ("Silva Neto, João", "João Silva Neto", False),
        ("João Neto", "João", False),  # too little is known of the second
        ("Sr. João Silva", "João Silva", False),  # a title
        ("João Silva", "João Silva Filho", True),  # father and son
        ("João Silva Filho", "João Silva Neto", True),
        ("John Smith Sr", "John Smith Jr", True),
        ("Łukasz Strauß", "Lukasz Strauss", False),  # letters without an accent
        ("Jörg Müller", "Joerg Mueller", False),
        ("Ana Ana", "Ana Lima", False),
        ("Ана Иванова", "Пётр Иванов", True),  # other scripts
        ("李小龙", "李小龙", False),
    ],
)
def test_when_two_names_plainly_differ(tx: Connection, one, other, differs):
    for pair in ((one, other), (other, one)):
        assert tx.execute(text("select names_differ(:a, :b)"), {"a": pair[0], "b": pair[1]}).scalar() is differs


def test_two_different_people_behind_a_nameless_first_row_are_not_merged(run_import):
    rows = ",(11) 98765-4321,,\nAna Lima,(11) 98765-4321,,\nPedro Reis,(11) 98765-4321,,\n"
    assert ledger(run_import(HEADER + rows)) == {"created": 1, "merged": 1, "rejected": 1}


@pytest.mark.parametrize("names", [("Ana", "Ana Lima", "Ana Souza"), ("", "A. Lima", "Ana Lima", "Alberto Lima")])
def test_two_people_who_both_go_with_the_first_name_are_not_merged(run_import, organization, names):
    rows = "".join(f"{name},(11) 98765-4321,,\n" for name in names)
    outcome = run_import(HEADER + rows)
    assert ledger(outcome) == {"created": 1, "merged": len(names) - 2, "rejected": 1}
    assert outcome["shared"]["phone"] == {"groups": 1, "rows": 2}
    assert [lead.name for lead in links(organization)] == [names[-2]]


def test_each_row_of_another_person_is_kept_apart_however_often_the_names_come(run_import):
    names = ("Ana", "Ana Lima", "Ana Souza", "ANA SOUZA", "", "ana lima", "Ana S.")
    rows = "".join(f"{name},(11) 98765-4321,,\n" for name in names * 100)
    outcome = run_import(HEADER + rows)
    assert ledger(outcome) == {"created": 1, "merged": 399, "rejected": 300}  # Both Souzas, and S., who is no Lima.


@pytest.mark.parametrize(
    ("names", "others"),
    [
        (["ana", "ana lima", "ana souza", "ana maria lima", "bo"], {"ana souza": True, "bo": True}),
        (["ana lima", "ana"], None),
        (["a. lima", "ana lima", "alberto lima"], {"alberto lima": True}),  # Whoever comes first has the initial.
    ],
)
def test_names_that_do_not_go_with_all_before_them_are_others(tx: Connection, names, others):
    assert tx.execute(text("select other_names(:names)"), {"names": names}).scalar_one() == others


def test_shared_emails_are_counted_and_keep_people_apart(run_import, organization):
    rows = ANA + "Caio Lima,(11) 98765-4322,ANA@example.org,\n"
    outcome = run_import(HEADER + rows)
    assert ledger(outcome) == {"created": 2}
    assert outcome["shared"]["email"] == {"groups": 1, "rows": 2}


def test_an_opt_out_is_taken_and_stays(run_import, organization):
    header = "Nome,Telefone,Opt-out\n"
    columns = {"Opt-out": "opted_out"}
    run_import(header + "Ana,(11) 98765-4321,sim\n", columns=columns)
    opted_out_at = links(organization)[0].opted_out_at
    assert opted_out_at is not None
    assert ledger(run_import(header + "Ana,(11) 98765-4321,não\n", columns=columns)) == {"unchanged": 1}
    assert links(organization)[0].opted_out_at == opted_out_at


def test_tags_are_split_and_added_never_removed(run_import, organization):
    header = "Nome,Telefone,Tags\n"
    run_import(header + 'Ana,(11) 98765-4321,"vip; são paulo"\n', columns={"Tags": "tags"})
    run_import(header + "Ana,(11) 98765-4321,novo|vip\n", columns={"Tags": "tags"})
    assert links(organization)[0].tags == ["vip", "são paulo", "novo"]


def test_a_tag_in_another_letter_case_or_order_is_the_same_tag(run_import, organization):
    header = "Nome,Telefone,Tags\n"
    run_import(header + "Ana,(11) 98765-4321,VIP;vip;são paulo\n", columns={"Tags": "tags"})
    outcome = run_import(header + "Ana,(11) 98765-4321,SÃO PAULO|vip\n", columns={"Tags": "tags"})
    assert ledger(outcome) == {"unchanged": 1}
    run_import(header + "Ana,(11) 98765-4321,Vip|novo\n", columns={"Tags": "tags"})
    assert links(organization)[0].tags == ["VIP", "são paulo", "novo"]


def test_person_of_another_organization_is_created_here_and_their_view_stays(run_import, organization):
    with database.transaction() as tx:
        other = access.create_organization(tx, organization.slug + "-2", "Other", "BR")
    run_import(HEADER + ANA)
    before = links(organization)
    assert ledger(run_import(HEADER + "Ana Nova,(11) 98765-4321,nova@example.org,\n", organization=other)) == {
        "created": 1
    }
    assert links(organization) == before
    assert [(lead.name, lead.lead_id) for lead in links(other)] == [("Ana Nova", before[0].lead_id)]


def test_a_number_without_its_ninth_digit_is_the_same_whatsapp_person(run_import, organization):
    with database.transaction(organization.id) as tx, database.platform_role(tx):
        tx.execute(text("insert into lead (id, name) values (gen_random_uuid(), 'Ana')"))
        tx.execute(
            text("""insert into channel_identity select 'whatsapp', '+551187654321', id from lead
                where name = 'Ana' order by created_at desc limit 1""")
        )
        tx.execute(
            text("""insert into lead_organization (organization_id, lead_id, name) select current_organization(),
                lead_id, 'Ana' from channel_identity where channel_identifier = '+551187654321'""")
        )
    assert ledger(run_import(HEADER + "Ana,(11) 98765-4321,,\n")) == {"updated": 1}
    assert [lead.channel_identifier for lead in links(organization)] == ["+551187654321"]


def test_a_profile_phone_in_either_form_is_no_change(run_import, organization):
    rules = {"phone_choices": {"ninth_digit:BR": "keep"}}
    run_import(HEADER + "Ana,+5511987654321,,\n", rules=rules)
    rows = "Ana,+5511987654321,,\nAna,+551187654321,,\n"
    assert ledger(run_import(HEADER + rows, rules=rules)) == {"unchanged": 1, "merged": 1}


def test_an_accent_written_as_a_character_of_its_own_is_no_change(run_import, organization):
    rows = "Nome,Telefone,Observação\nJoão Araújo,(11) 98765-4321,às 9\n"
    run_import(rows)
    assert ledger(run_import(unicodedata.normalize("NFD", rows))) == {"unchanged": 1}
    assert links(organization)[0].attributes == {"Observação": "às 9"}


def test_leads_can_be_reached_by_email(run_import, organization):
    rows = "Ana,,Ana@Example.org,\nAna,,ana@example.org,\nBia,,not an address,\nCaio,,,\n"
    outcome = run_import(HEADER + rows, channel="email")
    assert ledger(outcome) == {"created": 1, "merged": 1, "rejected": 2}
    assert outcome["problems"] == {"email_invalid": 1, "identifier_missing": 1}
    assert links(organization)[0].channel_identifier == "ana@example.org"


def test_rejected_rows_come_back_with_their_own_cells_and_the_reason(run_import, organization):
    rows = ANA + '"=cmd|calc",12,,X\n' + "Pedro Reis,(11) 98765-4321,,Y\n"
    outcome = run_import(HEADER + rows)
    target = io.StringIO()
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, outcome["importId"])
        assert imports.write_rejected_rows(tx, run, target) == 2
    header, first, second = csv.reader(io.StringIO(target.getvalue()))
    assert header == ["Nome", "Telefone", "E-mail", "Cidade", "row", "problem_code", "problem", "suggestion"]
    assert first[:6] == ["'=cmd|calc", "12", "", "X", "3", "phone_invalid"]
    assert second[:6] == ["Pedro Reis", "(11) 98765-4321", "", "Y", "4", "shared_identifier"]


def test_dry_run_writes_no_lead_and_tells_the_ledger_to_be(run_import, organization):
    outcome = run_import(HEADER + ANA + BIA, is_dry_run=True)
    assert outcome["status"] == "in_review"
    assert outcome["ledger"]["created"] == 2
    assert links(organization) == []


def test_another_organization_sees_nothing_of_an_import(run_import, organization):
    outcome = run_import(HEADER + ANA)
    with database.transaction() as tx:
        other = access.create_organization(tx, organization.slug + "-2", "Other", "BR")
    with database.transaction(other.id) as tx:
        for table in ("import", "import_row", "import_batch", "import_history", "lead", "channel_identity"):
            assert tx.execute(text(f"select count(*) from {table}")).scalar() == 0
        with pytest.raises(NotFound):
            imports.get_import(tx, outcome["importId"])
