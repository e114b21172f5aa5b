import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_store.errors import Invalid
from lead_store.intake.fields import Field
from lead_store.intake.mapping import ColumnMatch, Mapping, check, fingerprint, suggest, with_columns

CONTACTS = suggest(["Nome", "Telefone", "Celular", "Obs"], [[], [], [], []])


def test_columns_of_a_field_come_in_the_order_in_which_they_are_tried() -> None:
    assert [column.header for column in CONTACTS.columns_of(Field.PHONE)] == ["Celular", "Telefone"]


def test_the_column_tried_first_is_the_surest() -> None:
    first, second = CONTACTS.columns_of(Field.PHONE)
    assert first.confidence > second.confidence


def test_a_mapping_survives_json() -> None:
    assert Mapping.from_json(json.loads(json.dumps(CONTACTS.to_json()))) == CONTACTS


def test_a_stored_mapping_with_keys_of_a_later_version_still_loads() -> None:
    stored = {"columns": [{"index": 0, "header": "Tel", "field": "phone", "colour": "red"}]}
    assert Mapping.from_json(stored).columns == (ColumnMatch(0, "Tel", Field.PHONE),)


def test_the_users_column_is_tried_before_the_suggested_ones() -> None:
    mapping = with_columns(CONTACTS, {"Obs": "phone"})
    assert [column.header for column in mapping.columns_of(Field.PHONE)] == ["Obs", "Celular", "Telefone"]
    assert mapping.columns_of(Field.PHONE)[0].confidence == 1.0


def test_several_columns_of_the_user_keep_the_order_given() -> None:
    mapping = with_columns(CONTACTS, {"Obs": "phone", "Telefone": "phone"})
    assert [column.header for column in mapping.columns_of(Field.PHONE)] == ["Obs", "Telefone", "Celular"]


def test_an_empty_field_keeps_the_column_as_an_attribute() -> None:
    mapping = with_columns(CONTACTS, {"Celular": ""})
    assert mapping.columns[2].field is None
    assert not mapping.columns[2].is_dropped


@pytest.mark.parametrize(
    ("header", "opt_in"),
    [("Accepts Email Marketing", True), ("Newsletter", True), ("Unsubscribed", False), ("Obs", False)],
)
def test_a_consent_chosen_by_the_user_keeps_its_polarity(header: str, opt_in: bool) -> None:
    mapping = with_columns(suggest(["Accepts WhatsApp Marketing", header], [[], []]), {header: "opted_out"})
    assert mapping.columns[1].opt_in is opt_in


def test_a_header_is_found_whatever_its_case_and_accents() -> None:
    mapping = with_columns(suggest(["Observação"], [[]]), {"OBSERVACAO": "tags"})
    assert mapping.columns[0].field == Field.TAGS


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Fax": "phone"}, "column_unknown"),
        ({"Nome": "telephone"}, "field_unknown"),
        ({"Nome": "area_code"}, "field_unknown"),  # internal to a mapping: it needs a phone to join
    ],
)
def test_unknown_headers_and_fields_are_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_columns(CONTACTS, changes)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("channel", "is_complete"),
    [("whatsapp", True), ("sms", True), ("email", False), ("pigeon", False)],
)
def test_a_channel_needs_its_identifier(channel: str, is_complete: bool) -> None:
    assert (check(CONTACTS, channel) == []) is is_complete


def test_an_area_code_without_its_phone_is_pointed_out() -> None:
    lonely = ColumnMatch(1, "DDD", Field.AREA_CODE)
    mapping = Mapping((ColumnMatch(0, "Tel", Field.PHONE), lonely))
    assert len(check(mapping, "whatsapp")) == 1


def test_taking_a_phone_away_sets_its_area_code_free() -> None:
    mapping = suggest(["Nome", "DDD", "Telefone"], [[], [], []])
    assert mapping.columns_of(Field.AREA_CODE)
    assert with_columns(mapping, {"Telefone": ""}).columns_of(Field.AREA_CODE) == ()


def test_headers_that_differ_in_case_and_spacing_have_the_same_fingerprint() -> None:
    assert fingerprint(["Nome ", "E-mail"]) == fingerprint(["NOME", "e_mail"])


@pytest.mark.parametrize(
    "other",
    [["Telefone", "Nome"], ["Nome"], ["Nome", "Telefone", ""], ["NomeTelefone"]],
)
def test_other_headers_have_another_fingerprint(other: list[str]) -> None:
    assert fingerprint(["Nome", "Telefone"]) != fingerprint(other)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_headers_give_one_match_per_column_that_survives_json(headers: list[str]) -> None:
    mapping = suggest(headers, [["x"] for _ in headers])
    assert [column.index for column in mapping.columns] == list(range(len(headers)))
    assert [column.header for column in mapping.columns] == headers
    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping
