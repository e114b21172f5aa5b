"""The import itself: started by a person, done batch by batch by workers, paused, resumed, cancelled, finished."""

from uuid import UUID

from sqlalchemy import Connection

from lead_store.imports.deciding import require_decided, was_touched
from lead_store.imports.reviewing import get_ledger
from lead_store.storage import deciding, import_queries, importing, queue
from lead_store.storage.import_queries import Import

# An import never has more jobs for batches in the queue than this; each does one batch and then queues again, behind
# whatever came in meanwhile. Where it has many batches, they stand behind whatever else there is to do. So a small
# import waits for the batches at hand of a large one, not for those that are queued.
LANES = 8
# The statuses of batches that are left to a task.
LEFT_TO = {"import_batch": ("pending", "running"), "undo_batch": ("done", "running")}


def start(tx: Connection, import_id: UUID, who: str) -> Import:
    """Carry out what the review shows. Raises Conflict where the review is not ready or the import is running."""
    require_decided(tx, import_queries.get_import(tx, import_id, lock=True))
    run = import_queries.move(tx, import_id, ("in_review",), "importing")
    if was_touched(tx, run):
        deciding.index_batches(tx, import_id)
    run = import_queries.mark_started(tx, import_id)
    import_queries.add_history(tx, import_id, who, "started")
    queue.defer(tx, "begin_import", run.id, run.organization_id)
    return run


def begin(tx: Connection, import_id: UUID) -> None:
    """Count the batches that have nothing to write, and call for the others."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "importing":
        return
    ledger = get_ledger(tx, run)
    if ledger["unchanged"] + ledger["skipped"]:
        importing.count_idle_batches(tx, run)
    defer_batches(tx, "import_batch", run, times=LANES)


def pause(tx: Connection, import_id: UUID, who: str) -> Import:
    """Stop after the batches that are being done now."""
    run = import_queries.move(tx, import_id, ("importing",), "paused")
    import_queries.add_history(tx, import_id, who, "paused")
    return run


def resume(tx: Connection, import_id: UUID, who: str) -> Import:
    """Go on where it was paused, or where it failed after its start; with the undo, where that failed."""
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.undo_started_at:
        return _resume_undo(tx, import_id, who)
    allowed = ("paused", "failed") if run.started_at else ("paused",)
    run = import_queries.move(tx, import_id, allowed, "importing", error=None)
    import_queries.add_history(tx, import_id, who, "resumed")
    defer_batches(tx, "import_batch", run, times=LANES)
    return run


def go_on_after_end(tx: Connection, run: Import) -> Import:
    """Import what was rejected or drifted before and is planned anew, as a batch more; the ledger moves on."""
    run = import_queries.move(tx, run.id, ("imported",), "importing")
    defer_batches(tx, "import_batch", run, times=LANES)
    return run


def _resume_undo(tx: Connection, import_id: UUID, who: str) -> Import:
    run = import_queries.move(tx, import_id, ("failed",), "undoing", error=None)
    import_queries.add_history(tx, import_id, who, "resumed undo")
    queue.defer(tx, "undo_import", run.id, run.organization_id)
    return run


def cancel(tx: Connection, import_id: UUID, who: str) -> Import:
    """End it for good. Batches that are done stay, and can be undone; no other is begun."""
    statuses = ("received", "mapped", "preparing", "in_review", "importing", "paused", "failed")
    run = import_queries.move(tx, import_id, statuses, "cancelled")
    import_queries.add_history(tx, import_id, who, "cancelled")
    return run


def run_next_batch(tx: Connection, import_id: UUID) -> bool:
    """Do one pending batch, whole or not at all; False where none is left or the import is not running."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "importing":
        return False
    batch_number = import_queries.take_pending_batch(tx, import_id)
    if batch_number is None:
        return False
    importing.run_batch(tx, run, batch_number)
    defer_batches(tx, "import_batch", run)
    return True


def finish(tx: Connection, import_id: UUID) -> bool:
    """Close the ledger once all batches are done; True for the one call that did it."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "importing" or not importing.finish_if_done(tx, run):
        return False
    import_queries.add_history(tx, import_id, "worker", "finished")
    return True


def defer_batches(tx: Connection, task: str, run: Import, times: int = 1) -> None:
    """Call for batches of an import to be written, or to be taken back."""
    left = import_queries.count_batches(tx, run.id, LEFT_TO[task])
    priority = queue.ONE_OF_MANY if left > 1 else queue.USUAL
    queue.defer(tx, task, run.id, run.organization_id, times=times, priority=priority)
