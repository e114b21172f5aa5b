"""Rows with too few cells: damaged, or complete because the writer of the file leaves blank cells out at the end."""

import io

import pytest

from lead_store.intake.reading import inspect

PEOPLE = [["Ana", f"1198765{number:04d}", "vip" if number < 10 else ""] for number in range(80)]


def text_of(rows):
    return "\r\n".join(",".join(row) for row in [["Name", "Phone", "Note"], *rows]) + "\r\n"


def as_excel_saves(rows):
    """Each sixteen rows of the sheet as wide as the widest of them."""
    sheet = [["Name", "Phone", "Note"], *rows]
    lines = []
    for start in range(0, len(sheet), 16):
        block = sheet[start : start + 16]
        width = max(place for row in block for place, cell in enumerate(row, start=1) if cell)
        lines += [",".join(row[:width]) for row in block]
    return "\r\n".join(lines) + "\r\n"


def look(text, **overrides):
    return inspect(io.BytesIO(text.encode()), "people.csv", overrides)


def test_rows_that_excel_shortened_by_blocks_are_complete():
    seen = look(as_excel_saves(PEOPLE))
    assert (seen.rows, seen.warnings) == (80, ())
    assert "as Excel saves" in " ".join(seen.evidence)


def test_a_block_of_short_rows_may_be_the_last_of_one_stretch_and_the_first_of_the_next(monkeypatch):
    monkeypatch.setattr("lead_store.intake.reading.texts.text.BLOCK_BYTES", 700)
    rows = [*PEOPLE, *([["Bia", "11987654321", "vip"]] * 32), *PEOPLE[10:]]
    assert look(as_excel_saves(rows)).warnings == ()
    broken = as_excel_saves(rows).replace("Bia,11987654321,vip", "Bia,11987654321", 20)
    assert look(broken).warnings != ()


def test_short_rows_among_whole_ones_are_damaged():
    rows = [row[:2] if number in (20, 30, 40) else row for number, row in enumerate(PEOPLE)]
    seen = look(text_of(rows))
    assert seen.warnings == ("3 of 80 rows cannot be used as they are: too few cells.",)
    assert "drops_trailing_blanks" in seen.in_question


def test_where_no_row_reaches_the_last_column_it_is_blank():
    seen = look(text_of([row[:2] for row in PEOPLE]))
    assert (seen.warnings, len(seen.columns)) == ((), 3)


def test_nothing_is_asked_where_no_row_is_short():
    assert look(text_of(PEOPLE)).in_question == ()


@pytest.mark.parametrize(("complete", "damaged"), [(True, 0), (False, 1)])
def test_what_to_make_of_short_rows_can_be_chosen(complete, damaged):
    rows = [row[:2] if number in (20, 30, 40) else row for number, row in enumerate(PEOPLE)]
    seen = look(text_of(rows), drops_trailing_blanks=complete)
    assert len(seen.warnings) == damaged
    assert "drops_trailing_blanks" in seen.in_question
