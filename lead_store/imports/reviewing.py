"""The review: all rows read, normalised and staged by a worker, and what they would do, found and counted."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlalchemy import Connection

from lead_store.errors import LeadStoreError
from lead_store.imports.mapping import get_mapping
from lead_store.imports.receiving import get_dialect
from lead_store.intake.mapping import Mapping
from lead_store.intake.normalising import Reading, normalise
from lead_store.intake.reading import read_batches
from lead_store.settings import get_settings
from lead_store.storage import (
    addresses,
    counting,
    deciding,
    facts,
    hints,
    import_queries,
    queue,
    review_queries,
    staging,
    telling_apart,
)
from lead_store.storage.facts import KeyRange
from lead_store.storage.files import get_files
from lead_store.storage.import_queries import Import

# Record batches that are normalised at the same time: what the database takes leaves one and a half cores to them.
BATCHES_AHEAD = 2


def prepare(tx: Connection, import_id: UUID, who: str) -> Import:
    """Ask for the review; a worker stages the rows."""
    run = import_queries.move(tx, import_id, ("mapped", "in_review", "failed"), "preparing", error=None)
    import_queries.add_history(tx, import_id, who, "asked for the review")
    queue.defer(tx, "stage_import", run.id, run.organization_id)
    return run


def stage(tx: Connection, import_id: UUID, report: Callable[[int], None] = lambda rows: None) -> Import:
    """Read, normalise and stage all rows. Of a file of ordinary size the facts are found at once, and the import is
    then `in_review`; of a large one jobs are called for that do so, each for a range of keys (see `match`).

    Nothing is left of an attempt that fails. Memory is flat in the size of the file.

    Args:
        report: told the rows read so far, after each record batch.
    """
    run = import_queries.get_import(tx, import_id)
    if run.status != "preparing" or not import_queries.lock_staging(tx, import_id):
        return run  # Another worker got there first, or a person cancelled.
    began, staged_at = time.monotonic(), import_queries.get_clock(tx)
    staging.open_staging(tx, import_id)
    rows_read = _copy(tx, run, report)
    staging.seal(tx, import_id)
    seconds = {"read": time.monotonic() - began}
    run = import_queries.update_import(tx, import_id, rows_read=rows_read, reviewed_at=staged_at, seconds=seconds)
    ranges = facts.split(tx, import_id, rows_read, get_settings().rows_per_batch)
    if len(ranges) > 1:
        for each in ranges:
            arguments = {"of": staged_at.isoformat(), **each.as_arguments()}
            queue.defer(tx, "match_rows", run.id, run.organization_id, priority=queue.ONE_OF_MANY, **arguments)
        return run
    facts.find_facts(tx, import_id, run.channel, get_settings().rows_per_batch, ranges[0])
    return _finish(tx, run)


def match(tx: Connection, import_id: UUID, of: datetime, key_range: KeyRange) -> None:
    """Find the facts of the rows in a range of keys. Nothing is done where the import was staged anew since.

    Args:
        of: when the rows were staged.
    """
    run = import_queries.get_import(tx, import_id)
    if run.status != "preparing" or run.reviewed_at != of:
        return
    if staging.is_lost(tx, import_id):
        _stage_again(tx, run)
        return
    facts.find_facts(tx, import_id, run.channel, get_settings().rows_per_batch, key_range)


def finish_review(tx: Connection, import_id: UUID) -> Import | None:
    """Once the facts of all rows are found, the import is `in_review`; it is returned to the one call that did it."""
    if facts.count_matched(tx, import_id) != import_queries.get_import(tx, import_id).rows_read:
        return None
    run = import_queries.get_import(tx, import_id, lock=True)
    return _finish(tx, run) if run.status == "preparing" and run.reviewed_at else None


def _finish(tx: Connection, run: Import) -> Import:
    staging.close(tx, run.id)
    facts.compare_groups(tx, run.id)
    telling_apart.tell_apart(tx, run)
    addresses.find_addresses(tx, run)
    _apply_decisions(tx, run)
    review = counting.count_all(tx, run)
    seconds = {**run.seconds, "review": import_queries.count_seconds_since(tx, run.reviewed_at) - run.seconds["read"]}
    return import_queries.move(tx, run.id, ("preparing",), "in_review", review=review, seconds=seconds)


def _stage_again(tx: Connection, run: Import) -> None:
    """The database crashed after the rows were copied. Of those who notice, one calls for the file to be read again."""
    if import_queries.get_import(tx, run.id, lock=True).reviewed_at == run.reviewed_at:
        import_queries.update_import(tx, run.id, reviewed_at=None)
        queue.defer(tx, "stage_import", run.id, run.organization_id)


def report_reading(tx: Connection, import_id: UUID, rows_read: int) -> None:
    """Say how far the reading is, for the page; in a transaction beside the one that stages."""
    import_queries.report_reading(tx, import_id, rows_read)


def refresh_review(tx: Connection, run: Import) -> Import:
    """Count in what changed in the staged rows since they were counted."""
    review = run.review or {}
    review = {**review, **counting.count_differences(tx, run, review)}
    return import_queries.update_import(tx, run.id, review=review)


def _apply_decisions(tx: Connection, run: Import) -> None:
    """Rules remembered from the last import, and what was decided before the rows were staged anew."""
    hints.forget_hints(tx, run)
    if deciding.DECIDING_RULES.isdisjoint(run.rules) and not deciding.has_decisions(tx, run.id):
        return
    deciding.apply_to_groups(tx, run)
    keys = deciding.get_keys(tx, run.id, "conflict")
    if keys:
        deciding.apply_to_conflicts(tx, run, keys)
    addresses.apply_to_addresses(tx, run)


def get_ledger(tx: Connection, run: Import) -> dict[str, int]:
    """The ledger: as it would be under the present rules, or as it is once the import is over.

    What a cancelled import has not written is left out by whoever cancelled it.
    """
    is_closed = run.created is not None  # Not so for one that was paused or failed, and then taken back.
    if run.status in ("imported", "undoing", "undone") and is_closed:
        counts = {
            "read": run.rows_read,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
        }
        return {**counts, "merged": run.merged, "skipped": run.skipped, "rejected": run.rejected}  # type: ignore[dict-item]
    ledger = review_queries.get_ledger(tx, run, (run.review or {}).get("tally", []))
    if run.status not in ("cancelled", "undoing", "undone"):
        return ledger
    written = import_queries.count_written(tx, run.id)
    left_out = ledger["created"] + ledger["updated"] - written["created"] - written["updated"]
    return {**ledger, **written, "skipped": ledger["skipped"] + left_out}


def fail(tx: Connection, import_id: UUID, error: LeadStoreError) -> bool:
    """Keep why the import cannot go on; False where it was over, or stopped, before."""
    return import_queries.fail_import(tx, import_id, {"code": error.code, "detail": error.detail})


def get_reading(run: Import) -> Reading:
    """What the user chose for all rows of the file."""
    choices: dict[str, Any] = run.rules.get("phone_choices", {})
    return Reading(region=run.region, channel=run.channel, phone_choices=choices)


def _copy(tx: Connection, run: Import, report: Callable[[int], None]) -> int:
    """Rows read. While one record batch is on its way to the database, the next ones are read and normalised."""
    rows_read = 0
    with get_files().open(run.object_key) as file, staging.copying(tx, run.id) as copy:
        for rows in _normalised(read_batches(file, get_dialect(run)), get_mapping(run), get_reading(run)):
            staging.copy_rows(copy, rows)
            rows_read += rows.num_rows
            report(rows_read)
    pa.default_memory_pool().release_unused()  # More than all that follows needs, kept for batches that never come.
    return rows_read


def _normalised(batches: Iterable[pa.RecordBatch], mapping: Mapping, reading: Reading) -> Iterator[pa.RecordBatch]:
    """The batches in their order, a few of them ahead of whoever takes them."""
    coming: deque[Future[pa.RecordBatch]] = deque()
    with ThreadPoolExecutor(max_workers=BATCHES_AHEAD) as beside:
        for batch in batches:
            coming.append(beside.submit(normalise, batch, mapping, reading))
            if len(coming) > BATCHES_AHEAD:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
