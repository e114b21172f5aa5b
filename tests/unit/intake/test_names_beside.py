"""Names beside phones: lists that people type or copy, in which a line holds both."""

import io

import pyarrow as pa
import pytest

from lead_store.intake.mapping import suggest
from lead_store.intake.names_beside import read_names_beside
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
        ("Ana; ana@example.org", None),
        ("after six", None),
        ("4. ", None),
        (None, None),
    ],
)
def test_only_words_that_are_a_name_are_one(words: str | None, name: str | None) -> None:
    assert read_names_beside(pa.array([words, "Rui"], pa.string())).to_pylist() == [name, "Rui"]


def people_in(content: str) -> list[tuple[str | None, str | None]]:
    """Name and phone of each row, with the columns as suggested."""
    file = io.BytesIO(content.encode())
    seen = inspect(file, "list.txt")
    headers, samples = [c.header for c in seen.columns], [c.samples for c in seen.columns]
    mapping = suggest(headers, samples, "BR")
    rows = [
        row
        for batch in read_batches(file, seen.dialect)
        for row in normalise(batch, mapping, Reading("BR")).to_pylist()
    ]
    return [(row["name"], row["identifier"]) for row in rows]


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
    assert column.reason.endswith("Names beside them are the people's.")
