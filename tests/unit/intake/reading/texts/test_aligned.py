"""Texts whose columns are apart by blanks alone."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_store.intake.reading import inspect, read_batches
from lead_store.intake.reading.texts.aligned import BETWEEN, cut, find_cuts

PEOPLE = [
    ("NAME", "PHONE", "CITY"),
    ("Ana Souza", "+55 11 98765-4321", "São Paulo"),
    ("Bartolomeu", "+55 11 98765-4322", "Natal"),
    ("José", "+55 11 98765-4323", ""),
]


def lines(*widths: int, rule: str = "") -> list[str]:
    """A line for each of PEOPLE, and a rule below the first."""
    filled = [
        "".join(cell.ljust(width) for cell, width in zip(person, widths, strict=True)).rstrip() for person in PEOPLE
    ]
    return [filled[0], *([rule] if rule else []), *filled[1:]]


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        (lines(14, 20, 9), (14, 34)),
        # A column as wide as its longest value leaves one blank; those within all phones are no ends of columns.
        (lines(11, 18, 9), (11, 29)),
        (lines(11, 18, 9, rule="---------- ----------------- ---------"), (11, 29)),
        (["Report of 29/11/2026", "", *lines(14, 20, 9)], (14, 34)),
        (["Ana Souza 11987654321", "Bia Reis 11987654322", "Cai Sá 11987654323"], ()),
        ([*lines(14, 20, 9), "x" * 2_001], ()),
        (["a\tb   c", "d\te   f", "g\th   i"], ()),
        (["Some words, and   three blanks once", "and a line", "and another", "and one more"], ()),
    ],
)
def test_columns_begin_behind_blanks_that_nearly_all_lines_have(text, cuts):
    assert find_cuts("\n".join(text)) == cuts


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block_bytes", [7, 1_000])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_aligned_columns_are_read_whatever_the_blocks(monkeypatch, end, block_bytes, encoding):
    file = io.BytesIO((end.join([*lines(14, 20, 9), ""])).encode(encoding))
    seen = inspect(file, "report.txt")
    monkeypatch.setattr("lead_store.intake.reading.texts.text.BLOCK_BYTES", block_bytes)
    rows = [row for batch in read_batches(file, seen.dialect) for row in batch.to_pylist()]
    assert [column.header for column in seen.columns] == ["NAME", "PHONE", "CITY"]
    assert seen.in_question == ("cuts",)
    assert [tuple((row[f"c{place}"] or "").strip() for place in range(3)) for row in rows] == PEOPLE[1:]
    assert [row["row_number"] for row in rows] == [2, 3, 4]


@pytest.mark.parametrize(
    ("overrides", "columns"),
    [({"cuts": False}, 1), ({"delimiter": ";"}, 1), ({"delimiter": ";", "cuts": True}, 3), ({"cuts": True}, 3)],
)
def test_lines_may_be_left_whole(overrides, columns):
    file = io.BytesIO("\n".join(lines(14, 20, 9)).encode())
    seen = inspect(file, "report.txt", overrides)
    assert (len(seen.columns), seen.in_question) == (columns, ("cuts",))


@given(st.text(st.characters(exclude_characters="\r\n\x1f", exclude_categories=["Cs"]), max_size=30))
def test_nothing_is_lost_where_lines_are_cut(line):
    assert cut(line, (3, 9)).replace(BETWEEN, "") == line
    assert cut(f"{line}\n", (3, 9)) == cut(line, (3, 9)) + "\n"
