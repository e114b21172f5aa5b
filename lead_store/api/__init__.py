"""The HTTP API: the use cases for programs. Mounted at /api beside the pages, or alone: uvicorn lead_store.api:app.

application    the app put together: routes, middleware, the OpenAPI document
callers        who calls: API key > organization, scope, allowance of calls
bodies         how much, how long and how deep a request may be
observing      request ids, log lines, counts and security headers
trouble        errors -> problem details (RFC 9457)
imports, leads, events, dispatches, health    routes by noun
"""

from lead_store.api.application import create_app

app = create_app()

__all__ = ["app", "create_app"]
