"""Errors -> problem details (RFC 9457), each with a stable code; and how the OpenAPI document tells of them."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lead_store.api.shapes import Shape
from lead_store.errors import (
    Conflict,
    Invalid,
    LeadStoreError,
    NotAllowed,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
STATUSES: tuple[tuple[type[LeadStoreError], int], ...] = (
    (Unauthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (TooMany, 429),
    (Unavailable, 503),
)
CODES = {
    400: "json_invalid",
    404: "path_not_found",
    405: "method_not_allowed",
    408: "body_too_slow",
    413: "body_too_large",
    415: "content_type_unsupported",
}
RETRY_SECONDS = 5


class Pointer(Shape):
    """One place of the body, or one parameter, that cannot be used."""

    pointer: str
    detail: str


class ProblemDetails(Shape):
    """What went wrong (RFC 9457). `code` is stable; `detail` is for people and may change."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[Pointer] | None = None


def make_problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **values: Any
) -> JSONResponse:
    """The response for an error."""
    content = {
        "type": f"urn:lead-store:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **values,
    }
    return JSONResponse(content, status, headers, MEDIA_TYPE)


def tell(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a call that are problems, for its `responses`; those of every call are added."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in sorted({400, 401, 403, 404, 422, 429, 503, *statuses})
    }


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of the app become problem details."""
    app.add_exception_handler(LeadStoreError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


def _on_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LeadStoreError)
    status = next((status for family, status in STATUSES if isinstance(error, family)), 500)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        headers["Retry-After"] = str(error.values.get("retry_after_seconds", RETRY_SECONDS))
    return make_problem(status, error.code, error.detail, headers)


def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    """The places and rules that were broken, but not the values: they may be somebody's data."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": "/" + "/".join(str(part) for part in each["loc"]), "detail": each["msg"]}
        for each in error.errors()[:100]
    ]
    return make_problem(422, "body_invalid", "The request does not have the form that this call takes.", errors=errors)


def _on_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "http_error")
    return make_problem(error.status_code, code, str(error.detail), dict(error.headers or {}))
