"""What is counted while a file is read for the first time."""

import io

import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import suggest
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


def test_columns_are_judged_by_cells_from_all_over_the_file(seen):
    assert len(seen.columns[0].values) == 40
    assert int(seen.columns[0].values[-1].removeprefix("Ana ")) > 2_000
    assert seen.columns[2].values == ("vip",) * 40


def test_all_filled_cells_of_a_short_file_are_judged():
    seen = inspect(io.BytesIO(b"Name,Phone\nAna,\nRui,1\nLia, \nAna,2\n"), "people.csv")
    assert [column.values for column in seen.columns] == [("Ana", "Rui", "Lia", "Ana"), ("1", "2")]


def test_a_file_that_begins_with_tests_is_matched_by_the_rest():
    people = [f"Ana {n};c{n};{n % 7};11 98765-{n:04}" for n in range(100)]
    rows = [*(f"teste;t{n};0;{n}" for n in range(1, 8)), *people]
    seen = inspect(io.BytesIO(("Nome;Código;Loja ID;Contato\n" + "\n".join(rows)).encode()), "people.csv")
    mapping = suggest([column.header for column in seen.columns], [column.values for column in seen.columns], "BR")
    assert [column.field for column in mapping.columns] == [Field.NAME, Field.EXTERNAL_ID, None, Field.PHONE]


def test_what_comes_at_even_distances_is_judged_by_what_is_between():
    rows = [f"Ana,{'-' if place % 25 == 0 else f'1198765{place:04}'}" for place in range(1_000)]
    seen = inspect(io.BytesIO(("Name,Phone\n" + "\n".join(rows)).encode()), "people.csv")
    assert 0 < sum(value == "-" for value in seen.columns[1].values) < 10
