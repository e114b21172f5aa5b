"""Rows that cannot be used, corrected: cell by cell, or all of a kind at once.

A corrected row is read by the same stages as in the review and moves to its bucket; after the import, rows that can
be used now are imported as a batch of their own, and the ledger moves on. Every edit is recorded.
Corrections that come as a file are left to `resubmitting`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports import reporting
from lead_store.imports.cells import with_cells
from lead_store.imports.mapping import get_mapping
from lead_store.imports.reviewing import get_reading, refresh_review
from lead_store.imports.running import go_on_after_end
from lead_store.intake import columns
from lead_store.intake.fields import Field
from lead_store.intake.normalising import normalise
from lead_store.intake.phones import IMPORT, UNKNOWN_RANGE, read_phones
from lead_store.intake.problems import Code
from lead_store.storage import correcting, import_queries, review_queries
from lead_store.storage.correcting import Edit
from lead_store.storage.import_queries import Import

CORRECTABLE = ("in_review", "imported")
MAXIMUM_CELL_LENGTH = 10_000


@dataclass(frozen=True)
class Correction:
    """What correcting rows came to."""

    rows: int
    """Rows in which a cell changed."""
    usable: int
    """Of those, rows that nothing keeps out any more."""
    unknown: int = 0
    """Rows of an uploaded file that are none of the import's rejected rows."""


def correct_cells(
    tx: Connection, import_id: UUID, cells: Mapping[int, Mapping[int, str | None]], who: str
) -> Correction:
    """Change cells of rejected rows; each row is checked again at once.

    Args:
        cells: row number -> zero-based column -> new text; a text equal to the present one changes nothing.

    Raises:
        Conflict: the import runs, or a row is not a rejected one.
        Invalid: no such column, or a text that is too long.
    """
    run = require_correctable(tx, import_id)
    return correct(tx, run, cells, who)


def fix_alike(
    tx: Connection, import_id: UUID, code: str, who: str, *, prefix: str | None = None, region: str | None = None
) -> Correction:
    """The same fix for all rows with one problem: put `prefix` before their numbers, or read them as of `region`.

    Only cells that the fix makes valid change.
    """
    run = require_correctable(tx, import_id)
    fixed = _fixed(run, reporting.read_rejected(tx, run, code=code), prefix, region)
    return correct(tx, run, fixed, who)


def preview_unknown_ranges(tx: Connection, import_id: UUID) -> list[tuple[str, str]]:
    """Some phones that no numbering plan has, of the first rows without a valid one, as they would be imported."""
    run = import_queries.get_import(tx, import_id)
    rows = review_queries.search_rows(tx, run, bucket="rejected", code=Code.PHONE_INVALID, limit=50)
    texts = [text for _, _, text in _phone_cells(run, with_cells(run, rows))]
    read = read_phones(pa.array(texts, pa.string()), run.region, {UNKNOWN_RANGE: IMPORT}).column("e164").to_pylist()
    return [(text, e164) for text, e164 in zip(texts, read, strict=True) if e164]


def preview_fix(
    tx: Connection, import_id: UUID, code: str, *, prefix: str | None = None, region: str | None = None
) -> list[tuple[str, str]]:
    """Some cells as they are and as the fix would make them, of the first rows with the problem."""
    run = import_queries.get_import(tx, import_id)
    rows = review_queries.search_rows(tx, run, bucket="rejected", code=code, limit=50)
    listed = list(with_cells(run, rows))
    present = {row["row_number"]: row["cells"] for row in listed}
    fixed = _fixed(run, listed, prefix, region)
    return [
        (present[number][index] or "", new or "") for number, changes in fixed.items() for index, new in changes.items()
    ]


def apply_edits_again(tx: Connection, run: Import) -> None:
    """After the rows were staged anew: bring back the cells that people had corrected before."""
    cells: dict[int, dict[int, str | None]] = {}
    for edit in correcting.search_edits(tx, run.id):
        cells.setdefault(edit["row_number"], {})[edit["column_index"]] = edit["new"]
    if cells:
        _write(tx, run, cells)
        refresh_review(tx, run)


def correct(
    tx: Connection,
    run: Import,
    cells: Mapping[int, Mapping[int, str | None]],
    who: str,
    *,
    is_from_file: bool = False,
) -> Correction:
    """Change cells of an import that is locked; see `correct_cells`."""
    edits = list(_edits(tx, run, cells, is_from_file=is_from_file))
    if not edits:
        return Correction(0, 0)
    changed: dict[int, dict[int, str | None]] = {}
    for edit in edits:
        changed.setdefault(edit.row_number, {})[edit.column_index] = edit.new
    correcting.record_edits(tx, run.id, edits, who)
    usable = _write(tx, run, changed)
    run = refresh_review(tx, run)
    import_queries.add_history(tx, run.id, who, "corrected cells", rows=len(changed), usable=usable)
    if run.status == "imported" and usable:
        go_on_after_end(tx, run)
    return Correction(len(changed), usable)


