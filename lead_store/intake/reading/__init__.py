"""Bytes -> record batches: what people upload, read as they see it, with the evidence for every judgement.

    kind of file (content, never name) > encoding > delimiter and quotes > header row > record batches

`inspect` looks at the whole file and says how it would be read; any of its judgements can be fixed by the user, and
the rest is judged again around it. `read_batches` reads by a dialect and judges nothing. What a column means is
left to `mapping`, what a value means to `normalising`.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from lead_store.intake.reading.dialect import CellRange, Column, Dialect, Inspection, PreviewRow
from lead_store.intake.reading.inspection import inspect
from lead_store.intake.reading.rows import in_batches
from lead_store.intake.reading.source import open_source, tables_of

__all__ = ["CellRange", "Column", "Dialect", "Inspection", "PreviewRow", "inspect", "read_batches"]


def read_batches(file: BinaryIO, dialect: Dialect, rows_per_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
    """The rows below the header as batches of `row_number`, `problem`, `extra`, `c0`, `c1`, ... in row order.

    Blank cells are null and blank rows are left out. Memory is flat in the size of a text file. Raises Unreadable.
    """
    with open_source(file, dialect.member) as source:
        yield from in_batches(tables_of(source.file, dialect), dialect.columns_read, rows_per_batch)
