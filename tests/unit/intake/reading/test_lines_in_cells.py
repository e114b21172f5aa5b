"""Workbooks whose column A holds lines of a text: what is left of a CSV that was opened with another delimiter."""

import pytest

from lead_store.intake.reading import Dialect, inspect
from tests.unit.intake.reading.sheets import rows_of, workbook

LINES = (
    "Name,Phone,Email",
    '"Lima, Ana",+55 11 98765-4321,ana@example.org',
    "Rui Reis,+55 11 98765-4322,",
    "Eva Dias,+55 11 98765-4323",
    "Zoe,+55 11 98765-4324,zoe@example.org,surplus",
)


def test_lines_are_cut_and_damage_is_that_of_the_row() -> None:
    file = workbook({"People": [[line] for line in LINES]})
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
    file = workbook({"People": [["Guests of Friday"], [], *[[line] for line in LINES[:3]], [LINES[1], "later"]]})
    seen = inspect(file, "people.xlsx")
    assert seen.dialect.header_row == 3
    assert [row[:2] for row in rows_of(file, seen.dialect)] == [[4, None], [5, None], [6, "row_too_long"]]


@pytest.mark.parametrize(("delimiter", "first"), [(None, LINES[1]), (";", LINES[1]), (",", "Lima, Ana")])
def test_the_choice_of_the_user_goes_before(delimiter: str | None, first: str) -> None:
    file = workbook({"People": [[line] for line in LINES]})
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
    file = workbook({"People": rows})
    seen = inspect(file, "people.xlsx", {"header_row": 1})
    assert [row[2] for row in rows_of(file, seen.dialect)] == [row[0] for row in rows[1:]]
    assert seen.dialect.delimiter is None
