"""The worker: tasks of the queue, each one use case in a transaction of its own, and the process that runs them."""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from procrastinate import App, Blueprint, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from sqlalchemy import Connection

from lead_store import access, dispatches, imports, privacy, webhooks
from lead_store.errors import LeadStoreError, Unavailable
from lead_store.settings import get_settings
from lead_store.storage import database, queue

log = logging.getLogger(__name__)

# A database that restarts is back within seconds; what fails five times in a row needs a person.
ATTEMPTS = 5
POLL_SECONDS = 2.0
STOP_POLL_SECONDS = 0.1
OUTAGE_POLL_SECONDS = 1.0
KeepError = Callable[[Connection, UUID, LeadStoreError], None]
tasks = Blueprint()
# Each hour, and at the start of a worker for the hour before: a laptop that is on for minutes gets its turn, too.
RETENTION_TIMES = "17 * * * *"
MAKE_UP_SECONDS = 3600.0
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


def run_worker() -> None:
    """Run jobs until SIGTERM or Ctrl-C; the batch at hand is finished first.

    A database that goes away is waited for. Jobs of workers that died are taken over.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # For the process, not for an event loop: each outage ends one, and a signal that comes then would be lost.
        signal.signal(number, lambda *_: stop.set())
    run_worker_until(stop, ())


def run_worker_until(stop: threading.Event, queues: Iterable[str]) -> None:
    """The same for some queues, in a thread, until `stop` is set."""

    async def wait() -> None:
        while not stop.is_set():
            await asyncio.sleep(STOP_POLL_SECONDS)

    while not stop.is_set():
        try:
            with database.transaction():
                pass  # The queue's connections would be waited for in silence, for half a minute.
            asyncio.run(_run_until(wait(), queues, stop))
        except (ConnectorException, psycopg.OperationalError, Unavailable) as cause:
            log.warning("the database is away, waiting for it: %s", cause)
            stop.wait(OUTAGE_POLL_SECONDS)


def work_through(seconds: float) -> bool:
    """Run jobs until none is ready or the time is over; True where some are left. The batch at hand is finished
    first, so that the call may take that much longer."""
    deadline = time.monotonic() + seconds
    while True:
        with database.transaction() as tx:
            if not queue.has_ready_jobs(tx):
                return False
        left_seconds = deadline - time.monotonic()
        if left_seconds <= 0:
            return True
        # The jobs that are ready now; what they call for is ready the next time.
        asyncio.run(_run_until(asyncio.sleep(left_seconds), (), threading.Event(), waits_for_more=False))


async def _run_until(
    end: Coroutine[Any, Any, Any], queues: Iterable[str], stop: threading.Event, *, waits_for_more: bool = True
) -> None:
    """Work until `end` is over, or no job is left; the jobs at hand are finished first.

    Args:
        stop: what long jobs look at to end early.
    """
    stopping = asyncio.create_task(end)
    # The pool of connections is opened whole before anything is cut off: cancelled meanwhile, it would never end.
    async with open_app() as app:
        working = asyncio.create_task(_run(app, queues, stop, waits_for_more=waits_for_more))
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, stopping):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _run(app: App, queues: Iterable[str], stop: threading.Event, *, waits_for_more: bool) -> None:
    """Work until cancelled; the jobs at hand are finished first.

    Raises:
        Unavailable: Procrastinate ended the worker by itself, as it does where its connection breaks, with no error.
    """
    await _retry_stalled(app)
    worker = Worker(
        app,
        wait=waits_for_more,
        queues=queues or None,  # None: all of them
        concurrency=get_settings().worker_concurrency,
        delete_jobs="successful",
        additional_context={STOP: stop},
        update_heartbeat_interval=queue.HEARTBEAT_SECONDS,
        stalled_worker_timeout=queue.STALLED_AFTER_SECONDS,
        fetch_job_polling_interval=POLL_SECONDS,
        install_signal_handlers=False,
    )
    rescuer = asyncio.create_task(_rescue_stalled(app, worker))
    try:
        await worker.run()
        if waits_for_more:
            raise Unavailable("The worker lost its connection to the queue.", code="queue_unavailable")
    finally:
        # A cancellation is lost where it meets a connection that just breaks, so one is not enough.
        while not rescuer.done():
            rescuer.cancel()
            await asyncio.wait({rescuer}, timeout=STOP_POLL_SECONDS)
        if not rescuer.cancelled() and rescuer.exception():
            log.warning("jobs of dead workers could not be looked for: %s", rescuer.exception())


@contextlib.asynccontextmanager
async def open_app() -> AsyncIterator[App]:
    """The app with its tasks, connected to the queue.

    The connector of the very app to which the tasks belong is replaced: periodic tasks defer themselves through
    that one, and a worker whose periodic task cannot do so stops.
    """
    with _get_app().replace_connector(queue.get_connector()) as app:
        async with app.open_async():
            yield app


@cache
def _get_app() -> App:
    """The app with the tasks. One for the process: adding tasks to a second one, as after an outage, renames them,
    and none would be found."""
    app = App(connector=SyncPsycopgConnector(), periodic_defaults={"max_delay": MAKE_UP_SECONDS})
    app.add_tasks_from(tasks, namespace=queue.NAMESPACE)
    return app


async def _rescue_stalled(app: App, worker: Worker) -> None:
    while True:
        await asyncio.sleep(queue.HEARTBEAT_SECONDS)
        if worker.worker_id is not None:
            # Procrastinate's own heartbeat ends when a worker is asked to stop; another one would take over the batch
            # that it still has to finish.
            await app.job_manager.update_heartbeat(worker.worker_id)
        await _retry_stalled(app)


async def _retry_stalled(app: App) -> None:
    """Put jobs of dead workers back into the queue: a batch is done whole or not at all, so it can be repeated."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=queue.STALLED_AFTER_SECONDS):
        await app.job_manager.retry_job(job)
