"""Tables one below another: which rows begin one, and where each ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa

from lead_store.intake.reading.dialect import CellRange
from lead_store.intake.reading.header import ROWS_LOOKED_AT, HeaderFound, Row, find_header
from lead_store.intake.reading.heads import contact_likeness, without_margin
from lead_store.intake.reading.tables.beside import holds_people
from lead_store.intake.reading.tables.found import TableFound
from lead_store.intake.reading.tables.openings import LEAST_VOCABULARY, TITLE_ROWS, is_same


def first_rows(tables: Iterable[pa.Table]) -> list[Row]:
    """As many rows as are looked at."""
    rows: list[Row] = []
    for table in tables:
        rows += _rows_of(table.slice(0, ROWS_LOOKED_AT - len(rows)))
        if len(rows) >= ROWS_LOOKED_AT:
            break
    return rows


def one_below_another(starts: Sequence[int], known: int, last: int, tables: Iterable[pa.Table]) -> list[TableFound]:
    """The tables that begin at some of the rows, of which one is known as a header; the last row of all is `last`."""
    heads = {start: head for start, head in _heads(tables, starts).items() if head.rows}
    headers = {start: find_header(head.rows) for start, head in heads.items()}
    numbers: list[int] = []
    for start, head in heads.items():
        goes_on = bool(numbers) and is_same(head.rows[0][1], heads[numbers[-1]].rows[0][1])
        if start == known or (not goes_on and _is_table(start, headers[start], head.rows, is_above=start < known)):
            numbers.append(start)
    if len(numbers) < 2:
        return []
    ends = [*(heads[number].above for number in numbers[1:]), last]
    return [
        TableFound(
            CellRange(number, end),
            _headers_of(heads[number].rows, number),
            contact_likeness(heads[number].rows, headers[number]),
            len(heads[number].rows),
        )
        for number, end in zip(numbers, ends, strict=True)
    ]


def _is_table(number: int, header: HeaderFound, rows: Sequence[Row], *, is_above: bool) -> bool:
    """Above the header that is known mostly stands a letterhead: only what holds people is a table there."""
    is_header = header.row_number == number and header.vocabulary >= LEAST_VOCABULARY and header.has_contrast
    below = [cells for _, cells in rows[1:]]
    return is_header and bool(below) and (not is_above or holds_people(below))


def _headers_of(rows: Sequence[Row], number: int) -> tuple[str, ...]:
    cells = next((cells for at, cells in rows if at == number), ())
    return tuple(cell for cell in cells if cell)


@dataclass
class _TableHead:
    rows: list[Row] = field(default_factory=list)
    above: int = 0
    """The number of the last row above that belongs to the table there."""


def _heads(tables: Iterable[pa.Table], starts: Sequence[int]) -> dict[int, _TableHead]:
    """The first rows from each start, up to the next."""
    heads = {start: _TableHead() for start in starts}
    ends = dict(pairwise([*starts, np.iinfo(np.int32).max]))
    tail: list[Row] = []
    for table in tables:
        numbers = table["row_number"].combine_chunks().to_numpy(zero_copy_only=False)
        for start, head in heads.items():
            at, end = np.searchsorted(numbers, [start, ends[start]])
            missing = ROWS_LOOKED_AT - len(head.rows)
            if not head.rows and at < end:
                nearest = _rows_of(table.slice(max(0, at - TITLE_ROWS), min(at, TITLE_ROWS)))
                head.above = _last_of_table([*tail, *nearest], start)
            head.rows += _rows_of(table.slice(at, min(end - at, missing)))
        tail = [*tail, *_rows_of(table.slice(max(0, len(numbers) - TITLE_ROWS)))][-TITLE_ROWS:]
    return heads


def _last_of_table(rows: Sequence[Row], start: int) -> int:
    """The last of the rows above a start that is no title of what begins there: those right above with one cell are."""
    last = start - 1
    for number, cells in reversed(rows):
        if number < last or sum(map(bool, cells)) > 1:
            return number
        last = number - 1
    return last


def _rows_of(table: pa.Table) -> list[Row]:
    rows = zip(table["row_number"].to_pylist(), table.drop_columns(table.column_names[:3]).to_pylist(), strict=True)
    return [(number, without_margin([cell or "" for cell in cells.values()])) for number, cells in rows]
