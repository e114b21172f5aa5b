"""Several tables in one sheet or text: where each lies, and which of them looks most like a list of contacts.

One below another, each has a header of its own; side by side, as lists are laid out to be printed, they share theirs.
A row that says the same as the header above it goes on with that table.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from lead_store.intake.reading.dialect import CellRange
from lead_store.intake.reading.header import Row
from lead_store.intake.reading.tables.below import first_rows, one_below_another
from lead_store.intake.reading.tables.beside import side_by_side
from lead_store.intake.reading.tables.found import TableFound
from lead_store.intake.reading.tables.openings import Openings, is_heading

__all__ = ["TableFound", "best_of", "find_tables", "first_rows", "left_out"]

_MOST_TABLES = 50
_MUCH_LIKELIER = 0.5


def find_tables(
    header_row: int | None, head: Sequence[Row], openings: Openings, tables: Iterable[pa.Table]
) -> list[TableFound]:
    """The tables that are there, in order; none where there is but one.

    Args:
        header_row: of the first.
        head: the first rows.
        tables: all rows, headers included, as wide as the widest of the tables.
    """
    beside = side_by_side(header_row, head)
    if beside:
        return beside
    above = [number for number, cells in head if number < (header_row or 0) and is_heading(cells)]
    first = header_row or head[0][0]
    starts = [*above, first, *openings.found]
    if not 1 < len(starts) <= _MOST_TABLES:
        return []
    return one_below_another(starts, first, openings.last_row, tables)


def best_of(tables: Sequence[TableFound], header_row: int | None = None) -> CellRange:
    """Of the tables that look most like a list of contacts the longest, or else the first; where one is known to begin
    at a row, that."""
    known = [table for table in tables if table.cell_range.first_row == header_row] or tables
    likeliest = max(table.likeness for table in known) - _MUCH_LIKELIER
    return max((table for table in known if table.likeness > likeliest), key=lambda table: table.rows).cell_range


def left_out(tables: Sequence[TableFound], read: CellRange | None) -> str | None:
    """What of the file is not read, in a sentence; None where all is."""
    place = next((table.place for table in tables if table.cell_range == read), None)
    if place is None:
        return None
    where = "side by side" if tables[0].cell_range.last_column is not None else "one below another"
    others = "other" if len(tables) == 2 else "others"
    return (
        f"There are {len(tables)} tables, {where}. Only {place} are read. For the {others}, upload the file again, and"
        " choose under “Table”."
    )
