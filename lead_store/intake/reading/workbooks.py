"""Workbooks (XLSX, XLSM, XLS, ODS) -> rows of text as a person sees them in the cells. Reading is python-calamine's."""

import datetime
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree import ElementTree

import pyarrow as pa
import python_calamine as calamine

from lead_store.errors import Unreadable
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.kinds import encrypted
from lead_store.intake.reading.large_sheets import sheet_in_cuts
from lead_store.intake.reading.old_workbooks import damaged
from lead_store.intake.reading.rows import RowBuilder, without_blank_rows

ROWS_PER_TABLE = 20_000
_FAR_DOWN = 1_000

EXACT_DIGITS = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its last ones, so it is not shown as if whole."""


def open_workbook(file: BinaryIO) -> calamine.CalamineWorkbook:
    """The workbook; raises Unreadable (file_encrypted, file_damaged)."""
    file.seek(0)
    with _refusing():
        return calamine.CalamineWorkbook.from_filelike(file)


@contextmanager
def _refusing() -> Iterator[None]:
    """What calamine and its surroundings raise, as Unreadable."""
    try:
        yield
    except calamine.PasswordError as error:
        raise encrypted() from error
    except (calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, EOFError, OSError) as error:
        raise damaged() from error
    except BaseException as error:
        # A panic of its Rust is no Exception, and its class is not to be had.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


def visible_sheets(workbook: calamine.CalamineWorkbook) -> tuple[str, ...]:
    """Names of the worksheets that people see, in their order; all of them where none is visible."""
    sheets = [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.typ in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet)
    ]
    seen = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
    return tuple(seen or [sheet.name for sheet in sheets])


def sheet_rows(
    file: BinaryIO, kind: str, name: str, workbook: calamine.CalamineWorkbook | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Every row of the sheet, blank ones included, with its number in Excel. Raises Unreadable (sheet_missing).

    Args:
        workbook: the file's, where it is open already.
    """
    with _refusing():
        cuts = sheet_in_cuts(file, name) if kind == "xlsx" else None
        for sheet in cuts or [_sheet(workbook or open_workbook(file), name)]:
            yield from _rows_of(sheet)


def _sheet(workbook: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except calamine.WorksheetNotFound as error:
        raise Unreadable(f"The workbook has no sheet named {name}.", code="sheet_missing", sheet=name) from error


def _rows_of(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows from the sheet's first filled one on, with all cells from column A on."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    margin = [""] * first_column
    # iter_rows makes one row at a time, but begins at row 1 however far down the sheet does, as cuts of one do.
    rows = sheet.iter_rows() if first_row < _FAR_DOWN else sheet.to_python()
    first = 1 if first_row < _FAR_DOWN else first_row + 1
    blank = [""] * sheet.width
    for number, row in enumerate(rows, start=first):
        seen = blank if row == blank else [value if type(value) is str else as_seen(value) for value in row]
        yield number, margin + seen


def as_seen(value: object) -> str:
    """A cell's value as a person reads it: whole numbers without `.0`, dates in ISO, booleans as Excel shows them."""
    match value:
        case str():
            seen = value
        case bool():
            seen = "TRUE" if value else "FALSE"
        case float():
            seen = number_as_seen(value)
        case datetime.datetime():
            seen = value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            seen = value.isoformat()
        case datetime.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            seen = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        case _:
            seen = str(value)
    return seen


def number_as_seen(value: float) -> str:
    """Digits in full while all of them are there; scientific notation marks a number that has lost some."""
    if value.is_integer() and abs(value) < EXACT_DIGITS * 10:
        return str(int(value))
    return repr(value).replace("e", "E")


def read_workbook(file: BinaryIO, dialect: Dialect) -> Iterator[pa.Table]:
    """Tables of the rows below the header, in row order."""
    assert dialect.sheet is not None
    builder = RowBuilder(dialect.width, drops_trailing_blanks=True)
    for number, cells in sheet_rows(file, dialect.format, dialect.sheet):
        if number > (dialect.header_row or 0) and any(cells):
            builder.add(number, cells)
        if len(builder) >= ROWS_PER_TABLE:
            yield without_blank_rows(builder.take())
    yield without_blank_rows(builder.take())
