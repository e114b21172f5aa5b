"""A clean stretch whose rows differ in width -> tables, each width read column-wise, a width at a time.

What counts as clean is known to delimited.py; rows that need a closer look are left to it, as text.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lead_store.intake.problems import Code
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.rows import schema

# Below this, reading rows one by one costs less than a reader of their own.
FEWEST_ROWS_OF_A_WIDTH = 100

_LINE_FEED, _RETURN = 10, 13

ColumnReader = Callable[[bytes, int], pa.Table]
"""Reads whole records of as many cells each: (bytes, cells) -> columns c0, c1, ..."""


@dataclass(frozen=True)
class OddRow:
    """A row that is read by itself: its place in the stretch, counted from 0, and its text without line end."""

    place: int
    text: str


@dataclass(frozen=True)
class _Records:
    """Where each record of a stretch begins and ends (without and with its line end), and how many cells it has."""

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    ends: NDArray[np.int64]
    widths: NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """A stretch of `count` records: those of frequent widths as (places in the stretch, a table with the columns of
    `rows.schema` but for the row number), the others as text. Blank lines are counted, and in neither.
    """

    count: int
    tables: list[tuple[NDArray[np.int64], pa.Table]]
    odd: list[OddRow]


def read_ragged(clean: bytes, dialect: Dialect, read: ColumnReader) -> Ragged:
    """The records of a clean stretch, each width read by `read`."""
    marks = np.frombuffer(clean, np.uint8)
    quotes = np.flatnonzero(marks == ord(dialect.quote)) if dialect.quote else np.empty(0, np.int64)
    records = _find_records(marks, quotes, ord(str(dialect.delimiter)))
    is_filled = records.stops > records.starts
    is_odd = _may_be_joined(records, quotes, dialect.width)
    tables = []
    for width in np.unique(records.widths[is_filled]):
        places = np.flatnonzero((records.widths == width) & is_filled & ~is_odd)
        if len(places) < FEWEST_ROWS_OF_A_WIDTH:
            is_odd[places] = True
        else:
            tables.append((places, _fitted(read(_bytes_of(marks, records, places), int(width)), dialect)))
    odd = [OddRow(int(at), clean[records.starts[at] : records.stops[at]].decode()) for at in np.flatnonzero(is_odd)]
    return Ragged(len(records.starts), tables, odd)


def _find_records(marks: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int) -> _Records:
    is_feed, is_return = marks == _LINE_FEED, marks == _RETURN
    # A \r before \n is no line end of its own.
    is_return[:-1] &= ~is_feed[1:]
    last = _outside(np.flatnonzero(is_feed | is_return), quotes)
    ends = last + 1
    has_two = (marks[last] == _LINE_FEED) & (last > 0) & (marks[last - 1] == _RETURN)
    stops = last - has_two
    if not len(ends) or ends[-1] < len(marks):
        ends, stops = np.append(ends, len(marks)), np.append(stops, len(marks))
    starts = np.concatenate([[0], ends[:-1]])
    delimiters = _outside(np.flatnonzero(marks == delimiter), quotes)
    widths = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
    return _Records(starts, stops, ends, widths)


def _outside(positions: NDArray[np.int64], quotes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions that are not within quotes."""
    return positions[np.searchsorted(quotes, positions) % 2 == 0] if len(quotes) else positions


def _may_be_joined(records: _Records, quotes: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Short records with a doubled quote, which can be a quote that should have been doubled at a cell's end."""
    found = np.zeros(len(records.starts), bool)
    doubled = quotes[:-1][np.diff(quotes) == 1]
    found[np.searchsorted(records.ends, doubled, side="right")] = True
    return found & (records.widths < width)


def _bytes_of(marks: NDArray[np.uint8], records: _Records, places: NDArray[np.int64]) -> bytes:
    """The records at `places` one after the other."""
    is_wanted = np.zeros(len(records.starts), bool)
    is_wanted[places] = True
    return marks[np.repeat(is_wanted, records.ends - records.starts)].tobytes()


def _fitted(table: pa.Table, dialect: Dialect) -> pa.Table:
    """The cells placed from the left, as `RowBuilder.add` places those of one row."""
    width, nothing = dialect.width, pa.nulls(table.num_rows, pa.string())
    cells, surplus = table.columns[:width], table.columns[width:]
    problem, extra = nothing, nothing
    if surplus:
        is_blank = _all_blank(surplus)
        joined = pc.binary_join_element_wise(*(pc.fill_null(column, "") for column in surplus), dialect.delimiter)
        extra = pc.if_else(is_blank, None, joined)
        problem = pc.if_else(is_blank, None, Code.ROW_TOO_LONG.value)
    elif len(cells) < width and not dialect.drops_trailing_blanks:
        problem = pc.if_else(_all_blank(cells), None, Code.ROW_TOO_SHORT.value)
    missing = [nothing] * (width - len(cells))
    fields = list(schema(width))[1:]
    return pa.table([problem, extra, *cells, *missing], schema=pa.schema(fields))


def _all_blank(columns: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    blank = pc.is_null(columns[0])
    for column in columns[1:]:
        blank = pc.and_(blank, pc.is_null(column))
    return blank
