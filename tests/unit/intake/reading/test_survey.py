"""What is counted while a file is read for the first time."""

import io

import pytest

from lead_store.intake.reading import inspect


@pytest.fixture
def seen():
    rows = [f"Ana {n},{'yes' if n % 3 else 'no'},{'' if n % 2 else 'vip'}" for n in range(3_000)]
    content = "Name,Accepts,Tag\n" + "\n".join([*rows, "Rui,no", "Lia,no,x,y"]) + "\n"
    return inspect(io.BytesIO(content.encode()), "people.csv")


def test_values_of_a_column_with_few_different_ones_are_counted_in_all_usable_rows(seen):
    assert seen.rows == 3_002
    assert seen.columns[1].tally == {"yes": 2_000, "no": 1_000}


def test_blank_cells_are_no_value(seen):
    assert seen.columns[2].tally == {"vip": 1_500}


def test_a_column_of_people_is_not_counted(seen):
    assert seen.columns[0].tally is None
