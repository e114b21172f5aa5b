"""Mapped cells become normalised rows; problems are data, and one bad cell spoils no other."""

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import ColumnMatch, Mapping
from lead_store.intake.normalising import MAXIMUM_ATTRIBUTE_LENGTH, SCHEMA, Reading, normalise

BRAZIL = Reading(region="BR")


def rows(
    columns: dict[str, tuple[Field | None, list[str | None]]],
    reading: Reading = BRAZIL,
    *,
    damage: list[str | None] | None = None,
    **changes: Any,
) -> list[dict[str, Any]]:
    """Normalise columns given as header -> (field, cells); `changes` apply to the matches by header."""
    length = len(next(iter(columns.values()))[1])
    batch = pa.RecordBatch.from_arrays(
        [
            pa.array(range(2, length + 2), pa.int32()),
            pa.array(damage or [None] * length, pa.string()),
            pa.nulls(length, pa.string()),
            *(pa.array(cells, pa.string()) for _, cells in columns.values()),
        ],
        names=["row_number", "problem", "extra", *(f"c{place}" for place in range(len(columns)))],
    )
    matches = tuple(
        replace(ColumnMatch(place, header, field, order=place), **changes.get(header, {}))
        for place, (header, (field, _)) in enumerate(columns.items())
    )
    normalised = normalise(batch, Mapping(matches), reading)
    assert normalised.schema == SCHEMA
    return normalised.to_pylist()


def codes(row: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in json.loads(row["problems"] or "[]")]


def test_a_row_has_its_identifier_profile_and_attributes():
    [row] = rows(
        {
            "Nome": (Field.NAME, ["  Ana Lima "]),
            "Fone": (Field.PHONE, ["(11) 98765-4321"]),
            "E-mail": (Field.EMAIL, ["Ana@Example.org"]),
            'Ci"dade': (None, ["São\nPaulo"]),
        }
    )
    assert (row["identifier"], row["phone"], row["name"]) == ("+5511987654321", "+5511987654321", "Ana Lima")
    assert (row["email"], row["blocking"], row["problems"], row["raw"]) == ("Ana@Example.org", None, None, None)
    assert json.loads(row["attributes"]) == {'Ci"dade': "São\nPaulo"}


def test_first_and_last_name_are_joined_where_there_is_no_full_name():
    columns = {
        "Nome completo": (Field.NAME, ["Ana Maria Lima", None, None]),
        "Nome": (Field.FIRST_NAME, ["Ana", "Bia", None]),
        "Sobrenome": (Field.LAST_NAME, ["Lima", "Reis", "Souza"]),
        "Fone": (Field.PHONE, ["11987654321"] * 3),
    }
    assert [row["name"] for row in rows(columns)] == ["Ana Maria Lima", "Bia Reis", "Souza"]


def test_the_first_filled_and_valid_phone_counts_and_the_others_are_kept():
    columns = {
        "Celular": (Field.PHONE, ["123", None, "11987654321"]),
        "Fone": (Field.PHONE, ["11987654321", "(21) 99876-5432", "(21) 99876-5432"]),
    }
    first, second, third = rows(columns)
    assert [row["identifier"] for row in (first, second, third)] == [
        "+5511987654321",
        "+5521998765432",
        "+5511987654321",
    ]
    assert [row["blocking"] for row in (first, second, third)] == [None] * 3
    assert json.loads(first["attributes"]) == {"Celular": "123"}
    assert json.loads(third["attributes"]) == {"Fone": "(21) 99876-5432"}


def test_what_stands_beside_a_phone_is_kept_and_a_further_address_is_told():
    noted, several = rows({"Fone": (Field.PHONE, ["11 98765-4321 (mãe)", "11 98765-4321 / 11 98765-4322"])})
    assert (noted["identifier"], noted["problems"]) == ("+5511987654321", None)
    assert json.loads(noted["attributes"]) == {"Fone": "mãe"}
    assert json.loads(several["attributes"]) == {"Fone": "11 98765-4322"}
    assert codes(several) == ["phones_several"]


def test_the_area_code_in_a_column_of_its_own_is_joined_only_where_it_is_missing():
    columns = {
        "DDD": (Field.AREA_CODE, ["11", "11", None]),
        "Telefone": (Field.PHONE, ["98765-4321", "(21) 99876-5432", "98765-4321"]),
    }
    read = rows(columns, DDD={"joins": 1})
    assert [row["identifier"] for row in read] == ["+5511987654321", "+5521998765432", None]


@pytest.mark.parametrize(
    ("phone", "blocking"),
    [
        (None, "identifier_missing"),
        ("   ", "identifier_missing"),
        ("123", "phone_invalid"),
        ("5,51199E+12", "phone_truncated"),  # Excel kept six digits of thirteen
    ],
)
def test_a_row_without_a_usable_phone_is_kept_out_with_the_reason_and_its_cells(phone, blocking):
    [row] = rows({"Nome": (Field.NAME, ["Ana"]), "Fone": (Field.PHONE, [phone])})
    assert (row["identifier"], row["blocking"]) == (None, blocking)
    assert codes(row) == [blocking]
    assert row["raw"] is not None


def test_an_invalid_email_beside_a_good_phone_is_a_warning():
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"]), "E-mail": (Field.EMAIL, ["ana(at)example"])})
    assert (row["blocking"], row["email"], codes(row)) == (None, None, ["email_invalid"])


def test_for_email_the_address_is_the_identifier_and_a_bad_phone_only_a_warning():
    [row] = rows({"Fone": (Field.PHONE, ["123"]), "E-mail": (Field.EMAIL, ["Ana@Example.org"])}, Reading("BR", "email"))
    assert (row["identifier"], row["email"], row["blocking"]) == ("ana@example.org", "Ana@Example.org", None)
    assert codes(row) == ["phone_invalid"]


