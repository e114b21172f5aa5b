"""Workbooks whose column A holds lines of a text: what is left of a CSV that was opened with another delimiter."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from lead_store.intake.reading import Dialect, inspect, read_batches

LINES = (
    "Name,Phone,Email",
    '"Lima, Ana",+55 11 98765-4321,ana@example.org',
    "Rui Reis,+55 11 98765-4322,",
    "Eva Dias,+55 11 98765-4323",
    "Zoe,+55 11 98765-4324,zoe@example.org,surplus",
)


def workbook(rows: Sequence[Sequence[str]]) -> io.BytesIO:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("People")
        for place, cells in enumerate(rows):
            sheet.write_row(place, 0, cells)
    return target


def rows_of(file: io.BytesIO, dialect: Dialect) -> list[list[object]]:
    """Each row's number, problem and cells."""
    rows = [row for batch in read_batches(file, dialect) for row in batch.to_pylist()]
    return [[row["row_number"], row["problem"], *list(row.values())[3:]] for row in rows]


def test_lines_are_cut_and_damage_is_that_of_the_row() -> None:
    file = workbook([[line] for line in LINES])
    seen = inspect(file, "people.xlsx")
    assert [column.header for column in seen.columns] == ["Name", "Phone", "Email"]
    assert rows_of(file, seen.dialect) == [
        [2, None, "Lima, Ana", "+55 11 98765-4321", "ana@example.org"],
        [3, None, "Rui Reis", "+55 11 98765-4322", None],
        [4, "row_too_short", "Eva Dias", "+55 11 98765-4323", None],
        [5, "row_too_long", "Zoe", "+55 11 98765-4324", "zoe@example.org"],
    ]
    assert "cut at each comma" in " ".join(seen.evidence)
    assert "delimiter" in seen.in_question
    assert Dialect.from_json(seen.dialect.to_json()) == seen.dialect


def test_a_title_above_and_a_cell_beside_are_not_lost() -> None:
    file = workbook([["Guests of Friday"], [], *[[line] for line in LINES[:3]], [LINES[1], "later"]])
    seen = inspect(file, "people.xlsx")
    assert seen.dialect.header_row == 3
    assert [row[:2] for row in rows_of(file, seen.dialect)] == [[4, None], [5, None], [6, "row_too_long"]]


@pytest.mark.parametrize(("delimiter", "first"), [(None, LINES[1]), (";", LINES[1]), (",", "Lima, Ana")])
def test_the_choice_of_the_user_goes_before(delimiter: str | None, first: str) -> None:
    file = workbook([[line] for line in LINES])
    seen = inspect(file, "people.xlsx", {"delimiter": delimiter})
    assert rows_of(file, seen.dialect)[0][2] == first
    assert "delimiter" in seen.in_question
    assert "chosen by you" in " ".join(seen.evidence)


@pytest.mark.parametrize(
    "rows",
    [
        [["Name"], ["Lima, Ana"], ["Reis, Rui"]],
        [["Phone"], ["+55 11 98765-4321"], ["+55 11 98765-4322"]],
        [["Name", "Tags"], ["Ana", "a,b"], ["Rui", "c,d"]],
    ],
)
def test_cells_that_are_no_lines_stay_whole(rows: list[list[str]]) -> None:
    file = workbook(rows)
    seen = inspect(file, "people.xlsx", {"header_row": 1})
    assert [row[2] for row in rows_of(file, seen.dialect)] == [row[0] for row in rows[1:]]
    assert seen.dialect.delimiter is None
