"""Undo: an import's effect taken back by workers, batch by batch, and the account of what was left and why."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, NotFound
from lead_store.imports.running import LANES, defer_batches
from lead_store.storage import import_queries, keeping, queue, undoing
from lead_store.storage.import_queries import Import

# An import that never started has no effect to be taken back.
UNDOABLE = ("imported", "paused", "cancelled", "failed")
# What the sentences of `WHY` say is the whole truth for the organization that asks; see storage.undoing.
WHY = {
    "edited_since": "changed since the import",
    "later_import": "also in a later import",
    "later_event": "did something after the import",
}


def undo(tx: Connection, import_id: UUID, who: str) -> Import:
    """Take the import back; what was changed since is kept. Raises Conflict where there is nothing to take back."""
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.removed_at:
        raise Conflict("Its rows were removed after the time for which you keep them.", code="rows_removed")
    allowed = UNDOABLE if run.started_at else ("imported",)
    run = import_queries.move(tx, import_id, allowed, "undoing", error=None)
    run = import_queries.mark_undo_started(tx, import_id)
    import_queries.add_history(tx, import_id, who, "started undo")
    queue.defer(tx, "undo_import", run.id, run.organization_id)
    return run


def begin_undo(tx: Connection, import_id: UUID) -> None:
    """Find what later imports and events hold, and call for the batches; safe to repeat."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "undoing":
        return
    undoing.close_pending_batches(tx, import_id)
    keeping.keep_held_leads(tx, run)
    defer_batches(tx, "undo_batch", run, times=LANES)


def undo_next_batch(tx: Connection, import_id: UUID) -> bool:
    """Take back one batch, whole or not at all; False where none is left or the import is not being undone."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "undoing":
        return False
    batch_number = undoing.take_done_batch(tx, import_id)
    if batch_number is None:
        return False
    undoing.undo_batch(tx, run, batch_number)
    defer_batches(tx, "undo_batch", run)
    return True


def finish_undo(tx: Connection, import_id: UUID) -> bool:
    """Close the undo once all batches are taken back; True for the one call that did it."""
    if not undoing.finish_if_undone(tx, import_id):
        return False
    effect = undoing.get_effect(tx, import_id)
    import_queries.add_history(
        tx, import_id, "worker", "undone", removed=effect.removed, restored=effect.restored, kept=effect.kept
    )
    return True


def describe_undo(tx: Connection, import_id: UUID, limit: int = 1_000) -> dict[str, Any]:
    """What the undo did: leads removed, restored and kept, and the first `limit` of those kept, each with why."""
    effect = undoing.get_effect(tx, import_id)
    kept = [
        {
            "leadId": str(lead["lead_id"]),
            "name": lead["name"],
            "reason": lead["reason"],
            "detail": WHY[lead["reason"]],
            "fields": lead["fields"],
        }
        for lead in keeping.search_kept(tx, import_id, limit=limit)
    ]
    return {"removed": effect.removed, "restored": effect.restored, "kept": effect.kept, "keptLeads": kept}


def get_organization_id(tx: Connection, import_id: UUID) -> UUID:
    """Whose import this is; for the command line only. Raises NotFound."""
    found = undoing.find_organization_id(tx, import_id)
    if found is None:
        raise NotFound(f"There is no import {import_id}.", code="import_not_found")
    return found


def find_dispatches(tx: Connection, import_id: UUID) -> Sequence[Any]:
    """What was dispatched to the import's leads (name, created_at, accepted): said before one confirms an undo."""
    return undoing.count_dispatched(tx, import_id)
