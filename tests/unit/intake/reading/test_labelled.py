"""People in lines of their own, each with a label."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_store.intake import mapping
from lead_store.intake.fields import Field
from lead_store.intake.reading.labelled import LabelledLines, are_labelled
from tests.unit.intake.reading.people import read

PLAIN = """Nome: Ana Souza
Telefone: (11) 98765-4321
E-mail: ana@example.org

Nome: Bruno Lima
Telefone: (11) 98765-4322
E-mail: bruno@example.org
"""
DAMAGED_BYTE = PLAIN.encode().replace(b"Bruno", b"Bruno\xff")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_each_person_is_a_row_and_the_labels_are_the_columns(encoding):
    seen, people = read(PLAIN.replace("Ana", "Inês").encode(encoding))
    assert (seen.dialect.format, seen.rows) == ("txt", 2)
    assert people == [
        {"Nome": "Inês Souza", "Telefone": "(11) 98765-4321", "E-mail": "ana@example.org"},
        {"Nome": "Bruno Lima", "Telefone": "(11) 98765-4322", "E-mail": "bruno@example.org"},
    ]
    suggested = mapping.suggest([c.header for c in seen.columns], [c.values for c in seen.columns], "BR")
    assert [column.field for column in suggested.columns] == [Field.NAME, Field.PHONE, Field.EMAIL]


def test_without_blank_lines_the_first_label_begins_a_person():
    _, people = read(PLAIN.replace("\n\n", "\n"))
    assert [person["Nome"] for person in people] == ["Ana Souza", "Bruno Lima"]


def test_a_person_may_lack_the_first_label_and_have_another_twice():
    _, people = read(PLAIN + "\nTelefone: (11) 98765-4323\nTelefone: (11) 3765-4323\nE-mail:\n")
    assert people[2] == {"Telefone": "(11) 98765-4323 / (11) 3765-4323"}


def test_what_has_no_label_of_its_own_is_kept():
    text = (
        "Site leads\n\nContact 1\nName: Ana\nPhone: +55 11 98765-4321\nAddress: Rua A, 1\n   flat 3\n"
        "---\nContact 2\nPhone: +55 11 98765-4322\nName: Bruno\nAddress: Rua B, 2\ncalled on Monday\n\nBye\n"
    )
    _, (ana, bruno) = read(text)
    assert (ana["Address"], ana["Other lines"]) == ("Rua A, 1 flat 3", "Site leads / Contact 1")
    assert (bruno["Name"], bruno["Other lines"]) == ("Bruno", "Contact 2 / called on Monday / Bye")


def test_rows_as_a_database_lists_them():
    rule = "*" * 27
    text = "".join(f"{rule} {n}. row {rule}\n   id: {n}\n name: Ana {n}\nphone: +551198765432{n}\n" for n in (1, 2))
    assert read(text)[1] == [
        {"id": "1", "name": "Ana 1", "phone": "+5511987654321"},
        {"id": "2", "name": "Ana 2", "phone": "+5511987654322"},
    ]


def test_a_person_with_a_damaged_byte_is_rejected_as_a_row():
    seen, people = read(DAMAGED_BYTE)
    assert (seen.rows, len(people)) == (2, 2)
    assert "1 of 2 rows cannot be used" in " ".join(seen.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "Ana: 11 98765-4321\nBruno: 11 98765-4322\nCarla: 11 98765-4323\n",
        "Name:Phone\nAna:11 98765-4321\nBruno:11 98765-4322\n",
        "ERROR: disk\nINFO: start\nERROR: disk\nINFO: stop\nINFO: end\n",
        "Name,Phone,Note\nAna,11 98765-4321,Status: new\nBruno,11 98765-4322,Status: old\n",
        "Name: Ana\nPhone: 11 98765-4321\nE-mail: ana@example.org\n",
        'Name,Note\nAna,"new\nPhone: 1\nCity: A"\nBruno,"old\nPhone: 2\nCity: B"\nEva,"x\nPhone: 3\nCity: C"\n',
    ],
    ids=[
        "names before phones",
        "colons between columns",
        "a log",
        "labels within cells",
        "one person",
        "cells of several lines",
    ],
)
def test_other_texts_are_none_of_these(text):
    assert not are_labelled(text)


@given(st.lists(st.sampled_from(["Na: x", "en:x", "en:", "zz: x: x", "x", "   x", "", "---", "7. row"])))
def test_nothing_that_stands_in_a_line_is_lost(lines):
    text = "\n".join(["Na: a", "en: b", "Na: c", *lines])
    header, *rows = (cells for _, cells in LabelledLines(io.BytesIO(text.encode()), "utf-8").rows("Contacts"))
    assert {len(cells) for cells in rows} == {len(header)}
    assert "".join(map("".join, rows)).count("x") == text.count("x")