def test_the_name_beside_an_address_counts_where_no_column_has_one():
    fed = {
        "Nome": (Field.NAME, [None, "Bia Reis"]),
        "E-mail": (Field.EMAIL, ["Ana Lima <ana@exemplo.com>", "B. R. <bia@exemplo.com>"]),
    }
    ana, bia = rows(fed, Reading(channel="email"))
    assert (ana["name"], ana["identifier"], ana["blocking"]) == ("Ana Lima", "ana@exemplo.com", None)
    assert bia["name"] == "Bia Reis"


def test_a_row_that_was_damaged_in_the_file_is_kept_out_for_that():
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"])}, damage=["row_too_long"])
    assert (row["identifier"], row["blocking"]) == (None, "row_too_long")


@pytest.mark.parametrize(
    ("cells", "repeats"),
    [
        (["Nome", "Fone", "Fone"], True),
        ([" Nome ", None, "Fone"], True),
        (["Nome", "Fone", "11987654321"], False),
        (["Ana", "Fone", "Fone"], False),
        ([None, None, None], False),
    ],
)
def test_a_row_that_repeats_the_header_is_told_apart_from_a_person_without_a_phone(cells, repeats):
    name, phone, other = cells
    [row] = rows({"Nome": (Field.NAME, [name]), "Fone": (Field.PHONE, [phone]), "Fone (2)": (Field.PHONE, [other])})
    assert (codes(row) == ["row_repeats_header"]) is repeats
    assert (row["blocking"] == "row_repeats_header") is repeats


def test_of_a_damaged_row_the_damage_alone_is_told_since_its_cells_may_stand_anywhere():
    fed = {"Fone": (Field.PHONE, ["José", "José"]), "E-mail": (Field.EMAIL, ["no", "no"])}
    damaged, whole = rows(fed, damage=["row_too_long", None])
    assert codes(damaged) == ["row_too_long"]
    assert sorted(codes(whole)) == ["email_invalid", "phone_invalid"]


def test_a_country_column_gives_each_row_its_region():
    columns = {
        "País": (Field.COUNTRY, ["Portugal", "BR", None]),
        "Fone": (Field.PHONE, ["912 345 678", "11 98765-4321", "11 98765-4321"]),
    }
    assert [row["identifier"] for row in rows(columns)] == ["+351912345678", "+5511987654321", "+5511987654321"]


def test_a_calling_code_tells_of_the_phone_and_is_no_country_of_the_person():
    read = rows({"DDI": (Field.COUNTRY, ["351", "Brasil"]), "Fone": (Field.PHONE, ["912345678", "11987654321"])})
    assert [row["identifier"] for row in read] == ["+351912345678", "+5511987654321"]
    assert [json.loads(row["attributes"]) for row in read] == [{"DDI": "351"}, {"country": "Brasil"}]


@pytest.mark.parametrize(
    ("opt_in", "cells", "expected"),
    [
        (False, ["sim", "não", None, "talvez"], [True, None, None, None]),
        (True, ["sim", "não", None, "talvez"], [None, True, None, None]),
    ],
)
def test_consent_can_only_opt_out(opt_in, cells, expected):
    columns = {"Fone": (Field.PHONE, ["11987654321"] * 4), "Consent": (Field.OPTED_OUT, cells)}
    read = rows(columns, Consent={"opt_in": opt_in})
    assert [row["opted_out"] for row in read] == expected
    assert codes(read[3]) == ["opt_out_unclear"]


@pytest.mark.parametrize(
    ("cell", "literal"),
    [
        ("vip; novo", '{"vip","novo"}'),
        ("vip,vip|VIP", '{"vip"}'),
        (' ; "a\\b" ', r'{"\"a\\b\""}'),
        ("* myContacts ::: * friends", '{"myContacts","friends"}'),  # Google Contacts
        (";;", None),
        (None, None),
    ],
)
def test_tags_are_split_and_distinct(cell, literal):
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"]), "Tags": (Field.TAGS, [cell])})
    assert row["tags"] == literal


def test_a_cell_that_is_too_long_is_left_out_and_said():
    long = "x" * (MAXIMUM_ATTRIBUTE_LENGTH + 1)
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"]), "Notas": (None, [long]), "Cidade": (None, ["Natal"])})
    assert json.loads(row["attributes"]) == {"Cidade": "Natal"}
    assert codes(row) == ["value_too_long"]
    assert len(row["problems"]) < 500


def test_dropped_columns_leave_nothing():
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"]), "CPF": (None, ["1"])}, CPF={"is_dropped": True})
    assert row["attributes"] is None


def test_bytes_that_the_database_cannot_hold_are_taken_out():
    [row] = rows({"Fone": (Field.PHONE, ["11987654321"]), "Nome": (Field.NAME, ["A\x00na\u200b"])})
    assert row["name"] == "Ana"


def test_garbled_text_is_imported_as_it_was_meant_and_says_so():
    [row] = rows(
        {
            "Nome": (Field.NAME, ["JosÃ© ConceiÃ§Ã£o"]),
            "Fone": (Field.PHONE, ["+55Â\xa011Â\xa098765-4321"]),
            "Cidade": (None, ["SÃ£o Paulo"]),
        }
    )
    assert (row["name"], row["phone"], row["blocking"]) == ("José Conceição", "+5511987654321", None)
    assert json.loads(row["attributes"]) == {"Cidade": "São Paulo"}
    problems = json.loads(row["problems"])
    assert [(each["code"], each["column"]) for each in problems] == [
        ("text_misread", "Nome"),
        ("text_misread", "Fone"),
        ("text_misread", "Cidade"),
    ]
    assert problems[0]["value"] == "JosÃ© ConceiÃ§Ã£o"
