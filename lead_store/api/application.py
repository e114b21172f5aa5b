"""The app put together: routes, middleware, errors, and the OpenAPI document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from lead_store import companions
from lead_store.api import dispatches, events, health, imports, leads
from lead_store.api.bodies import BodyGuard
from lead_store.api.observing import Observer, write_log_lines
from lead_store.api.trouble import ProblemDetails, answer_with_problems
from lead_store.storage import database

VERSION = "1.0.0"
ABOUT = """
Leads for programs: import an object of the storage, resolve or create people in lists, send events, dispatch.

An API key belongs to one organization and is sent as `Authorization: Bearer <api key>`. Errors are
`application/problem+json` (RFC 9457) with a stable `code`.
"""


def create_app() -> FastAPI:
    """A new app; alone or mounted, it needs nothing but its settings."""
    app = FastAPI(
        title="Leads",
        version=VERSION,
        description=ABOUT,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    for noun in (imports, leads, events, dispatches, health):
        app.include_router(noun.router)
    answer_with_problems(app)
    write_log_lines()
    app.add_middleware(BodyGuard)
    app.add_middleware(Observer)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Reached only where the API is served alone; mounted, the app around it does the same."""
    async with companions.running():
        await asyncio.to_thread(database.get_engine)
        yield


def _describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, in which every error has the one shape that it has."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schemas = document["components"]["schemas"]
        schemas["ProblemDetails"] = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schemas["ProblemDetails"].pop("$defs", {}))
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = document
    return app.openapi_schema
