"""A file from a stranger -> the spreadsheet in it, unpacked and checked, and its rows by a dialect."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from lead_store.intake.reading.archives import (
    LARGEST_FILE_BYTES,
    kind_inside,
    open_member,
    require_honest_workbook,
)
from lead_store.intake.reading.delimited import read_delimited
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.kinds import kind_of_file
from lead_store.intake.reading.rehearsing import rehearse
from lead_store.intake.reading.text import TextBlocks
from lead_store.intake.reading.workbooks import read_workbook


@dataclass(frozen=True)
class Source:
    """The spreadsheet itself: `csv`, `xlsx`, `xls` or `ods`, and its name where it came in an archive."""

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
        if kind in ("xlsx", "ods"):
            require_honest_workbook(file)
        if kind != "csv":
            rehearse(file, kind)
        yield Source(file, kind, name)


def tables_of(file: BinaryIO, dialect: Dialect) -> Iterator[pa.Table]:
    """The rows below the header, in row order, in tables of any size."""
    if dialect.format == "csv":
        blocks = TextBlocks(file, dialect.encoding or "utf-8", unwraps_lines=dialect.unwraps_lines)
        return read_delimited(blocks, dialect)
    return read_workbook(file, dialect)
