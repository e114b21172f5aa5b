"""Workbooks (XLSX, XLSM, XLS, ODS) -> rows of text as a person sees them in the cells. Reading is python-calamine's."""

import datetime
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import python_calamine as calamine

from lead_store.errors import Unreadable
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.kinds import encrypted
from lead_store.intake.reading.rows import RowBuilder, without_blank_rows

ROWS_PER_TABLE = 20_000

EXACT_DIGITS = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its last ones, so it is not shown as if whole."""


def open_workbook(file: BinaryIO) -> calamine.CalamineWorkbook:
    """The workbook; raises Unreadable (file_encrypted, file_damaged)."""
    file.seek(0)
    try:
        return calamine.CalamineWorkbook.from_filelike(file)
    except calamine.PasswordError as error:
        raise encrypted() from error
    except (calamine.CalamineError, OSError) as error:
        raise damaged() from error


def damaged() -> Unreadable:
    """The error of a workbook that starts like one and cannot be opened."""
    return Unreadable(
        "This workbook is damaged and cannot be opened. Open it in a spreadsheet program, save it again as .xlsx, "
        "and upload that file.",
        code="file_damaged",
    )


def visible_sheets(workbook: calamine.CalamineWorkbook) -> tuple[str, ...]:
    """Names of the worksheets that people see, in their order; all of them where none is visible."""
    sheets = [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.typ in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet)
    ]
    seen = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
    return tuple(seen or [sheet.name for sheet in sheets])


def sheet_rows(workbook: calamine.CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of the sheet with its number in Excel, from the first that holds anything; blank rows are empty."""
    try:
        sheet = workbook.get_sheet_by_name(name)
    except calamine.WorksheetNotFound as error:
        raise Unreadable(f"The workbook has no sheet named {name}.", code="sheet_missing", sheet=name) from error
    except calamine.CalamineError as error:
        raise damaged() from error
    if sheet.start is None:
        return
    first_row = sheet.start[0] + 1
    # iter_rows starts at the top of the sheet, whatever the first row with anything in it.
    offset = 1 if sheet.total_height > sheet.height else first_row
    for number, row in enumerate(sheet.iter_rows(), start=offset):
        yield number, [as_seen(value) for value in row]


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
    workbook = open_workbook(file)
    assert dialect.sheet is not None
    builder = RowBuilder(dialect.width, drops_trailing_blanks=True)
    for number, cells in sheet_rows(workbook, dialect.sheet):
        if number > (dialect.header_row or 0):
            builder.add(number, cells)
        if len(builder) >= ROWS_PER_TABLE:
            yield without_blank_rows(builder.take())
    yield without_blank_rows(builder.take())
