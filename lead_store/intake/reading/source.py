"""A file from a stranger -> the spreadsheet in it, unpacked and checked, and its rows by a dialect."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from lead_store.intake.problems import Code
from lead_store.intake.reading.archives import (
    LARGEST_FILE_BYTES,
    kind_inside,
    open_member,
    require_honest_workbook,
)
from lead_store.intake.reading.cards import Cards
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.kinds import kind_of_file
from lead_store.intake.reading.labelled import LabelledLines
from lead_store.intake.reading.lines_in_cells import cut
from lead_store.intake.reading.markup.tables import KINDS as MARKUP
from lead_store.intake.reading.markup.tables import MarkedUpTables
from lead_store.intake.reading.rows import RowBuilder, within, without_blank_rows
from lead_store.intake.reading.sheets_as_one import as_one
from lead_store.intake.reading.texts.delimited import read_delimited
from lead_store.intake.reading.texts.records import Record
from lead_store.intake.reading.texts.text import LOST, blocks_of
from lead_store.intake.reading.web_archives import open_pages
from lead_store.intake.reading.workbooks.rehearsing import rehearse
from lead_store.intake.reading.workbooks.workbook import Workbook

ROWS_PER_TABLE = 20_000

Sheets = Workbook | MarkedUpTables | Cards | LabelledLines
"""Whatever has rows in sheets: a workbook, markup under its name, cards or labelled lines."""


@dataclass(frozen=True)
class Source:
    """The spreadsheet itself, its kind (a format of `Dialect`), and its name where it came in an archive."""

    file: BinaryIO
    kind: str
    member: str | None


@contextmanager
def open_source(file: BinaryIO, member: str | None = None, largest_bytes: int = LARGEST_FILE_BYTES) -> Iterator[Source]:
    """The spreadsheet in the file. Raises Unreadable for every kind of file that holds none."""
    kind = kind_of_file(file)
    with ExitStack() as unpacked:
        name = None
        if kind in ("zip", "gzip"):
            file, name = unpacked.enter_context(open_member(file, kind, member, largest_bytes))
            kind = kind_inside(file)
        if kind == "mhtml":
            file, kind = unpacked.enter_context(open_pages(file)), "html"
        if kind in ("xlsx", "ods"):
            require_honest_workbook(file)
        if kind in ("xlsx", "xls", "ods"):
            rehearse(file, kind)
        yield Source(file, kind, name)


def tables_of(file: BinaryIO, dialect: Dialect) -> Iterator[pa.Table]:
    """The rows below the header, in row order, in tables of any size."""
    if dialect.cell_range is not None:
        return within(_all_tables_of(file, _of_all_columns(dialect)), dialect.cell_range)
    return _all_tables_of(file, dialect)


def _of_all_columns(dialect: Dialect) -> Dialect:
    """A row that ends before a table farther right is as good as any other."""
    is_beside = dialect.columns_read < dialect.width
    return dialect.changed(drops_trailing_blanks=dialect.drops_trailing_blanks or is_beside)


def _all_tables_of(file: BinaryIO, dialect: Dialect) -> Iterator[pa.Table]:
    if dialect.format == "csv":
        return read_delimited(blocks_of(file, dialect), dialect)
    return _read_sheets(file, dialect)


def open_workbook(file: BinaryIO, kind: str, encoding: str | None = None) -> Sheets:
    """By its kind. `encoding`: of texts."""
    if kind == "vcf":
        return Cards(file, encoding)
    if kind == "txt":
        return LabelledLines(file, encoding)
    return MarkedUpTables(file, kind, encoding) if kind in MARKUP else Workbook(file, kind)


def _read_sheets(file: BinaryIO, dialect: Dialect) -> Iterator[pa.Table]:
    workbook = open_workbook(file, dialect.format, dialect.encoding)
    if not dialect.sheets_as_one:
        assert dialect.sheet is not None
        return _read_sheet(workbook, dialect, dialect.sheet)
    own = [(name, dialect.changed(header_row=row, width=dialect.width - 1)) for name, row in dialect.sheets_as_one]
    return as_one([(name, _read_sheet(workbook, each, name)) for name, each in own], dialect.width)


def _read_sheet(workbook: Sheets, dialect: Dialect, name: str) -> Iterator[pa.Table]:
    holds_lines = dialect.delimiter is not None
    builder = RowBuilder(dialect.width, drops_trailing_blanks=not holds_lines or dialect.drops_trailing_blanks)
    for number, cells in workbook.rows(name):
        if number > (dialect.header_row or 0) and any(cells):
            is_lost = dialect.encoding is not None and any(LOST in cell for cell in cells)
            line = cut(cells, dialect) if holds_lines else Record(cells)
            builder.add(number, line.cells, Code.ROW_UNDECODABLE if is_lost else line.problem)
        if len(builder) >= ROWS_PER_TABLE:
            yield without_blank_rows(builder.take())
    yield without_blank_rows(builder.take())
