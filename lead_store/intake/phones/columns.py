"""A whole column of phones: what the plans decide at once, the rest one distinct value at a time."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from lead_store.intake.phones.odd_cells import read_odd_cells
from lead_store.intake.phones.settled import COLUMNS, Settled, settle

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
    `repair` (a code of REPAIRS), `pattern` (of an ambiguous number) and `others` (what else the cell of a number holds:
    further numbers, an e-mail, words, an extension); a blank cell is null in all.
    """
    cells = _one_piece(raw)
    regions = _one_piece(region) if isinstance(region, pa.Array | pa.ChunkedArray) else region
    pieces = []
    for start in range(0, len(cells), ROWS_AT_A_TIME):
        here = regions.slice(start, ROWS_AT_A_TIME) if isinstance(regions, pa.Array) else regions
        pieces.append(settle(cells.slice(start, ROWS_AT_A_TIME), here, choices or {}))
    settled = Settled.joined(pieces)
    # The odd cells of all pieces together: a few of each region cost about as much as many.
    rows = np.flatnonzero(settled.is_open)
    if len(rows):
        texts = cells.take(pa.array(rows)).to_pylist()
        settled.answer(rows, read_odd_cells(texts, _given(regions, rows), choices or {}))
    return pa.RecordBatch.from_arrays(settled.to_arrays(), schema=SCHEMA)


def _one_piece(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _given(regions: str | pa.Array | None, rows: np.ndarray) -> list[str | None]:
    if isinstance(regions, pa.Array):
        return regions.take(pa.array(rows)).to_pylist()
    return [regions] * len(rows)
