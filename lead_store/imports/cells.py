"""The cells of rows as they stand in the file: kept with rows that have problems or are rejected, read for others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from lead_store.imports.receiving import get_dialect
from lead_store.intake import columns
from lead_store.intake.reading import read_batches
from lead_store.storage import correcting, import_queries, review_queries
from lead_store.storage.files import get_files
from lead_store.storage.import_queries import Import


def with_cells(
    run: Import, rows: Iterable[dict[str, Any]], missing: Sequence[int] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows with `cells`: one for each of the file's columns, as corrected, or else as the file has them.

    Args:
        rows: in the file's order, which is gone through once at most.
        missing: the numbers of all that were staged without their cells, where the rows are too many to be held.
    """
    if missing is None:
        rows = list(rows)
        missing = [row["row_number"] for row in rows if row["raw"] is None]
    width = len((run.inspection or {}).get("columns", []))
    reading = _read_cells(run, missing)
    number, found = -1, []
    for row in rows:
        while row["raw"] is None and number < row["row_number"]:
            number, found = next(reading, (row["row_number"], []))
        own = (found if row["raw"] is None else row["raw"])[:width]
        yield {**row, "cells": [*own, *[None] * (width - len(own))]}


def keep_cells(tx: Connection, import_id: UUID) -> None:
    """Keep the cells of all rejected rows with them, so that no page of these has to go through the file.

    Only while the import is in review; safe to repeat.
    """
    run = import_queries.get_import(tx, import_id)
    if run.status != "in_review":
        return
    missing = review_queries.search_rejected_without_cells(tx, run)
    if not missing:
        return
    correcting.copy_cells(tx, (_as_literals(batch) for batch in _read(run, missing)))
    # Decisions change the same rows: one after the other, or each might wait for the other.
    now = import_queries.get_import(tx, import_id, lock=True)
    if (now.status, now.reviewed_at) == ("in_review", run.reviewed_at):  # Read in another way, rows have other numbers.
        correcting.write_copied_cells(tx, import_id)


def _read_cells(run: Import, row_numbers: Sequence[int]) -> Iterator[tuple[int, list[str | None]]]:
    """The numbers of some rows of the file, each with its cells."""
    for batch in _read(run, row_numbers) if row_numbers else ():
        for number, *cells in zip(*batch.to_pydict().values(), strict=True):
            yield number, cells


def _read(run: Import, row_numbers: Iterable[int]) -> Iterator[pa.RecordBatch]:
    """`row_number`, `c0`, `c1`, ... of some rows of the file; none where it was removed when a person was erased."""
    wanted = np.sort(np.fromiter(row_numbers, np.int32))
    if get_files().find_size(run.object_key) is None:
        return
    with get_files().open(run.object_key) as file:
        for batch in read_batches(file, get_dialect(run)):
            some = batch.filter(pc.is_in(batch.column("row_number"), value_set=pa.array(wanted)))
            if some.num_rows:
                yield some.select(["row_number", *some.schema.names[3:]])
            if batch.num_rows and batch.column("row_number")[-1].as_py() >= wanted[-1]:
                return


def _as_literals(batch: pa.RecordBatch) -> pa.RecordBatch:
    cells = columns.array_literal(batch.columns[1:])
    return pa.RecordBatch.from_arrays([batch.column("row_number"), cells], names=["row_number", "raw"])
