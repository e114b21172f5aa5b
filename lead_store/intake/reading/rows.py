"""Record batches: what reading gives to everyone else, and how the cells of a record are placed in its columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.problems import Code
from lead_store.intake.reading.dialect import CellRange


def schema(width: int) -> pa.Schema:
    """`row_number`, `problem`, `extra`, then `c0` to `c(width-1)`: text, null for a blank cell."""
    head = [("row_number", pa.int32()), ("problem", pa.string()), ("extra", pa.string())]
    return pa.schema(head + [(f"c{index}", pa.string()) for index in range(width)])


@dataclass
class RowBuilder:
    """Rows gathered one by one, for the few that do not go through a column-wise reader."""

    width: int
    drops_trailing_blanks: bool = False
    extra_joint: str = ","
    _numbers: list[int] = field(default_factory=list)
    _problems: list[str | None] = field(default_factory=list)
    _extras: list[str | None] = field(default_factory=list)
    _rows: list[Sequence[str | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row_number: int, cells: list[str], problem: Code | None = None) -> None:
        """Places the cells from the left. Surplus blank cells at the end say nothing and are let go; surplus text is
        kept in `extra`. Missing cells are a problem unless the writer is known to leave blank ones out."""
        surplus = cells[self.width :]
        extra = None
        if any(surplus):
            problem = problem or Code.ROW_TOO_LONG
            extra = self.extra_joint.join(surplus)
        elif len(cells) < self.width and problem is None and not self.drops_trailing_blanks and any(cells):
            problem = Code.ROW_TOO_SHORT
        self._numbers.append(row_number)
        self._problems.append(problem)
        self._extras.append(extra)
        self._rows.append([cell or None for cell in cells[: self.width]])

    def take(self) -> pa.Table:
        """The rows so far as one table; the builder starts anew."""
        columns = list(zip_longest(*self._rows)) if self._rows else []
        blank = [None] * len(self._rows)
        arrays = [
            pa.array(self._numbers, pa.int32()),
            pa.array(self._problems, pa.string()),
            pa.array(self._extras, pa.string()),
            *(pa.array(columns[index] if index < len(columns) else blank, pa.string()) for index in range(self.width)),
        ]
        self._numbers, self._problems, self._extras, self._rows = [], [], [], []
        return pa.table(arrays, schema=schema(self.width))


def without_blank_rows(table: pa.Table) -> pa.Table:
    """The table without the rows that hold nothing at all: people do not see those as rows."""
    blank: np.ndarray | None = None
    for name in table.column_names[1:]:
        nulls = table[name].is_null().combine_chunks().to_numpy(zero_copy_only=False)
        blank = nulls if blank is None else blank & nulls
        if name.startswith("c") and not blank.any():
            return table
    return table if blank is None else table.filter(pa.array(~blank))


def within(tables: Iterable[pa.Table], cells: CellRange) -> Iterator[pa.Table]:
    """The rows and columns of a range, the rows that are blank there left out."""
    for table in tables:
        numbers = table["row_number"]
        is_within = pc.greater_equal(numbers, cells.first_row)
        if cells.last_row is not None:
            is_within = pc.and_(is_within, pc.less_equal(numbers, cells.last_row))
        rows = table.filter(is_within)
        if cells.last_column is not None:
            own = [f"c{place}" for place in range(cells.first_column - 1, cells.last_column)]
            columns = [rows[name] for name in ("row_number", "problem", "extra", *own)]
            rows = without_blank_rows(pa.table(columns, schema=schema(len(own))))
        if rows.num_rows:
            yield rows
        if table.num_rows and cells.last_row is not None and numbers[-1].as_py() >= cells.last_row:
            return


def in_batches(tables: Iterable[pa.Table], width: int, rows_per_batch: int) -> Iterator[pa.RecordBatch]:
    """Tables of any size as record batches of `rows_per_batch` rows, the last one shorter."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        while count >= rows_per_batch:
            joined = pa.concat_tables(waiting)
            yield _one_batch(joined.slice(0, rows_per_batch))
            waiting = [joined.slice(rows_per_batch)]
            count -= rows_per_batch
    if count:
        yield _one_batch(pa.concat_tables(waiting))


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    return table.combine_chunks().to_batches()[0]


def sorted_by_row(tables: list[pa.Table]) -> pa.Table:
    """Tables whose rows interleave, as one table in row order."""
    joined = pa.concat_tables(tables)
    return joined.take(pc.sort_indices(joined["row_number"]))
