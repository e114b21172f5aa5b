"""The whole product as one ASGI app: the pages at /, the HTTP API at /api, and what is embedded beside them.

`streamlit run app.py` and `uvicorn app:app` both find `app`. With DATABASE_URL set, nothing is started here:
the database is migrated, and workers are run, on their own.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from lead_store import access, companions
from lead_store.api import app as api
from lead_store.errors import LeadStoreError
from pages.parts import trouble, uploads


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the embedded database and its worker, and stop them cleanly."""
    guarding = None if access.get_sign_in() else asyncio.create_task(access.refuse_open_addresses())
    try:
        async with companions.running():
            yield
    finally:
        if guarding:
            guarding.cancel()


def _protection() -> dict[str, Any]:
    """The sign-in that is configured in the environment; without one, walls around the local user."""
    try:
        sign_in = access.get_sign_in()
        if sign_in is None:
            access.require_loopback(access.find_listening_addresses())
    except LeadStoreError as error:
        sys.exit(error.detail)
    headers, on_disk = Middleware(access.PageHeaders), Middleware(uploads.UploadsOnDisk)
    if sign_in:
        cookies = Middleware(access.SignInCookies, is_https=sign_in.is_https)
        return {"secrets": sign_in.to_secrets(), "middleware": [headers, cookies, on_disk]}
    own_names = Middleware(TrustedHostMiddleware, allowed_hosts=access.LOCAL_HOSTS)
    return {"middleware": [headers, Middleware(access.LoopbackOnly), own_names, on_disk]}


def _to_first_page(request: Request) -> RedirectResponse:
    """The imports lie at /, where Streamlit has its first page; people type /imports, as the menu says."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.scope.get('root_path', '').rstrip('/')}/{query}")


app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=[Mount("/api", api), Route("/imports", _to_first_page)],
    # Fragments that refresh by themselves run without the frame, so what fails in them arrives here.
    on_script_error=trouble.show,
    **_protection(),
)
