"""What an app runs beside itself where nothing is configured: the embedded database and a worker process.

However the app ends, its worker ends with it: the worker's standard input is a pipe that only the app holds.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn

from lead_store.settings import get_settings
from lead_store.storage import database, embedded

log = logging.getLogger(__name__)

# For answers that are under way when the app is to end. Whoever holds a connection and asks nothing, as browsers do
# that open some ahead of need, is not waited for any longer.
ANSWERS_SECONDS = 10
# Longer than a batch takes, so that the one at hand is finished.
WORKER_STOP_SECONDS = 60
WORKER_RESTART_SECONDS = 1


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Within: the embedded database and one worker run, and are stopped cleanly; nothing where the database is
    another one, whose workers run on their own."""
    _end_in_time()
    # What is loaded by now stays. To go through it at each collection takes a sixth of a call with 1,000 people.
    gc.collect()
    gc.freeze()
    if not get_settings().is_embedded:
        yield
        return
    await asyncio.to_thread(database.get_engine)
    keeping = asyncio.create_task(_keep_worker())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        # After a SIGTERM the server raises that signal again, so nothing is run at the exit.
        await asyncio.to_thread(release)


def release() -> None:
    """Let go of the embedded database, which stops where no other process uses it; nothing where it is another."""
    if get_settings().is_embedded:
        database.close_engine()
        embedded.release(get_settings().home)


def end_with_parent() -> None:
    """From here on, end as after a SIGTERM once standard input is closed: whoever started this process is gone.

    A pipe tells of that on every system, also where the parent was killed and could do nothing any more. The embedded
    database is joined first: whoever has not joined it cannot let go of it.
    """
    database.get_engine()

    def watch() -> None:
        # Past Python's buffer, whose lock would be held when the process ends in another way.
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end_in_time() -> None:
    """Bound the wait for connections of the uvicorn that serves this process; none by itself, and Streamlit has no
    setting for it."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if isinstance(server, uvicorn.Server) and server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = ANSWERS_SECONDS


async def _keep_worker() -> None:
    """One worker as a process of its own, begun anew when it dies, until this is cancelled."""
    while True:
        command = (sys.executable, "-m", "lead_store", "worker", "--until-stdin-closes")
        worker = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
        try:
            code = await worker.wait()
        except asyncio.CancelledError:
            await _stop(worker)
            raise
        log.warning("the worker ended with code %s; another one is started", code)
        await asyncio.sleep(WORKER_RESTART_SECONDS)


async def _stop(worker: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        worker.terminate()
    try:
        await asyncio.wait_for(worker.wait(), WORKER_STOP_SECONDS)
    except TimeoutError:
        log.warning("the worker does not stop; a batch that is cut off now is done again")
        worker.kill()
