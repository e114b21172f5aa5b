"""A whole column of phones: what the plans decide at once, the rest one distinct value at a time."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.digits import Integers
from lead_store.intake.phones.numbers import Reading
from lead_store.intake.phones.plain_cells import REPAIR_OF_WRAPPER, PlainCells, find_plain_cells
from lead_store.intake.phones.regions import REGIONS
from lead_store.intake.phones.variants import variant_of, variants_of
from lead_store.intake.phones.verdicts import (
    REPAIR_OF_NUMBER,
    Verdicts,
    judge_international,
    judge_national,
)
from lead_store.intake.problems import Code

COLUMNS = ("e164", "variant", "problem", "repair", "pattern", "others")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])

# Larger slices gain nothing: the working arrays of this many rows fit the processor's caches.
ROWS_AT_A_TIME = 65_536

# Repeats of an odd cell are near each other (a column of one export), so few need to be kept.
CELLS_KEPT = 50_000

_PROBLEMS = (None, Code.PHONE_INVALID.value, Code.PHONE_AMBIGUOUS.value)
_PATTERNS = (None, "ninth_digit:BR")
_REPAIRS = (*REPAIR_OF_NUMBER, *REPAIR_OF_WRAPPER[1:])


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
    cells = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    decided = tuple(sorted((choices or {}).items()))
    slices = [
        _read_slice(cells.slice(start, ROWS_AT_A_TIME), _regions_of(region, start), decided)
        for start in range(0, len(cells), ROWS_AT_A_TIME)
    ]
    table = pa.Table.from_batches(slices, SCHEMA).combine_chunks()
    return table.to_batches()[0] if slices else pa.RecordBatch.from_pylist([], SCHEMA)


class _Found:
    """The answers of one slice while they are gathered; indexes into _PROBLEMS, _PATTERNS and _REPAIRS."""

    def __init__(self, count: int) -> None:
        self.e164 = np.zeros(count, np.int64)
        self.variants = np.zeros(count, np.int64)
        self.problems = np.zeros(count, np.int8)
        self.patterns = np.zeros(count, np.int8)
        self.repairs = np.zeros(count, np.int8)
        self.is_open = np.ones(count, bool)

    def settle(self, plain: PlainCells, chosen: Integers, verdicts: Verdicts, *, is_decided: bool) -> None:
        """Take over the verdicts on the chosen plain cells, but for rows that they leave open."""
        is_invalid = (verdicts.e164 == 0) & ~verdicts.is_old_mobile
        is_open = verdicts.is_open | (is_invalid & plain.may_hold_several[chosen])
        is_open |= verdicts.is_old_mobile & is_decided
        rows = plain.rows[chosen]
        is_number = verdicts.e164 > 0
        wrapped = plain.wrappers[chosen]
        repairs = np.where(wrapped > 0, wrapped + len(REPAIR_OF_NUMBER) - 1, verdicts.repairs)
        self.e164[rows] = verdicts.e164
        self.variants[rows] = variants_of(verdicts.e164, verdicts.kinds)
        self.problems[rows] = np.where(is_number, 0, np.where(verdicts.is_old_mobile, 2, 1))
        self.patterns[rows] = verdicts.is_old_mobile & ~is_number
        self.repairs[rows] = np.where(is_number, repairs, 0)
        self.is_open[rows] = is_open

    def to_arrays(self) -> list[pa.Array]:
        """The columns but `others`, which only `cells` fills."""
        return [
            _numbers(self.e164),
            _numbers(self.variants),
            _words(self.problems, _PROBLEMS),
            _words(self.repairs, _REPAIRS),
            _words(self.patterns, _PATTERNS),
            pa.nulls(len(self.e164), pa.string()),
        ]


def _read_slice(
    cells: pa.Array, regions: str | pa.Array | None, decided: tuple[tuple[str, str], ...]
) -> pa.RecordBatch:
    found = _Found(len(cells))
    plain = find_plain_cells(cells)
    is_decided = any(pattern == _PATTERNS[1] for pattern, _ in decided)
    with_plus = np.flatnonzero(plain.has_plus)
    international = judge_international(plain.digits.take(with_plus))
    found.settle(plain, with_plus, international, is_decided=is_decided)
    for region, rows in _by_region(regions, plain):
        national = judge_national(plain.digits.take(rows), region)
        found.settle(plain, rows, national, is_decided=is_decided)
    return _with_open_cells(found, cells, regions, decided)


def _by_region(regions: str | pa.Array | None, plain: PlainCells) -> list[tuple[str | None, Integers]]:
    """The plain cells without + per supported region; None gathers those whose region is not known."""
    without_plus = np.flatnonzero(~plain.has_plus)
    if not isinstance(regions, pa.Array):
        return [(regions, without_plus)]
    codes = regions.dictionary_encode()
    names = [name if name in REGIONS else None for name in codes.dictionary.to_pylist()] + [None]
    which = codes.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)[plain.rows[without_plus]]
    return [(names[index], without_plus[which == index]) for index in np.unique(which)]


def _regions_of(region: str | pa.Array | None, start: int) -> str | pa.Array | None:
    if isinstance(region, pa.Array | pa.ChunkedArray):
        piece = region.slice(start, ROWS_AT_A_TIME)
        return piece.combine_chunks() if isinstance(piece, pa.ChunkedArray) else piece
    return region if region in REGIONS else None


def _with_open_cells(
    found: _Found, cells: pa.Array, regions: str | pa.Array | None, decided: tuple[tuple[str, str], ...]
) -> pa.RecordBatch:
    """The answers, with `cells` asked about what is open: blank and odd cells, patterns, rare rules."""
    arrays = found.to_arrays()
    rows = np.flatnonzero(found.is_open)
    if len(rows):
        places = pa.array(rows)
        texts = cells.take(places).to_pylist()
        given = regions.take(places).to_pylist() if isinstance(regions, pa.Array) else [regions] * len(rows)
        answers = [_read(text, region, decided) for text, region in zip(texts, given, strict=True)]
        mask = pa.array(found.is_open)
        arrays = [
            pc.replace_with_mask(array, mask, pa.array([answer[column] for answer in answers], pa.string()))
            for column, array in enumerate(arrays)
        ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _read(text: str | None, region: str | None, decided: tuple[tuple[str, str], ...]) -> tuple[str | None, ...]:
    return _read_kept(text, region if region in REGIONS else None, decided) if text else (None,) * len(COLUMNS)


@lru_cache(CELLS_KEPT)
def _read_kept(text: str, region: str | None, decided: tuple[tuple[str, str], ...]) -> tuple[str | None, ...]:
    reading: Reading = read_cell(text, region, dict(decided))
    variant = variant_of(reading.e164) if reading.e164 else None
    return (reading.e164, variant, reading.problem, reading.repair, reading.pattern, reading.others)


def _numbers(values: Integers) -> pa.Array:
    digits = pa.array(values, mask=values == 0).cast(pa.string())
    return pc.binary_join_element_wise("+", digits, "")


def _words(indexes: np.ndarray, words: Sequence[str | None]) -> pa.Array:
    if not indexes.any():
        return pa.nulls(len(indexes), pa.string())
    places = pa.array(indexes, mask=indexes == 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(words, pa.string())).dictionary_decode()
