"""Imports: their rows in the tables import, import_batch and import_history.

Statuses, and what moves an import into them:

    received    uploaded and read; waits for its columns to be matched
    mapped      columns matched; the review can be asked for
    preparing   a worker reads, normalises and stages all rows
    in_review   every row is checked; waits for a person to decide and start
    importing   workers write batch after batch
    paused      a person stopped it between two batches
    imported    every row is in its bucket of the ledger
    undoing, undone   its effect is being taken back, or is
    cancelled   a person ended it; batches already done stay
    failed      it cannot go on; `error` says why, and the way on is to change the cause and review again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from lead_store.errors import Conflict, NotFound
from lead_store.storage import matching


@dataclass(frozen=True)
class Import:
    """One run from spreadsheet to leads, as stored."""

    id: UUID
    organization_id: UUID
    created_by: str
    file_name: str
    object_key: str
    byte_count: int
    sha256: str
    dialect: dict[str, Any] | None
    inspection: dict[str, Any] | None
    mapping: dict[str, Any] | None
    fingerprint: str | None
    region: str | None
    channel: str
    on_existing: str
    rules: dict[str, Any]
    status: str
    error: dict[str, Any] | None
    rows_read: int | None
    created: int | None
    updated: int | None
    unchanged: int | None
    merged: int | None
    skipped: int | None
    rejected: int | None
    review: dict[str, Any] | None
    seconds: dict[str, float]
    rejected_key: str | None
    notify_url: str | None
    created_at: datetime
    updated_at: datetime
    reviewed_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    undo_started_at: datetime | None
    removed_at: datetime | None

    @property
    def masks(self) -> dict[str, int]:
        """Which fields may be filled and changed, see `matching.get_masks`."""
        return matching.get_masks(self.on_existing, self.rules.get("fields", {}))


COLUMNS = ", ".join(Import.__dataclass_fields__)
JSON_COLUMNS = ("dialect", "inspection", "mapping", "rules", "error", "review", "seconds")


def insert_import(tx: Connection, **values: Any) -> Import:
    """Store a new import; the organization is that of the transaction."""
    names = ", ".join(values)
    binds = ", ".join(f":{name}" for name in values)
    statement = text(
        f"insert into import (organization_id, {names}) values (current_organization(), {binds}) returning {COLUMNS}"
    )
    return Import(**tx.execute(_with_json(statement, values), values).mappings().one())


def get_import(tx: Connection, import_id: UUID, *, lock: bool = False) -> Import:
    """The import, locked against changes until the transaction ends where `lock`. Raises NotFound."""
    found = find_import(tx, import_id, lock=lock)
    if found is None:
        raise NotFound("There is no such import in this organization.", code="import_not_found")
    return found


def find_import(tx: Connection, import_id: UUID, *, lock: bool = False) -> Import | None:
    """The same, or None where the organization has no such import."""
    statement = f"select {COLUMNS} from import where id = :id {'for update' if lock else ''}"
    row = tx.execute(text(statement), {"id": import_id}).mappings().one_or_none()
    return Import(**row) if row else None


def search_imports(tx: Connection, *, limit: int, offset: int = 0) -> list[Import]:
    """The organization's imports, newest first."""
    statement = f"select {COLUMNS} from import order by created_at desc, id limit :limit offset :offset"
    rows = tx.execute(text(statement), {"limit": limit, "offset": offset}).mappings()
    return [Import(**row) for row in rows]


def count_imports(tx: Connection) -> int:
    """How many imports the organization has."""
    return tx.execute(text("select count(*) from import")).scalar_one()


def find_unfinished(tx: Connection, sha256: str) -> Import | None:
    """The newest import of the same file that is not at its end, if any."""
    statement = f"""select {COLUMNS} from import where sha256 = :sha256
        and status in ('received', 'mapped', 'preparing', 'in_review', 'importing', 'paused')
        order by created_at desc limit 1"""
    row = tx.execute(text(statement), {"sha256": sha256}).mappings().one_or_none()
    return Import(**row) if row else None


def update_import(tx: Connection, import_id: UUID, **values: Any) -> Import:
    """Change columns of an import."""
    sets = ", ".join(f"{name} = :{name}" for name in values)
    statement = text(f"update import set {sets}, updated_at = now() where id = :id returning {COLUMNS}")
    row = tx.execute(_with_json(statement, values), {**values, "id": import_id}).mappings().one()
    return Import(**row)


def move(tx: Connection, import_id: UUID, allowed: Sequence[str], to: str, **values: Any) -> Import:
    """Move an import to another status, in one statement, so that of two callers one wins.

    Raises:
        NotFound: no such import.
        Conflict: its status is none of `allowed`.
    """
    current = get_import(tx, import_id, lock=True)
    if current.status not in allowed:
        raise Conflict(
            f"The import stands at “{current.status.replace('_', ' ')}” now, so this cannot be done. "
            "Somebody may have moved it on: look at it again.",
            code="status_conflict",
            status=current.status,
        )
    return update_import(tx, import_id, status=to, **values)


def lock_staging(tx: Connection, import_id: UUID) -> bool:
    """Claim the staging of an import until the transaction ends; False where another worker has it.

    The row itself stays free, so that progress and a cancel can be written meanwhile.
    """
    statement = "select pg_try_advisory_xact_lock(hashtextextended(:id, 4721))"
    return tx.execute(text(statement), {"id": str(import_id)}).scalar_one()


def get_clock(tx: Connection) -> datetime:
    """When the transaction began, by the database's clock, which also dates every change of a lead."""
    return tx.execute(text("select now()")).scalar_one()