def _edits(
    tx: Connection, run: Import, cells: Mapping[int, Mapping[int, str | None]], *, is_from_file: bool
) -> Iterator[Edit]:
    """The cells that really change."""
    rows = correcting.get_rows(tx, run.id, list(cells))
    if len(rows) < len(cells) or not all(map(is_rejected, rows)):
        raise Conflict("Only rows that are rejected can be corrected.", code="row_not_rejected")
    for row in with_cells(run, rows):
        present = row["cells"]
        for index, text in cells[row["row_number"]].items():
            if not 0 <= index < len(present):
                raise Invalid(f"The file has no column {index + 1}.", code="column_unknown")
            new = _as_cell(text)
            # A cell that comes back as it was written into the file was not touched.
            is_same = new == present[index] or (
                is_from_file and (new or "") == reporting.as_safe_cell(present[index]).strip()
            )
            if not is_same:
                yield Edit(row["row_number"], index, present[index], new)


def _as_cell(text: str | None) -> str | None:
    if text and len(text) > MAXIMUM_CELL_LENGTH:
        raise Invalid(f"A cell holds at most {MAXIMUM_CELL_LENGTH:,} characters.", code="value_too_long")
    return text.replace("\x00", "").strip() or None if text else None


def _write(tx: Connection, run: Import, changed: Mapping[int, Mapping[int, str | None]]) -> int:
    """Read the changed rows anew and plan them; how many are usable now."""
    rows = correcting.get_rows(tx, run.id, list(changed))
    texts = {}
    for row in with_cells(run, rows):
        cells = list(row["cells"])
        for index, text in changed[row["row_number"]].items():
            if index < len(cells):
                cells[index] = text
        texts[row["row_number"]] = cells
    if not texts:
        return 0
    batch = _as_batch(texts)
    normalised = normalise(batch, get_mapping(run), get_reading(run))
    raw = columns.array_literal([batch.column(name) for name in batch.schema.names[3:]])
    place = normalised.schema.get_field_index("raw")
    return correcting.write_corrected(tx, run, normalised.set_column(place, normalised.schema.field(place), raw))


def _as_batch(texts: Mapping[int, list[str | None]]) -> pa.RecordBatch:
    """Rows as reading gives them; what a person has seen and corrected has its cells where they belong."""
    nothing = pa.nulls(len(texts), pa.string())
    cells = [pa.array(column, pa.string()) for column in zip(*texts.values(), strict=True)]
    names = ["row_number", "problem", "extra", *(f"c{index}" for index in range(len(cells)))]
    return pa.RecordBatch.from_arrays([pa.array(list(texts), pa.int32()), nothing, nothing, *cells], names=names)


def _fixed(
    run: Import, rows: Iterable[dict[str, Any]], prefix: str | None, region: str | None
) -> dict[int, dict[int, str | None]]:
    """New texts of phone cells: those that are valid with the fix, and only those."""
    wanted = _phone_cells(run, rows)
    texts = [f"{prefix}{text.lstrip('+0 ')}" if prefix else text for _, _, text in wanted]
    read = read_phones(pa.array(texts, pa.string()), region or run.region).column("e164").to_pylist()
    fixed: dict[int, dict[int, str | None]] = {}
    for (number, index, old), e164 in zip(wanted, read, strict=True):
        if e164 and number not in fixed and e164 != old:
            fixed[number] = {index: e164}
    return fixed


def _phone_cells(run: Import, rows: Iterable[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Row number, column and text of each cell in which a phone should stand."""
    phones = [column.index for column in get_mapping(run).columns_of(Field.PHONE)]
    return [
        (row["row_number"], index, row["cells"][index])
        for row in rows
        for index in phones
        if index < len(row["cells"]) and row["cells"][index]
    ]


def is_rejected(row: dict[str, Any]) -> bool:
    """Whether something keeps the row out, or somebody."""
    return row["blocking"] is not None or row["decision"] == "reject"


def require_correctable(tx: Connection, import_id: UUID) -> Import:
    """The import, locked, where its rows can be corrected now. Raises Conflict."""
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status not in CORRECTABLE:
        raise Conflict(
            f"This import is {run.status.replace('_', ' ')}; rows can be corrected in the review, and when it is done.",
            code="status_conflict",
            status=run.status,
        )
    return run
