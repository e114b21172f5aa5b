"""Sheets with the same columns, such as one for each class or month: offered to be read as one.

Then the rows of each sheet begin at a full thousand, so that a row's number there is seen in it, and a column
more tells the sheet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.reading.dialect import SheetHead
from lead_store.intake.reading.header import Row
from lead_store.intake.reading.rows import schema

_FULL = 1_000
_SHOWN = 3


def sheets_alike(heads: Mapping[str, Sequence[Row]], header: Sequence[str]) -> tuple[SheetHead, ...]:
    """Of the sheets, with their first rows, those that have this header and rows below; none where it is one."""
    wanted = _as_compared(header)
    found = []
    for name, rows in heads.items():
        header_row = next((number for number, cells in rows if _as_compared(cells) == wanted), None)
        if header_row is not None and rows[-1][0] > header_row:
            found.append(SheetHead(name, header_row))
    return tuple(found) if wanted and len(found) > 1 else ()


def as_one(sheets: Iterable[tuple[str, Iterable[pa.Table]]], width: int) -> Iterator[pa.Table]:
    """The rows of several sheets one after the other, the name of each in a column at the end; `width` counts it in."""
    last = 0
    for name, tables in sheets:
        above = -(-last // _FULL) * _FULL
        for table in tables:
            if not table.num_rows:
                continue
            numbers = pc.add(table["row_number"], pa.scalar(above, pa.int32()))
            last = numbers[-1].as_py()
            names = pa.repeat(name, table.num_rows)
            yield pa.table([numbers, *table.columns[1:], names], schema=schema(width))


def read_as_one(count: int, what: str) -> str:
    """That several are read, and how their rows are numbered; `what`: sheet or table."""
    return (
        f"{count} {what}s have these columns and are read one after the other; “{what.capitalize()}” tells where a row"
        f" stands. Each begins at a full thousand: row {_FULL + 5:,} is row 5 of the second."
    )


def left_out(sheets: Sequence[SheetHead], read: str | None, what: str) -> str:
    """Which of them are not read, in a sentence."""
    others = [f"“{sheet.name}”" for sheet in sheets if sheet.name != read]
    names = others if len(others) <= _SHOWN else [*others[: _SHOWN - 1], f"{len(others) - _SHOWN + 1} more"]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    these, have, are = (what, "has", "is") if len(others) == 1 else (f"{what}s", "have", "are")
    return (
        f"The {these} {listed} {have} the same columns, and {are} not read. To read all of them, choose “All with these"
        f" columns” under “{what.capitalize()}” in the step “Upload”."
    )


def _as_compared(cells: Sequence[str]) -> list[str]:
    told = [" ".join(cell.split()).casefold() for cell in cells]
    while told and not told[-1]:
        told.pop()
    return told
