"""What people decide in the review, in bulk and one by one: the ledger follows, and the import does just that."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from lead_store import imports
from lead_store.errors import Conflict, Invalid
from lead_store.imports import FieldBit
from lead_store.storage import database
from tests.integration.conftest import start_and_finish
from tests.integration.flows import run_sql

# One number three times for Ana; one number for Ana, Bo and Ana again; one e-mail for three people.
ANA, SHARED = "+5511987650001", "+5511987650002"
DUPLICATES = f"Nome,Telefone,E-mail,Tags\nAna Lima,{ANA},,a\nAna,{ANA},ana@x.io,b\nAna L,{ANA},ana@y.io,c\n"
FAMILY = f"Nome,Telefone\nAna Lima,{SHARED}\nBo Reis,{SHARED}\nAna L.,{SHARED}\nCy Dias,{SHARED}\n"
EMAILS = (
    "Nome,Telefone,E-mail\nAna Lima,+5511987650001,na@na.com\nBo Reis,+5511987650002,NA@na.com\n"
    "Cy Dias,+5511987650003,na@na.com\nDi Melo,+5511987650004,di@x.io\n"
)


@pytest.fixture
def review(run_import, organization):
    """A reviewed import, a function that decides in a transaction of its own, and one that carries it out."""

    class Review:
        def __init__(self, content, **options):
            self.id = UUID(run_import(content, is_dry_run=True, **options)["importId"])

        def decide(self, use_case, *arguments, **options):
            with database.transaction(organization.id) as tx:
                return use_case(tx, self.id, *arguments, "test", **options)

        def ledger(self):
            with database.transaction(organization.id) as tx:
                return imports.get_ledger(tx, imports.get_import(tx, self.id))

        def counts(self):
            return {bucket: rows for bucket, rows in self.ledger().items() if rows and bucket != "read"}

        def shown(self):
            """Who is new, as the review shows them."""
            with database.transaction(organization.id) as tx:
                rows = imports.search_people(tx, imports.get_import(tx, self.id), bucket="created")
            return [(row["name"], row["email"], row["identifier"], row["tags"]) for row in rows]

        def carry_out(self):
            planned = self.ledger()
            start_and_finish(organization, self.id)
            assert self.ledger() == planned
            return stored(organization)

    return Review


def stored(organization):
    rows = run_sql(
        organization,
        "select name, email, phone, tags from lead_organization where organization_id = current_organization()"
        " order by phone, name",
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("choice", "counts", "lead"),
    [
        ("merge_later", {"created": 1, "merged": 2}, ("Ana L", "ana@y.io", ANA, ["a", "b", "c"])),
        ("merge_first", {"created": 1, "merged": 2}, ("Ana Lima", None, ANA, ["a", "b", "c"])),  # Her blank stays.
        ("merge_fill", {"created": 1, "merged": 2}, ("Ana Lima", "ana@x.io", ANA, ["a", "b", "c"])),
        ("keep_first", {"created": 1, "skipped": 2}, ("Ana Lima", None, ANA, ["a"])),
        ("keep_last", {"created": 1, "skipped": 2}, ("Ana L", "ana@y.io", ANA, ["c"])),
        ("reject_all", {"rejected": 3}, None),
    ],
)
@pytest.mark.parametrize("is_rule", [True, False])
def test_duplicates_are_merged_kept_or_rejected(review, choice, counts, lead, is_rule):
    reviewed = review(DUPLICATES)
    if is_rule:
        reviewed.decide(imports.set_rule, "duplicates", choice)
    else:
        reviewed.decide(imports.decide_groups, [ANA_KEY], choice)
    assert reviewed.counts() == counts
    created = [lead] if lead else []
    assert reviewed.shown() == created
    assert reviewed.carry_out() == created
    assert reviewed.shown() == created


# A group's key is the smaller of its number's two forms.
ANA_KEY, SHARED_KEY = "+551187650001", "+551187650002"


def test_a_shared_number_belongs_to_the_first_person_unless_decided(review):
    reviewed = review(FAMILY)
    assert reviewed.counts() == {"created": 1, "merged": 1, "rejected": 2}
    assert [name for name, *_ in reviewed.carry_out()] == ["Ana L."]


def test_one_person_merges_all_names_of_a_number(review):
    reviewed = review(FAMILY)
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "one_person")
    assert reviewed.counts() == {"created": 1, "merged": 3}
    assert [name for name, *_ in reviewed.carry_out()] == ["Cy Dias"]


def test_another_owner_can_be_chosen_and_the_choice_taken_back(review):
    reviewed = review(FAMILY)
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "owner", row_number=3)
    assert reviewed.counts() == {"created": 1, "rejected": 3}
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "first_owner")
    assert reviewed.counts() == {"created": 1, "merged": 1, "rejected": 2}
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "owner", row_number=3)
    assert [name for name, *_ in reviewed.carry_out()] == ["Bo Reis"]


def test_a_single_choice_goes_before_the_rule(review):
    reviewed = review(DUPLICATES + FAMILY.split("\n", 1)[1].replace(",+", ",+", 1).replace("\n", ",,\n").rstrip(","))
    reviewed.decide(imports.set_rule, "shared_identifier", "reject_all")
    assert reviewed.counts() == {"created": 1, "merged": 2, "rejected": 4}
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "one_person")
    assert reviewed.counts() == {"created": 2, "merged": 5}


def test_asking_holds_the_start_until_each_is_decided(review, organization):
    reviewed = review(FAMILY)
    reviewed.decide(imports.set_rule, "shared_identifier", "ask")
    with pytest.raises(Conflict) as refused:
        reviewed.decide(imports.start)
    assert refused.value.code == "decisions_missing"
    reviewed.decide(imports.decide_groups, [SHARED_KEY], "first_owner")
    reviewed.carry_out()


@pytest.mark.parametrize(
    ("choice", "counts", "emails"),
    [
        ("keep_apart", {"created": 4}, ["na@na.com", "NA@na.com", "na@na.com", "di@x.io"]),
        ("one_owner", {"created": 4}, ["na@na.com", None, None, "di@x.io"]),
        ("drop", {"created": 4}, [None, None, None, "di@x.io"]),
        ("reject", {"created": 1, "rejected": 3}, ["di@x.io"]),
    ],
)
@pytest.mark.parametrize("is_rule", [True, False])
def test_a_shared_address_is_kept_apart_owned_dropped_or_rejected(review, choice, counts, emails, is_rule):
    reviewed = review(EMAILS)
    if is_rule:
        reviewed.decide(imports.set_rule, "shared_address", choice)
    else:
        reviewed.decide(imports.decide_addresses, ["na@na.com"], choice)
    assert reviewed.counts() == counts
    got = [email and email.lower() for _, email, _, _ in reviewed.carry_out()]
    assert got == [email and email.lower() for email in emails]


def test_a_decision_about_an_address_can_be_taken_back(review):
    reviewed = review(EMAILS)
    for choice in ("reject", "drop", "one_owner", "keep_apart"):
        reviewed.decide(imports.set_rule, "shared_address", choice)
    assert reviewed.counts() == {"created": 4}
    assert [email for _, email, _, _ in reviewed.carry_out()][:2] == ["na@na.com", "NA@na.com"]


def test_placeholders_are_recognised_and_dropped_on_request(review, organization):
    reviewed = review(EMAILS + "Ed Vaz,+5511987650005,mum@x.io\nFe Vaz,+5511987650006,mum@x.io\n")
    with database.transaction(organization.id) as tx:
        found = imports.search_addresses(tx, imports.get_import(tx, reviewed.id))
    assert [(each["address"], each["rows"], each["is_placeholder"]) for each in found] == [
        ("na@na.com", 3, True),
        ("mum@x.io", 2, False),
    ]
    reviewed.decide(imports.set_rule, "placeholder", "drop")
    emails = [email for _, email, _, _ in reviewed.carry_out()]
    assert emails == [None, None, None, "di@x.io", "mum@x.io", "mum@x.io"]


ALONE = EMAILS.replace("NA@na.com", "bo@x.io").replace("Cy Dias,+5511987650003,na@na.com", "Cy,+5511987650003,cy@x.io")


def test_a_placeholder_that_stands_alone_is_found_by_the_closer_look_and_shared_by_nobody(review, organization):
    reviewed = review(ALONE)
    with database.transaction(organization.id) as tx:
        imports.look_closer(tx, reviewed.id)
        imports.look_closer(tx, reviewed.id)
        run = imports.get_import(tx, reviewed.id)
        found = imports.search_addresses(tx, run, only_placeholders=True)
        assert imports.search_addresses(tx, run) == []
    assert [(each["address"], each["rows"], each["decision"]) for each in found] == [("na@na.com", 1, "keep_apart")]
    assert run.review["closer_look"]["placeholders"] == 1
    assert run.review["shared"]["email"] == {"groups": 0, "rows": 0}
    reviewed.decide(imports.set_rule, "shared_address", "reject")
    assert reviewed.counts() == {"created": 4}


def test_a_placeholder_that_stands_alone_is_dropped_before_anybody_looked_closer(review, run_import):
    reviewed = review(ALONE)
    reviewed.decide(imports.set_rule, "placeholder", "drop")
    assert [email for _, email, _, _ in reviewed.carry_out()] == [None, "bo@x.io", "cy@x.io", "di@x.io"]


def test_a_placeholder_that_stands_alone_is_dropped_by_the_rule_of_before(review):
    reviewed = review(ALONE, rules={"placeholder": "drop"})
    assert [email for _, email, _, _ in reviewed.carry_out()] == [None, "bo@x.io", "cy@x.io", "di@x.io"]
    assert reviewed.counts() == {"created": 4}


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("na@na.com", True),
        ("n.a@x.io", True),
        ("sem-e-mail@x.io", True),
        ("asdfgh@x.io", True),
        ("1234@x.io", True),
        ("xx@x.io", False),  # Initials may be alike.
        ("...@x.io", False),
        ("nora@x.io", False),
        ("semira@x.io", False),
        ("ana@ana.io", True),
        ("ana@anais.io", False),
        ("nao@tem.com.br", True),
        ("sememail@gmail.com", True),
        ("aaaa@gmail.com", True),
        ("teste@empresa.com", True),
        ("+5511999999999", True),
        ("+5511900000000", True),
        ("nadia@gmail.com", False),
        ("ana@example.com", False),  # A person's name before the @.
        ("+5511987654321", False),
    ],
)
def test_what_looks_like_a_placeholder(tx, address, is_one):
    assert tx.execute(text("select is_placeholder(:address)"), {"address": address}).scalar_one() is is_one


def test_rules_are_remembered_for_the_next_file_with_the_same_headers(review, run_import):
    review(EMAILS).decide(imports.set_rule, "shared_address", "drop")
    again = run_import(EMAILS.replace("98765", "98766"), rules=None)
    assert again["ledger"]["created"] == 4
    assert review(EMAILS).counts()


def test_a_field_rule_moves_the_ledger_at_once(review, run_import):
    run_import("Nome,Telefone,E-mail\nAna,+5511987650001,\n")
    reviewed = review("Nome,Telefone,E-mail\nAnita,+5511987650001,\n")
    assert reviewed.counts() == {"updated": 1}
    reviewed.decide(imports.set_field_rule, "name", "keep")
    assert reviewed.counts() == {"unchanged": 1}
    assert [name for name, *_ in reviewed.carry_out()] == ["Ana"]


@pytest.fixture
def two_leads(organization):
    """Two leads of the organization, one for each form of a number."""
    leads = [uuid4(), uuid4()]
    for lead_id, number, name in zip(leads, ("+5511987657771", "+551187657771"), ("Ana", "Bo"), strict=True):
        run_sql(organization, "insert into lead (id, name) values (:id, :name)", id=lead_id, name=name)
        run_sql(
            organization,
            "insert into channel_identity (channel, channel_identifier, lead_id) values ('whatsapp', :number, :id)",
            id=lead_id,
            number=number,
        )
        run_sql(
            organization,
            "insert into lead_organization (organization_id, lead_id, name, phone)"
            " values (current_organization(), :id, :name, :number)",
            id=lead_id,
            name=name,
            number=number,
        )
    yield leads
    run_sql(organization, "delete from channel_identity where lead_id = any(:ids)", ids=leads)


CONFLICT_KEY = "+551187657771"
CONFLICT = "Nome,Telefone\nAna Nova,+5511987657771\nAna N.,11 98765-7771\n"


def test_a_row_of_two_leads_is_rejected_until_somebody_decides(review, organization, two_leads):
    reviewed = review(CONFLICT)
    assert reviewed.counts() == {"rejected": 2}
    with database.transaction(organization.id) as tx:
        first = imports.search_conflicts(tx, imports.get_import(tx, reviewed.id))[0]
    assert (first["first_stored"]["name"], first["second_stored"]["name"]) == ("Ana", "Bo")


@pytest.mark.parametrize("place", [0, 1])
def test_a_row_of_two_leads_is_attached_to_the_chosen_one(review, organization, two_leads, place):
    reviewed = review(CONFLICT)
    reviewed.decide(imports.decide_conflicts, [CONFLICT_KEY], "attach", lead_id=two_leads[place])
    assert reviewed.counts() == {"updated": 1, "merged": 1}
    reviewed.carry_out()
    found = run_sql(
        organization,
        "select lead_id from lead_organization where organization_id = current_organization() and name = 'Ana N.'",
    )
    assert [row.lead_id for row in found] == [two_leads[place]]


def test_two_leads_are_kept_as_two(review, two_leads):
    reviewed = review(CONFLICT)
    reviewed.decide(imports.decide_conflicts, [CONFLICT_KEY], "keep_two")
    assert reviewed.counts() == {"skipped": 2}
    assert [name for name, *_ in reviewed.carry_out()] == ["Bo", "Ana"]


def test_a_third_lead_is_refused(review, two_leads):
    with pytest.raises(Invalid):
        review(CONFLICT).decide(imports.decide_conflicts, [CONFLICT_KEY], "attach", lead_id=uuid4())


def test_decisions_outlive_a_review_made_anew(review, organization, two_leads):
    reviewed = review(CONFLICT + "Cy,+5511987650009\nDi,+5511987650009\n")
    reviewed.decide(imports.decide_conflicts, [CONFLICT_KEY], "keep_two")
    reviewed.decide(imports.decide_groups, ["+551187650009"], "one_person")
    counts = reviewed.counts()
    reviewed.decide(imports.prepare)
    with database.transaction(organization.id) as tx:
        imports.stage(tx, reviewed.id)
    assert reviewed.counts() == counts == {"skipped": 2, "created": 1, "merged": 1}


def test_nothing_is_decided_after_the_start(review):
    reviewed = review(DUPLICATES)
    reviewed.carry_out()
    with pytest.raises(Conflict):
        reviewed.decide(imports.set_rule, "duplicates", "keep_first")


def test_each_field_tells_how_many_values_differ_and_some_of_them(review, run_import, organization):
    run_import("Nome,Telefone,E-mail,Cidade\nAna,+5511987650001,a@x.io,Rio\nBo,+5511987650002,,Rio\n")
    reviewed = review(
        "Nome,Telefone,E-mail,Cidade\nAnita,+5511987650001,A@x.io,Rio\nAnita L,+5511987650001,,Natal\n"
        "Bo,+5511987650002,b@x.io,Rio\nBad,12,,\n"
    )
    reviewed.decide(imports.set_field_rule, "name", "keep")
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, reviewed.id)
        counts = imports.count_field_changes(run)
        found = {bit: imports.search_differing(tx, run, bit) for bit in imports.FieldBit}
    assert (counts[FieldBit.NAME].changes, counts[FieldBit.EMAIL].fills, counts[FieldBit.EMAIL].changes) == (1, 1, 0)
    assert [(row["stored"]["name"], row["name"]) for row in found[FieldBit.NAME]] == [("Ana", "Anita L")]
    assert [(row["stored"]["email"], row["email"]) for row in found[FieldBit.EMAIL]] == [(None, "b@x.io")]
    assert [row["attributes"] for row in found[FieldBit.ATTRIBUTES]] == [{"Cidade": "Natal"}]
    assert found[FieldBit.TAGS] == []