def count_seconds_since(tx: Connection, moment: datetime | None) -> float:
    """By the database's clock, as it goes on within the transaction."""
    statement = "select extract(epoch from clock_timestamp() - cast(:moment as timestamptz))"
    return float(tx.execute(text(statement), {"moment": moment}).scalar_one())


def report_reading(tx: Connection, import_id: UUID, rows_read: int) -> None:
    """Say how many rows of the file were read so far."""
    statement = "update import set rows_read = :rows where id = :id and status = 'preparing'"
    tx.execute(text(statement), {"rows": rows_read, "id": import_id})


def fail_import(tx: Connection, import_id: UUID, error: dict[str, Any]) -> bool:
    """Keep why a running import cannot go on; False where it was not running any more."""
    statement = text("""update import set status = 'failed', error = :error, updated_at = now()
        where id = :id and status in ('preparing', 'importing', 'undoing')""")
    return tx.execute(_with_json(statement, {"error": error}), {"id": import_id, "error": error}).rowcount == 1


def mark_started(tx: Connection, import_id: UUID) -> Import:
    """Note when the first batch was called for."""
    tx.execute(text("update import set started_at = clock_timestamp() where id = :id"), {"id": import_id})
    return get_import(tx, import_id)


def mark_undo_started(tx: Connection, import_id: UUID) -> Import:
    """Note that it is being taken back: from then on, going on means to go on with that."""
    tx.execute(text("update import set undo_started_at = clock_timestamp() where id = :id"), {"id": import_id})
    return get_import(tx, import_id)


def add_history(tx: Connection, import_id: UUID, who: str, what: str, **details: Any) -> None:
    """Record who did what with the import."""
    statement = text(
        "insert into import_history (organization_id, import_id, who, what, details)"
        " values (current_organization(), :import_id, :who, :what, :details)"
    )
    values = {"import_id": import_id, "who": who, "what": what, "details": details}
    tx.execute(_with_json(statement, values), values)


def search_history(tx: Connection, import_id: UUID) -> list[dict[str, Any]]:
    """Who did what with the import, oldest first."""
    statement = "select happened_at, who, what, details from import_history where import_id = :id order by happened_at"
    return [dict(row) for row in tx.execute(text(statement), {"id": import_id}).mappings()]


def take_pending_batch(tx: Connection, import_id: UUID) -> int | None:
    """Lock the next batch to be done, beside those that other workers hold; None where none is left.

    Even batches come first: neighbours have keys with the same beginning, and would wait for each other.
    """
    statement = """
        update import_batch set status = 'running', attempts = attempts + 1, started_at = clock_timestamp()
        where import_id = :import_id and batch_number = (
            select batch_number from import_batch where import_id = :import_id and status = 'pending'
            order by batch_number % 2, batch_number limit 1 for update skip locked)
        returning batch_number"""
    batch_number = tx.execute(text(statement), {"import_id": import_id}).scalar_one_or_none()
    show_running(tx, import_id, batch_number)
    return batch_number


def count_batches(tx: Connection, import_id: UUID, statuses: Sequence[str]) -> int:
    """How many batches have one of the statuses."""
    statement = "select count(*) from import_batch where import_id = :import_id and status = any(:statuses)"
    return tx.execute(text(statement), {"import_id": import_id, "statuses": list(statuses)}).scalar_one()


def show_running(tx: Connection, import_id: UUID, batch_number: int | None) -> None:
    """Let others see, before `tx` commits, that a batch is being done: by a lock that nobody waits for."""
    statement = "select pg_advisory_xact_lock(hashtext(cast(:import_id as text)), cast(:batch_number as integer))"
    tx.execute(text(statement), {"import_id": import_id, "batch_number": batch_number})


def count_done_rows(tx: Connection, run: Import) -> int:
    """Rows of the batches that are done; of an import that is taken back, of those that are undone."""
    status = "undone" if run.status in ("undoing", "undone") else "done"
    statement = "select coalesce(sum(rows), 0) from import_batch where import_id = :id and status = :status"
    return tx.execute(text(statement), {"id": run.id, "status": status}).scalar_one()


def count_written(tx: Connection, import_id: UUID) -> dict[str, int]:
    """Leads that the batches done so far created and updated."""
    statement = """select coalesce(sum(created), 0)::int as created, coalesce(sum(updated), 0)::int as updated
        from import_batch where import_id = :id and status in ('done', 'undone')"""
    return dict(tx.execute(text(statement), {"id": import_id}).mappings().one())


def search_batches(tx: Connection, import_id: UUID) -> list[dict[str, Any]]:
    """All batches of an import with status, counts, attempts and times, in order."""
    statement = f"""
        with held as (select objid::bigint as batch_number from pg_locks
            where locktype = 'advisory' and objsubid = 2
                and database = (select oid from pg_database where datname = current_database())
                and classid = (hashtext(cast(:id as text))::bigint & 4294967295)::oid)
        select batch_number, rows, case when batch_number in (table held) then 'running' else status end as status,
            {", ".join(matching.BUCKETS)}, attempts, started_at, finished_at, error
        from import_batch where import_id = :id order by batch_number"""
    return [dict(row) for row in tx.execute(text(statement), {"id": import_id}).mappings()]


def _with_json(statement: Any, values: dict[str, Any]) -> Any:
    """Bind dictionaries as JSON."""
    names = [name for name in values if name in (*JSON_COLUMNS, "details")]
    return statement.bindparams(*[bindparam(name, type_=JSONB(none_as_null=True)) for name in names])
