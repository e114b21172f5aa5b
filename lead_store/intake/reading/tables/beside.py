"""Tables side by side: blocks of columns with the same headers, each with people of its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.dialect import CellRange
from lead_store.intake.reading.header import Row
from lead_store.intake.reading.header_groups import told_apart
from lead_store.intake.reading.tables.found import TableFound

_REACHES = (Kind.EMAIL, Kind.PHONE)


def side_by_side(header_row: int | None, head: Sequence[Row]) -> list[TableFound]:
    """The tables, in order; none where there is but one. `header_row`: of all of them."""
    names = next(([cell.strip() for cell in cells] for number, cells in head if number == header_row), [])
    rows = [cells for number, cells in head if number > (header_row or 0)]
    blocks = _parted_by_blank_columns(names, rows)
    if len(blocks) < 2:
        # Groups in the row above name people of one row, such as its father and mother.
        blocks = [] if told_apart(head, header_row) else _repeated(names)
    if not blocks or not _are_alike([names[start:end] for start, end in blocks]):
        return []
    parts = [[row[start:end] for row in rows] for start, end in blocks]
    if not all(map(holds_people, parts)):
        return []
    return [
        TableFound(
            CellRange(header_row or 1, None, start + 1, end),
            tuple(names[start:end]),
            0.0,
            sum(any(row) for row in part),
        )
        for (start, end), part in zip(blocks, parts, strict=True)
    ]


def _parted_by_blank_columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    is_blank = [
        not name and not any(row[place].strip() for row in rows if place < len(row)) for place, name in enumerate(names)
    ]
    edges = [-1, *(place for place, blank in enumerate(is_blank) if blank), len(names)]
    return [(before + 1, after) for before, after in pairwise(edges) if after - before > 2]


def _are_alike(blocks: Sequence[Sequence[str]]) -> bool:
    """Whether each block has at least two headers of the first, and half of its own are among them."""
    first, *others = [{name.casefold() for name in block if name} for block in blocks]
    return all(len(first & other) >= 2 and 2 * len(first & other) >= max(len(first), len(other)) for other in others)


def _repeated(names: Sequence[str]) -> list[tuple[int, int]]:
    """All columns as repetitions of the first few."""
    plain = [name.casefold() for name in names]
    for width in range(2, len(plain) // 2 + 1):
        if len(plain) % width == 0 and all(name == plain[place % width] for place, name in enumerate(plain)):
            return [(start, start + width) for start in range(0, len(plain), width)]
    return []


def holds_people(rows: Sequence[Sequence[str]]) -> bool:
    """Whether some column reaches people, and another has a text of its own for nearly each: no kind of phone."""
    filled = [row for row in rows if any(row)]
    columns: Iterator[list[str]] = (
        [cell for row in filled for cell in row[at : at + 1] if cell] for at in range(_widest(filled))
    )
    kinds = [([kind_of(cell) for cell in column], column) for column in columns if column]
    reaches = any(sum(kind in _REACHES for kind in of) * 2 > len(of) for of, _ in kinds)
    names = any(
        sum(kind is Kind.LABEL for kind in of) * 2 > len(of) and len(set(column)) * 2 > len(column) > 1
        for of, column in kinds
    )
    return reaches and names


def _widest(rows: Sequence[Sequence[str]]) -> int:
    return max(map(len, rows), default=0)
