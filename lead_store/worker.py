"""The process that runs the tasks of `jobs`: until it is stopped, or until nothing is left to do.

A database that goes away is waited for; jobs of workers that died are taken over.
"""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from functools import cache
from typing import Any

import psycopg
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from lead_store import jobs
from lead_store.errors import Unavailable
from lead_store.settings import get_settings
from lead_store.storage import database, queue

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
STOP_POLL_SECONDS = 0.1
OUTAGE_POLL_SECONDS = 1.0
# Periodic tasks run at the start of a worker, too, where it missed their time: a laptop that is on for minutes gets its
# turn.
MAKE_UP_SECONDS = 3600.0


def _tell_nobody() -> None:
    pass


def run() -> None:
    """Run jobs until SIGTERM or Ctrl-C; the batch at hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # For the process, not for an event loop: each outage ends one, and a signal that comes then would be lost.
        signal.signal(number, lambda *_: stop.set())
    run_until(stop, ())


def run_until(stop: threading.Event, queues: Iterable[str], after_job: Callable[[], None] = _tell_nobody) -> None:
    """The same for some queues, in a thread, until `stop` is set; `after_job` is called at the end of each job."""

    async def wait() -> None:
        while not stop.is_set():
            await asyncio.sleep(STOP_POLL_SECONDS)

    while not stop.is_set():
        try:
            with database.transaction():
                pass  # The queue's connections would be waited for in silence, for half a minute.
            asyncio.run(_run_until(wait(), queues, stop, after_job))
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
    end: Coroutine[Any, Any, Any],
    queues: Iterable[str],
    stop: threading.Event,
    after_job: Callable[[], None] = _tell_nobody,
    *,
    waits_for_more: bool = True,
) -> None:
    """Work until `end` is over, or no job is left; the jobs at hand are finished first.

    Args:
        stop: what long jobs look at to end early.
        after_job: called at the end of each job.
    """
    stopping = asyncio.create_task(end)
    # The pool of connections is opened whole before anything is cut off: cancelled meanwhile, it would never end.
    async with open_app() as app:
        working = asyncio.create_task(_run(app, queues, stop, after_job, waits_for_more=waits_for_more))
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, stopping):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _run(
    app: App, queues: Iterable[str], stop: threading.Event, after_job: Callable[[], None], *, waits_for_more: bool
) -> None:
    """Work until cancelled; the jobs at hand are finished first.

    Raises:
        Unavailable: Procrastinate ended the worker by itself, as it does where its connection breaks, with no error.
    """

    async def tell(run_job: Callable[[], Awaitable[Any]], *_: Any) -> Any:
        try:
            return await run_job()
        finally:
            after_job()

    await _retry_stalled(app)
    worker = Worker(
        app,
        wait=waits_for_more,
        queues=queues or None,  # None: all of them
        concurrency=get_settings().worker_concurrency,
        delete_jobs="successful",
        additional_context={jobs.STOP: stop},
        worker_middleware=[tell],
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
    app.add_tasks_from(jobs.tasks, namespace=queue.NAMESPACE)
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
