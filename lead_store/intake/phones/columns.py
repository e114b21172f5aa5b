"""A whole column of phones at once."""

from collections.abc import Mapping

import pyarrow as pa

from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.regions import REGIONS
from lead_store.intake.phones.variants import variant_of

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("e164", "variant", "problem", "repair", "pattern", "others")]
)


def read_phones(
    raw: pa.Array, region: str | pa.Array | None, choices: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """Read each cell of `raw`; one row per cell, in order.

    `region` is one ISO code for all cells or one per cell; unknown and null mean that only international
    numbers can be read. `choices` holds the user's decisions, pattern -> choice (see `describe_pattern`).
    Columns: `e164`, `variant` (the other number of the same WhatsApp person), `problem` (a code of
    `problems`), `repair` (a code of REPAIRS), `pattern` (of an ambiguous number) and `others` (what else a
    cell with several numbers holds); a blank cell is null in all.
    """
    texts = raw.to_pylist()
    regions = region.to_pylist() if isinstance(region, pa.Array | pa.ChunkedArray) else [region] * len(texts)
    known: dict[tuple[str | None, str | None], tuple[str | None, ...]] = {}
    rows = []
    for key in zip(texts, regions, strict=True):
        if key not in known:
            known[key] = _read(*key, choices or {})
        rows.append(known[key])
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=SCHEMA)


def _read(text: str | None, region: str | None, choices: Mapping[str, str]) -> tuple[str | None, ...]:
    reading = read_cell(text, region if region in REGIONS else None, choices)
    variant = variant_of(reading.e164) if reading.e164 else None
    return (reading.e164, variant, reading.problem, reading.repair, reading.pattern, reading.others)
