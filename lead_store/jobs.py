"""Tasks of the queue, each one use case in a transaction of its own. The process that runs them is `worker`."""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate import Blueprint, RetryStrategy
from sqlalchemy import Connection

from lead_store import access, dispatches, imports, privacy, webhooks
from lead_store.errors import LeadStoreError, Unavailable
from lead_store.storage import database, queue

log = logging.getLogger(__name__)

# A database that restarts is back within seconds; what fails five times in a row needs a person.
ATTEMPTS = 5
KeepError = Callable[[Connection, UUID, LeadStoreError], None]
tasks = Blueprint()
RETENTION_TIMES = "17 * * * *"
RETRIES = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2)
# The name of a worker's signal to stop in the context of its jobs.
STOP = "stop"


class _Stopped(Exception):
    """The worker is to stop, and the job at hand is too long to be waited for."""


@tasks.task(name="receive_import", retry=RETRIES, pass_context=True)
def receive_import(context, import_id: str, organization_id: str) -> None:
    """Read the object that a program asked to import."""
    with (
        _failing(context, organization_id, import_id, _refuse),
        database.transaction(organization_id) as tx,
    ):
        imports.receive_requested(tx, UUID(import_id))


@tasks.task(name="stage_import", retry=RETRIES, pass_context=True)
def stage_import(context, import_id: str, organization_id: str) -> None:
    """Stage all rows of an import for its review.

    A file of a gigabyte takes minutes, and can be read again: where the worker is to stop meanwhile, another one
    does it.
    """

    def report(rows_read: int) -> None:
        if context.additional_context[STOP].is_set():
            raise _Stopped
        with database.transaction(organization_id) as beside:
            imports.report_reading(beside, UUID(import_id), rows_read)

    try:
        with _failing(context, organization_id, import_id), database.transaction(organization_id) as tx:
            _go_on(tx, imports.stage(tx, UUID(import_id), report))
    except _Stopped:
        with database.transaction(organization_id) as tx:
            queue.defer(tx, "stage_import", UUID(import_id), UUID(organization_id))


@tasks.task(name="match_rows", retry=RETRIES, pass_context=True)
def match_rows(context, import_id: str, organization_id: str, of: str, **key_range: Any) -> None:
    """Find the facts of a range of a large import's rows; after the last one, its review is ready."""
    with _failing(context, organization_id, import_id):
        with database.transaction(organization_id) as tx:
            imports.match(tx, UUID(import_id), datetime.fromisoformat(of), imports.KeyRange(**key_range))
        with database.transaction(organization_id) as tx:
            reviewed = imports.finish_review(tx, UUID(import_id))
            if reviewed:
                _go_on(tx, reviewed)


def _go_on(tx: Connection, run: imports.Import) -> None:
    if run.status == "in_review":
        imports.apply_edits_again(tx, run)
    imports.start_if_requested(tx, run.id)


@tasks.task(name="begin_import", retry=RETRIES, pass_context=True)
def begin_import(context, import_id: str, organization_id: str) -> None:
    """Count what needs no writing, and call for the batches of a started import."""
    with _failing(context, organization_id, import_id), database.transaction(organization_id) as tx:
        imports.begin(tx, UUID(import_id))


@tasks.task(name="import_batch", retry=RETRIES, pass_context=True)
def import_batch(context, import_id: str, organization_id: str) -> None:
    """Do the next batch of an import; after the last one, close its ledger."""
    with _failing(context, organization_id, import_id):
        with database.transaction(organization_id) as tx:
            did_one = imports.run_next_batch(tx, UUID(import_id))
        if not did_one:
            with database.transaction(organization_id) as tx:
                if imports.finish(tx, UUID(import_id)):
                    webhooks.announce_import(tx, UUID(import_id))


@tasks.task(name="keep_cells", retry=RETRIES)
def keep_cells(import_id: str, organization_id: str) -> None:
    """Keep the cells of rejected rows with them, for those who look at a review."""
    with database.transaction(organization_id) as tx:
        imports.keep_cells(tx, UUID(import_id))


