"""Workbooks (XLSX, XLSM, XLS, ODS) -> rows of text as a person sees them in the cells. Reading is python-calamine's."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeVar
from xml.etree import ElementTree

import python_calamine as calamine

from lead_store.errors import Unreadable
from lead_store.intake.reading.refusals import damaged, encrypted
from lead_store.intake.reading.workbooks.large_sheets import sheet_in_cuts
from lead_store.intake.reading.workbooks.rewriting import written_anew
from lead_store.intake.reading.workbooks.values import as_seen

T = TypeVar("T")
_FAR_DOWN = 1_000
# The records BOF, of 8 or 16 bytes, WriteProtect in some, and FilePass ([MS-XLS] 2.1.7.20.3).
_BEGINS_ENCRYPTED = re.compile(rb"\x09\x08(?:\x08\x00.{8}|\x10\x00.{16})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_HEAD_BYTES = 1024 * 1024


class Workbook:
    """An open workbook: the names of its sheets, and their rows."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        self._file, self._kind = file, kind
        self._book: calamine.CalamineWorkbook | None = None
        self._is_anew = False

    def visible_sheets(self) -> tuple[str, ...]:
        """Names of the worksheets that people see, in their order; all of them where none is visible."""
        sheets = [
            sheet
            for sheet in self._read(lambda book: book.sheets_metadata)
            if sheet.typ in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet)
        ]
        seen = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
        return tuple(seen or [sheet.name for sheet in sheets])

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Every row of the sheet, blank ones included, with its number in Excel.

        Raises:
            Unreadable: file_encrypted, file_damaged, sheet_missing.
        """
        with _refusing():
            cuts = sheet_in_cuts(self._file, name) if self._kind == "xlsx" else None
            for sheet in cuts or [self._read(lambda book: book.get_sheet_by_name(name))]:
                yield from _rows_of(sheet)

    def _read(self, read: Callable[[calamine.CalamineWorkbook], T]) -> T:
        """What is read of the workbook, or of the same written anew where that is refused."""
        try:
            with _refusing():
                if self._book is None:
                    self._file.seek(0)
                    self._book = calamine.CalamineWorkbook.from_filelike(self._file)
                return read(self._book)
        except Unreadable as refused:
            if refused.code == "file_damaged" and self._kind == "xls" and _has_password(self._file):
                raise encrypted() from refused
            anew = None
            if refused.code == "file_damaged" and not self._is_anew:
                anew = written_anew(self._file, self._kind)
            if anew is None:
                raise
        self._file, self._book, self._is_anew = anew, None, True
        return self._read(read)


def _has_password(file: BinaryIO) -> bool:
    """Whether an XLS is encrypted in the way of Excel 95, which calamine reads as nonsense."""
    file.seek(0)
    return bool(_BEGINS_ENCRYPTED.search(file.read(_HEAD_BYTES)))


@contextmanager
def _refusing() -> Iterator[None]:
    """What calamine and its surroundings raise, as Unreadable."""
    try:
        yield
    except calamine.WorksheetNotFound as error:
        raise Unreadable(f"The workbook has no sheet named {error}.", code="sheet_missing", sheet=str(error)) from error
    except calamine.PasswordError as error:
        raise encrypted() from error
    except (calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, EOFError, OSError) as error:
        raise damaged() from error
    except BaseException as error:
        # A panic of its Rust is no Exception, and its class is not to be had.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


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
