"""Corrected cells: who changed what, and the rows' values as they are read anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlalchemy import Connection, text

from lead_store.storage import replanning
from lead_store.storage.import_queries import Import
from lead_store.storage.staging import COPIED_COLUMNS, copy_rows

CORRECTED = """
create temporary table if not exists corrected (row_number integer primary key, identifier text collate "C",
    variant text collate "C", name text, email text, phone text, external_id text, tags text[], attributes text,
    opted_out boolean, raw text[], problems text, blocking text, repair text) on commit delete rows
"""
NEW_VALUES = """
update import_row t set identifier = c.identifier, variant = c.variant, name = c.name, email = c.email,
    phone = c.phone, external_id = c.external_id, tags = c.tags, attributes = cast(c.attributes as jsonb),
    opted_out = c.opted_out, raw = c.raw, problems = cast(c.problems as jsonb), blocking = c.blocking,
    repair = c.repair, dropped = null, decision = null, reason = null, outcome = null, is_folded = false,
    is_other_person = false, is_linked = false, fills = 0, changes = 0
from corrected c where t.import_id = :import_id and t.row_number = c.row_number
"""
CELLS = """
create temporary table copied_cells (row_number integer primary key, raw text[]) on commit drop
"""
WRITE_CELLS = """
update import_row t set raw = c.raw from copied_cells c
where t.import_id = :import_id and t.row_number = c.row_number and t.raw is null
"""
RECORD = """
insert into import_edit (organization_id, import_id, row_number, column_index, old, new, edited_by)
select current_organization(), :import_id, row_number, column_index, old, new, :who
from unnest(cast(:rows as integer[]), cast(:columns as integer[]), cast(:olds as text[]), cast(:news as text[]))
    as edit(row_number, column_index, old, new)
"""


@dataclass(frozen=True)
class Edit:
    """One cell, as it was and as it is to be; the column is the zero-based place in the row."""

    row_number: int
    column_index: int
    old: str | None
    new: str | None


def record_edits(tx: Connection, import_id: UUID, edits: Iterable[Edit], who: str) -> None:
    """Keep who changed which cell from what to what."""
    listed = list(edits)
    values = {
        "import_id": import_id,
        "who": who,
        "rows": [edit.row_number for edit in listed],
        "columns": [edit.column_index for edit in listed],
        "olds": [edit.old for edit in listed],
        "news": [edit.new for edit in listed],
    }
    tx.execute(text(RECORD), values)


def write_corrected(tx: Connection, run: Import, rows: pa.RecordBatch) -> int:
    """Give rows their new values (columns of `normalising.SCHEMA`) and plan them again; how many are usable now."""
    replanning.collect(tx, run, rows.column("row_number").to_pylist())
    tx.execute(text(CORRECTED))
    tx.execute(text("truncate corrected"))
    cursor = tx.connection.driver_connection.cursor()  # type: ignore[union-attr]
    with cursor, cursor.copy(f"copy corrected ({COPIED_COLUMNS}) from stdin (format csv, null '')") as copy:
        copy_rows(copy, rows)
    tx.execute(text(NEW_VALUES), {"import_id": run.id})
    return replanning.plan_again(tx, run)


def copy_cells(tx: Connection, batches: Iterable[pa.RecordBatch]) -> None:
    """Bring the cells of rows (`row_number`, and `raw` as array literals) to the database, for `write_copied_cells`."""
    tx.execute(text(CELLS))
    cursor = tx.connection.driver_connection.cursor()  # type: ignore[union-attr]
    with cursor, cursor.copy("copy copied_cells from stdin (format csv, null '')") as copy:
        for batch in batches:
            copy_rows(copy, batch)
    tx.execute(text("analyze copied_cells"))


def write_copied_cells(tx: Connection, import_id: UUID) -> None:
    """Give the cells that were copied to the rows that have none."""
    tx.execute(text(WRITE_CELLS), {"import_id": import_id})


def search_edits(tx: Connection, import_id: UUID, *, row_number: int | None = None) -> list[dict[str, Any]]:
    """Edits in the order in which they were made, of one row or of all."""
    statement = """
        select row_number, column_index, old, new, edited_by, edited_at from import_edit
        where import_id = :import_id and (cast(:row_number as integer) is null or row_number = :row_number)
        order by edited_at, row_number, column_index"""
    return [
        dict(row) for row in tx.execute(text(statement), {"import_id": import_id, "row_number": row_number}).mappings()
    ]


def has_edits(tx: Connection, import_id: UUID) -> bool:
    """Whether any cell was corrected."""
    statement = "select exists (select 1 from import_edit where import_id = :import_id)"
    return tx.execute(text(statement), {"import_id": import_id}).scalar_one()


def get_rows(tx: Connection, import_id: UUID, row_numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Some rows as staged: cells where kept, problems, and whether something keeps them out."""
    statement = """select row_number, raw, problems, blocking, decision, outcome, reason from import_row
        where import_id = :import_id and row_number = any(cast(:rows as integer[])) order by row_number"""
    return [
        dict(row) for row in tx.execute(text(statement), {"import_id": import_id, "rows": list(row_numbers)}).mappings()
    ]
