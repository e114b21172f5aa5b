"""Sheets with the same columns, such as one for each class: one is read, and all of them where that is chosen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_store.intake.reading import Dialect, inspect
from tests.unit.intake.reading.sheets import rows_of, workbook

HEADER = ["Name", "Phone", "Email"]
ANA = ["Ana Souza", "+55 11 98765-4321", "ana@example.org"]
RUI = ["Rui Lima", "+55 11 98765-4322", "rui@example.org"]
EVA = ["Eva Dias", "+55 11 98765-4323", "eva@example.org"]
CLASSES = {
    "Class A": [HEADER, ANA, RUI],
    "Legend": [["What", "Meaning"], ["x", "absent"]],
    "Class B": [["School of the town"], [], [" name", "PHONE", "Email", ""], EVA],
}


def test_one_is_read_and_it_is_said_which_are_not() -> None:
    file = workbook(CLASSES)
    seen = inspect(file, "classes.xlsx")
    assert rows_of(file, seen.dialect) == [[2, None, *ANA], [3, None, *RUI]]
    assert seen.left_out
    assert "The sheet “Class B” has the same columns, and is not read." in seen.left_out
    assert seen.left_out in seen.warnings
    assert "sheets_as_one" in seen.in_question


def test_all_are_read_each_from_a_full_thousand_on_and_a_column_names_them() -> None:
    file = workbook(CLASSES)
    seen = inspect(file, "classes.xlsx", {"sheets_as_one": True})
    assert rows_of(file, seen.dialect) == [
        [2, None, *ANA, "Class A"],
        [3, None, *RUI, "Class A"],
        [1004, None, *EVA, "Class B"],
    ]
    assert [column.header for column in seen.columns] == [*HEADER, "Sheet"]
    assert (seen.rows, seen.left_out) == (3, None)
    assert Dialect.from_json(seen.dialect.to_json()) == seen.dialect


def test_the_order_is_that_of_the_sheets_whichever_was_chosen() -> None:
    file = workbook(CLASSES)
    seen = inspect(file, "classes.xlsx", {"sheet": "Class B", "sheets_as_one": True})
    assert [row[-1] for row in rows_of(file, seen.dialect)] == ["Class A", "Class A", "Class B"]


def test_a_sheet_that_ends_beyond_a_thousand_moves_the_next_on() -> None:
    file = workbook({"Long": [HEADER, *[ANA] * 1_500], "Short": [HEADER, RUI]})
    seen = inspect(file, "classes.xlsx", {"sheets_as_one": True})
    numbers = [row[0] for row in rows_of(file, seen.dialect)]
    assert numbers[-2:] == [1_501, 2_002]


def test_a_cell_beyond_the_columns_is_no_sheets_name() -> None:
    file = workbook({"A": [HEADER, [*ANA, "surplus"]], "B": [HEADER, RUI]})
    seen = inspect(file, "classes.xlsx", {"sheets_as_one": True})
    assert rows_of(file, seen.dialect)[0] == [2, "row_too_long", *ANA, "A"]


@pytest.mark.parametrize(
    "other", [[["Name", "Phone"], ANA[:2]], [HEADER], [[], []]], ids=["other columns", "no rows", "blank"]
)
def test_sheets_that_are_not_alike_are_not_asked_about(other: list[list[str]]) -> None:
    seen = inspect(workbook({"People": [HEADER, ANA, RUI], "Other": other}), "people.xlsx", {"sheets_as_one": True})
    assert (seen.dialect.sheets_as_one, seen.left_out, seen.in_question) == ((), None, ())


def test_columns_called_alike_keep_their_group() -> None:
    people = [["Pupil", "", "Mother", ""], ["Name", "Phone", "Name", "Phone"], [*ANA[:2], *RUI[:2]]]
    seen = inspect(workbook({"A": people, "B": people}), "classes.xlsx", {"sheets_as_one": True})
    headers = [column.header for column in seen.columns]
    assert headers == ["Pupil Name", "Pupil Phone", "Mother Name", "Mother Phone", "Sheet"]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 1_200), min_size=2, max_size=5))
def test_each_row_of_each_sheet_comes_once_with_a_number_of_its_own(sizes: list[int]) -> None:
    sheets = {f"S{place}": [HEADER, *[ANA] * size] for place, size in enumerate(sizes)}
    file = workbook(sheets)
    rows = rows_of(file, inspect(file, "x.xlsx", {"sheets_as_one": True}).dialect)
    numbers = [row[0] for row in rows]
    assert numbers == sorted(set(numbers))
    assert [sum(row[-1] == name for row in rows) for name in sheets] == sizes
    first = {row[-1]: row[0] for row in reversed(rows)}
    assert {number % 1_000 for number in first.values()} == {2}
