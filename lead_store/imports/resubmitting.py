"""The rejected rows as a file that was corrected in a spreadsheet program, and uploaded again into the same import."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Invalid
from lead_store.imports import correcting, reporting
from lead_store.intake.reading import Inspection, inspect, read_batches
from lead_store.storage import correcting as stored
from lead_store.storage import import_queries
from lead_store.storage.import_queries import Import

ROWS_AT_A_TIME = 5_000
ROW_HEADER = re.compile(r"row( \(\d+\))?$")


def receive_corrections(
    tx: Connection, import_id: UUID, content: BinaryIO, file_name: str, who: str
) -> correcting.Correction:
    """Take the rejected-rows file back, corrected: matched by its column `row`, whatever rows were left out of it.

    Raises:
        Conflict: the import runs.
        Invalid: `not_the_rejected_rows`, the columns are not those of this import's rejected rows.
        Unreadable: the file is no spreadsheet.
    """
    run = correcting.require_correctable(tx, import_id)
    inspection = inspect(content, file_name)
    places = _places(run, inspection)
    if places is None:
        raise Invalid(
            "These are not the rejected rows of this import: its columns and the column “row” are not all there."
            " Download the rejected rows, correct them, and upload that file.",
            code="not_the_rejected_rows",
        )
    total = correcting.Correction(0, 0)
    for given in _given_rows(content, inspection, places):
        known = {
            row["row_number"]: row for row in stored.get_rows(tx, run.id, list(given)) if correcting.is_rejected(row)
        }
        cells = {number: dict(enumerate(texts)) for number, texts in given.items() if number in known}
        done = correcting.correct(tx, run, cells, who, is_from_file=True)
        unknown = len(given) - len(known)
        total = correcting.Correction(total.rows + done.rows, total.usable + done.usable, total.unknown + unknown)
        run = import_queries.get_import(tx, import_id)
    import_queries.add_history(
        tx, import_id, who, "uploaded corrections", file_name=file_name, rows=total.rows, usable=total.usable
    )
    return total


def find_corrected_import(tx: Connection, inspection: Inspection) -> Import | None:
    """The newest import whose rejected rows this file seems to be, to be offered instead of a new import."""
    headers = [column.header for column in inspection.columns]
    if not set(reporting.ADDED_COLUMNS[:2]) <= set(headers):
        return None
    candidates = import_queries.search_imports(tx, limit=100)
    return next((run for run in candidates if run.status in correcting.CORRECTABLE and _places(run, inspection)), None)


def _places(run: Import, inspection: Inspection) -> list[int] | None:
    """Where in the file the import's own columns are, and last the row number; None where they are not all there."""
    headers = [column.header for column in inspection.columns]
    own = [reporting.as_safe_cell(column["header"]) for column in (run.inspection or {}).get("columns", [])]
    if headers[: len(own)] == own:
        # Where the file has a column of that name itself, the one behind its columns is read as "row (2)".
        added = (place for place, header in enumerate(headers) if place >= len(own) and ROW_HEADER.match(header))
        place = next(added, None)
        return None if place is None else [*range(len(own)), place]
    # Whoever moves columns about keeps their headers, which is enough where each stands for one column alone.
    wanted = [*own, "row"]
    if len(set(wanted)) < len(wanted) or not set(wanted) <= set(headers):
        return None
    return [headers.index(header) for header in wanted]


def _given_rows(content: BinaryIO, inspection: Inspection, places: list[int]) -> Iterator[dict[int, list[str | None]]]:
    content.seek(0)
    for batch in read_batches(content, inspection.dialect, ROWS_AT_A_TIME):
        texts = [batch.column(f"c{place}").to_pylist() for place in places]
        rows = zip(*texts, strict=True)
        numbered = ((_as_row_number(row[-1]), list(row[:-1])) for row in rows)
        yield {number: cells for number, cells in numbered if number is not None}


def _as_row_number(text: str | None) -> int | None:
    """Excel may give 12 back as 12.0."""
    bare = (text or "").strip().removesuffix(".0")
    return int(bare) if bare.isdecimal() and len(bare) < 10 else None