@tasks.task(name="look_closer", retry=RETRIES)
def look_closer(import_id: str, organization_id: str) -> None:
    """Find what is odd about a reviewed file, and whom we may know already."""
    with database.transaction(organization_id) as tx:
        imports.look_closer(tx, UUID(import_id))


@tasks.task(name="undo_import", retry=RETRIES, pass_context=True)
def undo_import(context, import_id: str, organization_id: str) -> None:
    """Find what must stay when an import is taken back, and call for its batches."""
    with _failing(context, organization_id, import_id), database.transaction(organization_id) as tx:
        imports.begin_undo(tx, UUID(import_id))


@tasks.task(name="undo_batch", retry=RETRIES, pass_context=True)
def undo_batch(context, import_id: str, organization_id: str) -> None:
    """Take back one batch of an import; after the last one, close the undo."""
    with _failing(context, organization_id, import_id):
        with database.transaction(organization_id) as tx:
            did_one = imports.undo_next_batch(tx, UUID(import_id))
        if not did_one:
            with database.transaction(organization_id) as tx:
                if imports.finish_undo(tx, UUID(import_id)):
                    webhooks.announce_import(tx, UUID(import_id))


@tasks.task(name="deliver", retry=RETRIES)
def deliver(delivery_id: str, organization_id: str) -> None:
    """Send a message to a webhook once; further attempts are jobs of their own."""
    with database.transaction(organization_id) as tx:
        webhooks.deliver(tx, UUID(delivery_id))


@tasks.task(name="mail_import", retry=RETRIES)
def mail_import(import_id: str, organization_id: str) -> None:
    """Tell the uploader by e-mail that an import is over."""
    with database.transaction(organization_id) as tx:
        webhooks.mail_import(tx, UUID(import_id))


@tasks.task(name="hand_over", retry=RETRIES, pass_context=True)
def hand_over(context, dispatch_id: str, organization_id: str) -> None:
    """Hand the next batch of a dispatch over to Messaging."""
    with (
        _failing(context, organization_id, dispatch_id, dispatches.fail),
        database.transaction(organization_id) as tx,
    ):
        dispatches.hand_over_next(tx, UUID(dispatch_id))


@tasks.periodic(cron=RETENTION_TIMES)
@tasks.task(name="apply_retention", retry=RETRIES)
def apply_retention(timestamp: int) -> None:
    """Remove files, staged rows and keys of calls that organizations have kept long enough."""
    with database.transaction() as tx:
        organizations = access.search_organizations(tx)
    for organization in organizations:
        is_done = False
        while not is_done:
            with database.transaction(organization.id) as tx:
                is_done = not privacy.remove_expired(tx, organization)
        with database.transaction(organization.id) as tx:
            privacy.forget_calls(tx)


def _fail(tx: Connection, import_id: UUID, error: LeadStoreError) -> None:
    if imports.fail(tx, import_id, error):
        webhooks.announce_import(tx, import_id)


def _refuse(tx: Connection, import_id: UUID, error: LeadStoreError) -> None:
    if imports.refuse(tx, import_id, error):
        webhooks.announce_import(tx, import_id)


@contextlib.contextmanager
def _failing(context, organization_id: str, import_id: str, keep: KeepError = _fail):
    """What retrying does not help, or has not helped, ends the import with a sentence and a way on."""
    try:
        yield
    except _Stopped:
        raise
    except Exception as cause:
        is_last = context.job.attempts + 1 >= ATTEMPTS
        is_permanent = isinstance(cause, LeadStoreError) and cause.is_permanent
        if not (is_last or is_permanent):
            raise
        log.exception("import %s failed", import_id)
        error = cause if isinstance(cause, LeadStoreError) else Unavailable(
            "Something unexpected stopped this import. Nothing is half-written. Try again; if it stops again,"
            " send us its number.",
            code="unexpected",
        )  # fmt: skip
        with database.transaction(organization_id) as tx:
            keep(tx, UUID(import_id), error)
