"""Headers in two rows, of which the upper one groups columns."""

import io

import pytest

from lead_store.intake import mapping
from lead_store.intake.fields import Field
from lead_store.intake.reading import inspect

PEOPLE = """Ana Souza,+55 11 98765-4321,Maria Souza,+55 11 98765-4322
Bia Lima,+55 11 98765-4323,Lia Lima,+55 11 98765-4324
Caio Reis,+55 11 98765-4325,Eva Reis,+55 11 98765-4326
"""


def look(header: str, people: str = PEOPLE):
    return inspect(io.BytesIO(f"{header}\n{people}".encode()), "people.csv")


def headers(seen):
    return [column.header for column in seen.columns]


def test_columns_of_one_name_are_called_by_their_groups():
    seen = look("Primary contact,,Emergency contact,\nName,Phone,Name,Phone")
    assert headers(seen) == [
        "Primary contact Name",
        "Primary contact Phone",
        "Emergency contact Name",
        "Emergency contact Phone",
    ]
    assert "Row 1 tells apart the columns that are called the same." in seen.evidence
    suggested = mapping.suggest(headers(seen), [column.values for column in seen.columns], "BR")
    assert [column.field for column in suggested.columns] == [Field.NAME, Field.PHONE, None, None]


def test_columns_of_one_kind_keep_their_headers():
    seen = look("Contact,,Mother,\nStudent,Phone,Name,Phone")
    assert headers(seen) == ["Student", "Contact Phone", "Name", "Mother Phone"]


@pytest.mark.parametrize(
    "header",
    [
        "Class of 2026,,,\nName,Phone,Name,Phone",
        "Parents,,Parents,\nName,Phone,Name,Phone",
        "Left,Right,,\nName,Phone,Name,Phone",
        "Left,,Right,\n,,,\nName,Phone,Name,Phone",
        "Person,,Address,\nName,Phone,Street,City",
        "Left:,Acme,Right:,\nName,Phone,Name,Phone",
    ],
    ids=[
        "a title",
        "groups of one name",
        "groups that do not tell",
        "a row between",
        "nothing doubled",
        "a letterhead",
    ],
)
def test_other_rows_above_are_no_groups(header):
    seen = look(header)
    assert "tells apart" not in " ".join(seen.evidence)
    assert not any(name.startswith(("Class", "Parents", "Left", "Right", "Person")) for name in headers(seen))
