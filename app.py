"""The whole product as one ASGI app: the pages at /, the HTTP API at /api, and what is embedded beside them.

`streamlit run app.py` and `uvicorn app:app` both find `app`. With DATABASE_URL set, nothing is started here:
the database is migrated, and workers are run, on their own.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from lead_store import access
from lead_store.api import app as api
from lead_store.errors import LeadStoreError
from lead_store.settings import get_settings
from lead_store.storage import database, embedded
from pages.parts import trouble

log = logging.getLogger("lead_store.app")

# Longer than a batch takes, so that the one at hand is finished.
WORKER_STOP_SECONDS = 60
WORKER_RESTART_SECONDS = 1


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the embedded database and its worker, and stop them cleanly."""
    guarding = None if access.get_sign_in() else asyncio.create_task(access.refuse_open_addresses())
    try:
        async with _embedded_parts():
            yield
    finally:
        if guarding:
            guarding.cancel()


@asynccontextmanager
async def _embedded_parts() -> AsyncIterator[None]:
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
        database.get_engine().dispose()
        # After a SIGTERM the server raises that signal again, so nothing is run at the exit.
        await asyncio.to_thread(embedded.release, get_settings().home)


async def _keep_worker() -> None:
    """One worker as a process of its own, begun anew when it dies, until this is cancelled."""
    while True:
        worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "lead_store", "worker")
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


def _protection() -> dict[str, Any]:
    """The sign-in that is configured in the environment; without one, walls around the local user."""
    try:
        sign_in = access.get_sign_in()
        if sign_in is None:
            access.require_loopback(access.find_listening_addresses())
    except LeadStoreError as error:
        sys.exit(error.detail)
    headers = Middleware(access.PageHeaders)
    if sign_in:
        cookies = Middleware(access.SignInCookies, is_https=sign_in.is_https)
        return {"secrets": sign_in.to_secrets(), "middleware": [headers, cookies]}
    own_names = Middleware(TrustedHostMiddleware, allowed_hosts=access.LOCAL_HOSTS)
    return {"middleware": [headers, Middleware(access.LoopbackOnly), own_names]}


app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=[Mount("/api", api)],
    # Fragments that refresh by themselves run without the frame, so what fails in them arrives here.
    on_script_error=trouble.show,
    **_protection(),
)
