"""What is seen of each request from outside: an id, a log line without personal data, counts, and safe headers."""

import logging
import time
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lead_store.api.trouble import make_problem

MAXIMUM_REQUEST_ID_LENGTH = 64
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}

registry = CollectorRegistry()
requests = Counter("lead_store_requests", "Answered requests.", ("method", "path", "status"), registry=registry)
seconds = Histogram("lead_store_request_seconds", "Time to the answer.", ("method", "path"), registry=registry)

log = structlog.wrap_logger(
    logging.getLogger("lead_store.api"),
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
)


def write_log_lines() -> None:
    """Let the log lines appear on stderr, whatever the server around the app does with its own."""
    logger = logging.getLogger("lead_store.api")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())
        logger.setLevel(logging.INFO)
        logger.propagate = False


class Observer:
    """Gives each request its id and notes its answer. Paths are noted as templates, bodies and queries never."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = _request_id(Headers(scope=scope).get("x-request-id"))
        began, status = time.monotonic(), 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as cause:
            # The text of an exception may hold a value of somebody's; where it was raised does not.
            log.error("request failed", request_id=request_id, error=type(cause).__name__, at=_place_of(cause))
            if status:
                raise
            detail = f"Something unexpected happened. Try again; if it stays, send us the request id {request_id}."
            await make_problem(500, "unexpected", detail)(scope, receive, send_noting)
        finally:
            _note(scope, request_id, status, time.monotonic() - began)


def _note(scope: Scope, request_id: str, status: int, took_seconds: float) -> None:
    # What a stranger may make up does not become a label: labels are kept for ever.
    path = getattr(scope.get("route"), "path", "unknown")
    method = scope["method"] if path != "unknown" else "any"
    requests.labels(method, path, status).inc()
    seconds.labels(method, path).observe(took_seconds)
    log.info(
        "request",
        request_id=request_id,
        method=scope["method"],
        path=path,
        status=status,
        milliseconds=round(took_seconds * 1000, 1),
    )


def _request_id(given: str | None) -> str:
    """The caller's own id where it is a plain word, so that both sides find the same call."""
    is_plain = given and len(given) <= MAXIMUM_REQUEST_ID_LENGTH and given.replace("-", "").replace("_", "").isalnum()
    return given if given and is_plain and given.isascii() else str(uuid4())


def _place_of(cause: BaseException) -> list[str]:
    places, traceback = [], cause.__traceback__
    while traceback:
        code = traceback.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}"
        if "lead_store" in code.co_filename or not traceback.tb_next:
            places.append(place)
        traceback = traceback.tb_next
    return places
