"""Names and e-mails in the cells of phones: lists that people type or copy, columns that take one or the other."""

import io
from typing import Any

import pyarrow as pa
import pytest

from lead_store.intake.beside_phones import read_names_beside
from lead_store.intake.fields import Field
from lead_store.intake.mapping import suggest
from lead_store.intake.normalising import Reading, normalise
from lead_store.intake.reading import inspect, read_batches


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Ana Lima", "Ana Lima"),
        ("12. Ana Lima", "Ana Lima"),
        ("3) João de Souza e Silva ✅", "João de Souza e Silva"),
        ("• Zoë van der Berg -", "Zoë van der Berg"),
        ("Érica", "Érica"),
        ("D'Arcy O’Neill", "D'Arcy O’Neill"),
        ("山田太郎", "山田太郎"),
        ("Ana Lima Jr.", "Ana Lima Jr."),
        ("Casa", None),
        ("Recado Maria", None),
        ("recado com Maria", None),
        ("Ana (mãe)", None),
        ("Mãe", None),
        ("Irmã", None),
        ("Avó Rosa", None),
        ("Ana Paião", "Ana Paião"),
        ("Ana; ana@example.org", "Ana"),
        ("ana@example.org", None),
        ("after six", None),
        ("4. ", None),
        (None, None),
    ],
)
def test_only_words_that_are_a_name_are_one(words: str | None, name: str | None) -> None:
    assert read_names_beside(pa.array([words, "Rui"], pa.string())).to_pylist() == [name, "Rui"]


def rows_of(content: str) -> list[dict[str, Any]]:
    """The normalised rows, with the columns as suggested."""
    file = io.BytesIO(content.encode())
    seen = inspect(file, "list.txt")
    headers, samples = [c.header for c in seen.columns], [c.values for c in seen.columns]
    mapping = suggest(headers, samples, "BR")
    return [
        row
        for batch in read_batches(file, seen.dialect)
        for row in normalise(batch, mapping, Reading("BR")).to_pylist()
    ]


def people_in(content: str) -> list[tuple[str | None, str | None]]:
    """Name and phone of each row."""
    return [(row["name"], row["identifier"]) for row in rows_of(content)]


NAMES = ("Ana Lima", "Bruno de Souza", "Érica")
PEOPLE = [(name, f"+551198765432{place}") for place, name in enumerate(NAMES, start=1)]


@pytest.mark.parametrize(
    "line",
    [
        "{place}. {name} - 11 98765-432{place}",
        "{place}. {name} – (11) 98765-432{place}",
        "{place}) {name}: 11 98765-432{place}",
        "{place}.{name} 11 98765-432{place}",
        "• {name} - 11 98765-432{place}",
        "- {name} – 11 98765-432{place}",
        "(11) 98765-432{place} ({name})",
        "11 98765-432{place} - {name}",
        "{name} - 11 98765-432{place}",
        "{name} – 11 98765-432{place}",
        "{name}: 11 98765-432{place}",
    ],
)
@pytest.mark.parametrize("title", ["", "Guests of Friday\n\n"])
def test_a_list_of_lines_is_people(line: str, title: str) -> None:
    lines = [line.format(place=place, name=name) for place, name in enumerate(NAMES, start=1)]
    assert people_in(title + "\n".join(lines)) == PEOPLE


def test_a_column_of_names_goes_before_words_beside_the_phone() -> None:
    content = "Name;Phone\nAna Lima;11 98765-4321 Maria\n;11 98765-4322 Rui Reis\n"
    assert people_in(content) == [("Ana Lima", "+5511987654321"), (None, "+5511987654322")]


def test_the_columns_page_is_told_where_names_come_from() -> None:
    samples = [["Ana Lima 11 98765-4321", "Rui Reis 11 98765-4322"]]
    [column] = suggest(["Guests"], samples, "BR").columns
    assert column.reason.endswith("Names in these cells are the people's.")


MIXED = ["11 98765-4321", "ana@example.org", "(11) 98765-4322 / rui@example.org", "mailto:bia@example.org"]


@pytest.mark.parametrize("header", ["Contact", "Contato", "E-mail / Phone", "Phone", "Column 2"])
def test_a_column_of_phones_and_emails_feeds_both(header: str) -> None:
    _, column = suggest(["Name", header], [["Ana Lima", "Rui Reis", "Bia Sá", "Caio Luz"], MIXED], "BR").columns
    assert column.field is Field.PHONE
    assert column.reason.endswith("E-mails in these cells are the people's.")


@pytest.mark.parametrize("header", ["Email", "E-mail / Phone", "Contact"])
def test_a_column_of_emails_stays_one(header: str) -> None:
    [column] = suggest([header], [[f"ana{place}@example.org" for place in range(9)]], "BR").columns
    assert column.field is Field.EMAIL


def test_emails_in_the_cells_of_phones_are_the_peoples() -> None:
    cells = [*MIXED, "5511987654321@s.whatsapp.net", "11 98765-4323 no@mail", "120363041234567890@g.us"]
    rows = rows_of("Name;Contact\n" + "".join(f"Ana Lima {place};{cell}\n" for place, cell in enumerate(cells)))
    assert [(row["identifier"], row["email"]) for row in rows] == [
        ("+5511987654321", None),
        (None, "ana@example.org"),
        ("+5511987654322", "rui@example.org"),
        (None, "bia@example.org"),
        ("+5511987654321", None),
        ("+5511987654323", None),
        (None, None),
    ]


def test_who_left_an_email_or_a_dash_where_others_left_a_phone_left_none() -> None:
    cells = [
        "ana@example.org",
        "-",
        "/ .",
        "<Bia@Example.org>",
        "mailto:rui@example.org",
        "ana@example.org 123",
        "ana@",
        "12",
    ]
    phones = [f"11 98765-43{place}" for place in range(10, 19)]
    rows = rows_of("Name;Phone\n" + "".join(f"Ana Lima;{cell}\n" for cell in [*phones, *cells]))
    missing, invalid = "identifier_missing", "phone_invalid"
    assert [row["blocking"] for row in rows] == [
        *[None] * 9,
        missing,
        missing,
        missing,
        missing,
        missing,
        invalid,
        invalid,
        invalid,
    ]


def test_an_email_column_goes_before_what_stands_beside_the_phone() -> None:
    rows = rows_of("E-mail;Phone\nana@example.org;11 98765-4321 x@example.org\n;11 98765-4322 x@example.org\n")
    assert [row["email"] for row in rows] == ["ana@example.org", "x@example.org"]


def test_what_a_field_took_is_no_attribute_as_well() -> None:
    rows = rows_of("Contact\nAna Lima 11 98765-4321\n11 98765-4322 x@example.org\n11 98765-4323 Rui, r@example.org\n")
    assert [row["name"] or row["email"] for row in rows] == ["Ana Lima", "x@example.org", "Rui"]
    assert [row["attributes"] for row in rows] == [None, None, '{"Contact":"Rui; r@example.org"}']
