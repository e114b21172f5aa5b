"""A sheet read in cuts gives the rows that it gives whole."""

import io

import pytest
import xlsxwriter

from lead_store.intake.reading.workbooks.large_sheets import sheet_in_cuts
from lead_store.intake.reading.workbooks.workbook import Workbook


@pytest.fixture(params=[True, False], ids=["shared texts", "texts in cells"])
def book(request) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"constant_memory": not request.param})
    sheet = workbook.add_worksheet("People & co")
    for row in range(3_000):
        # Column A stays blank, and so does every seventh row.
        if row % 7:
            sheet.write_row(row, 1, [f"Ana <{row}>", row * 1.5])
    workbook.close()
    return target.getvalue()


def test_cuts_keep_row_numbers_and_columns(book, monkeypatch):
    whole = list(Workbook(io.BytesIO(book), "xlsx").rows("People & co"))
    monkeypatch.setattr("lead_store.intake.reading.workbooks.large_sheets.LARGE_SHEET_BYTES", 0)
    monkeypatch.setattr("lead_store.intake.reading.workbooks.large_sheets.CUT_BYTES", 20_000)
    monkeypatch.setattr("lead_store.intake.reading.workbooks.large_sheets._READ_BYTES", 7_000)
    monkeypatch.setattr("lead_store.intake.reading.workbooks.workbook._FAR_DOWN", 100)
    cuts = sheet_in_cuts(io.BytesIO(book), "People & co")
    assert cuts is not None
    assert len(list(cuts)) > 2
    cut = [(number, cells) for number, cells in Workbook(io.BytesIO(book), "xlsx").rows("People & co") if any(cells)]
    assert cut == [(number, cells) for number, cells in whole if any(cells)]


def test_a_small_sheet_is_not_cut(book):
    assert sheet_in_cuts(io.BytesIO(book), "People & co") is None
