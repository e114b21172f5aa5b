"""Removing what an import leaves behind once it is old: staged rows, groups, before-images, samples of the file.

The ledger stays, and who did what. The uploaded file itself lies in `files`.
"""

from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import staging
from lead_store.storage.import_queries import COLUMNS, Import

# At these statuses nothing more happens to an import by itself; the others wait for somebody.
ENDED = ("imported", "undone", "cancelled")
WAITING = ("received", "mapped", "in_review", "paused", "failed")

EXPIRED = f"""
select {COLUMNS} from import
where removed_at is null and status = any(:statuses) and updated_at < now() - make_interval(days => :days)
order by updated_at limit :limit for update skip locked
"""

# Beside import_row, which is dropped as a whole: all that repeats what a row said.
TABLES = (
    "import_group",
    "import_change",
    "import_decision",
    "import_address",
    "import_edit",
    "import_hint",
    "import_difference",
)

# How the file was read and matched stays; what its cells said goes.
FORGET = """
update import set removed_at = now(), rejected_key = null,
    inspection = inspection || jsonb_build_object('preview', '[]'::jsonb, 'columns', (
        select coalesce(jsonb_agg(c || '{"samples": []}'), '[]') from jsonb_array_elements(inspection -> 'columns') c))
where id = :import_id
"""


def find_expired(tx: Connection, days: int, *, limit: int) -> list[Import]:
    """Imports that nobody touched for so many days, locked; those that still wait for somebody are among them."""
    values = {"statuses": [*ENDED, *WAITING], "days": days, "limit": limit}
    return [Import(**row) for row in tx.execute(text(EXPIRED), values).mappings()]


def forget_rows(tx: Connection, import_id: UUID) -> int:
    """Remove the staged rows of an import and all that repeats them; how many rows there were."""
    values = {"import_id": import_id}
    count = tx.execute(text("select count(*) from import_row where import_id = :import_id"), values).scalar_one()
    staging.drop_staging(tx, import_id)
    for table in TABLES:
        tx.execute(text(f"delete from {table} where import_id = :import_id"), values)
    tx.execute(text(FORGET), values)
    return count
