"""A whole column of phones: what the plans decide at once, the rest one distinct value at a time."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.phones.digits import Booleans
from lead_store.intake.phones.odd_cells import read_odd_cells
from lead_store.intake.phones.settled import COLUMNS, settle

SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])

# Measured: smaller slices cost a mix of many regions up to twice the time, larger ones gain little and take memory
# (some 60 MB of working arrays for this many rows).
ROWS_AT_A_TIME = 131_072


def read_phones(
    raw: pa.Array, region: str | pa.Array | None, choices: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """Read each cell of `raw`; one row per cell, in order.

    `region` is one ISO code for all cells or one per cell; unknown and null mean that only international
    numbers can be read. `choices` holds the user's decisions, pattern -> choice (see `describe_pattern`).
    Columns: `e164`, `variant` (the other number of the same WhatsApp person), `problem` (a code of `problems`),
    `repair` (a code of REPAIRS), `pattern` (of an ambiguous number) and `others` (what else a cell with several
    numbers holds); a blank cell is null in all.
    """
    cells = _one_piece(raw)
    regions = _one_piece(region) if isinstance(region, pa.Array | pa.ChunkedArray) else region
    slices, open_rows = [], []
    for start in range(0, len(cells), ROWS_AT_A_TIME):
        here = regions.slice(start, ROWS_AT_A_TIME) if isinstance(regions, pa.Array) else regions
        settled = settle(cells.slice(start, ROWS_AT_A_TIME), here, choices or {})
        slices.append(settled.to_arrays())
        open_rows.append(settled.is_open)
    columns = [_joined([arrays[index] for arrays in slices]) for index in range(len(COLUMNS))]
    # The odd cells of all slices together: a few of each region cost about as much as many.
    is_open = np.concatenate(open_rows) if open_rows else np.zeros(0, bool)
    if is_open.any():
        columns = _with_odd_cells(columns, is_open, cells, regions, choices or {})
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _one_piece(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _joined(pieces: list[pa.Array]) -> pa.Array:
    if len(pieces) == 1:
        return pieces[0]
    return pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())


def _with_odd_cells(
    columns: list[pa.Array],
    is_open: Booleans,
    cells: pa.Array,
    regions: str | pa.Array | None,
    choices: Mapping[str, str],
) -> list[pa.Array]:
    rows = np.flatnonzero(is_open)
    answers = read_odd_cells(cells.take(pa.array(rows)).to_pylist(), _given(regions, rows), choices)
    mask = pa.array(is_open)
    return [
        pc.replace_with_mask(column, mask, pa.array([answer[index] for answer in answers], pa.string()))
        for index, column in enumerate(columns)
    ]


def _given(regions: str | pa.Array | None, rows: np.ndarray) -> list[str | None]:
    if isinstance(regions, pa.Array):
        return regions.take(pa.array(rows)).to_pylist()
    return [regions] * len(rows)
