"""What people are told about a sheet beside its cells."""

import io
import zipfile

import pytest
import xlsxwriter

from lead_store.intake.reading import inspect
from lead_store.intake.reading.workbooks.sheet_marks import HIDDEN, marks_of

ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_ROW = "<table:table-row{}>" + ODS_CELL + "</table:table-row>"


def sheet(*, hidden: int) -> io.BytesIO:
    """Three people, one of the rows hidden, counted from 0."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    for row, cells in enumerate([("Name", "Phone"), ("Ana", "11987654321"), ("Bia", "11987654322")]):
        page.write_row(row, 0, cells)
    page.set_row(hidden, options={"hidden": True})
    book.close()
    return target


def ods(second_sheet: str) -> io.BytesIO:
    target = io.BytesIO()
    first = f'<table:table table:name="A &amp; B">{ODS_ROW.format("", "Ana")}</table:table>'
    second = f'<table:table table:name="C">{second_sheet}</table:table>'
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", first + second)
    return target


@pytest.mark.parametrize(("hidden", "told"), [(2, True), (9, False)])
def test_people_are_told_of_hidden_rows_with_something_in_them(hidden, told):
    seen = inspect(sheet(hidden=hidden), "people.xlsx")
    assert (HIDDEN in seen.evidence) is (HIDDEN in seen.warnings) is told
    assert seen.rows == 2


@pytest.mark.parametrize(
    ("attributes", "text", "name", "told"),
    [
        (' table:visibility="filter"', "Bia", "C", True),
        (' table:style-name="x" table:visibility="collapse"', "Bia", "C", True),
        (' table:visibility="filter"', "Bia", "A & B", False),
        ("", "Bia", "C", False),
    ],
)
def test_the_sheet_that_is_read_counts_alone(attributes, text, name, told):
    assert (HIDDEN in marks_of(ods(ODS_ROW.format(attributes, text)), "ods", name)) is told


def test_hidden_rows_without_end_are_looked_at_in_no_time():
    assert list(marks_of(ods('<table:table-row table:visibility="filter">' * 90_000), "ods", "C")) == []
