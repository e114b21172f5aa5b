"""Imports: asked for, watched, paused, resumed, cancelled, undone, and their rejected rows."""

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator
from typing import Annotated, Any, BinaryIO, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy import Connection

from lead_store import imports
from lead_store.api import trouble
from lead_store.api.callers import Caller, calling
from lead_store.api.shapes import Shape, StrictRoute
from lead_store.storage.database import transaction
from lead_store.storage.files import COPY_BYTES

router = APIRouter(prefix="/organizations/{orgId}/leads/import", tags=["imports"], route_class=StrictRoute)
ImportCaller = Annotated[Caller, Depends(calling("imports"))]
JobId = Annotated[UUID, Path(alias="jobId")]
MOST_ROWS = 2**31 - 1
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]

Status = Literal[
    "received", "mapped", "preparing", "in_review", "importing", "paused", "imported", "undoing", "undone",
    "cancelled", "failed",
]  # fmt: skip
FieldName = Literal[
    "name", "first_name", "last_name", "phone", "email", "external_id", "tags", "opted_out", "company", "country", ""
]


class Reading(Shape):
    """How the file is read where it is not as it would be by itself."""

    sheet: Annotated[str | None, Field(max_length=255, description="Of a workbook.")] = None
    sheets_as_one: Annotated[bool, Field(description="Whether all sheets with its columns are read.")] = False
    header_row: Annotated[
        int | None, Field(ge=1, le=MOST_ROWS, description="As spreadsheet programs number rows; null: there is none.")
    ] = None
    cell_range: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST_ROWS)] | None] | None,
        Field(
            min_length=2,
            max_length=4,
            description="Of one of several tables: first and last row and, side by side, column; null: to the end.",
            examples=[[8, 10], [1, None, 4, 5]],
        ),
    ] = None


class ImportOrder(Shape):
    """What to import, and how. What is left out is as the organization last chose for a file with these headers."""

    s3_key: Annotated[str, Field(min_length=1, max_length=1024, examples=["imports/demo/people.csv"])]
    mapping: Annotated[
        dict[str, FieldName] | None,
        Field(max_length=1000, description='Header -> field; "" keeps the column as an attribute.'),
    ] = None
    region: Annotated[str | None, Field(pattern="^[A-Za-z]{2}$", examples=["BR"])] = None
    channel: Literal["whatsapp", "sms", "email"] | None = None
    on_existing: Literal["update", "fill", "skip"] | None = None
    notify_url: Annotated[str | None, Field(max_length=2048, examples=["https://example.com/imports"])] = None
    reading: Reading | None = None


class Job(Shape):
    """The import that was asked for."""

    job_id: UUID
    status: Status


class Ledger(Shape):
    """The account of every row: read is the sum of the others."""

    read: int
    created: int
    updated: int
    unchanged: int
    merged: int
    skipped: int
    rejected: int


class Repaired(Shape):
    """Values that were written in another form than E.164 and read with certainty."""

    phone: int


class SharedBy(Shape):
    """People of the file who share a value."""

    groups: int
    rows: int


class Shared(Shape):
    """Values that several people of the file share."""

    email: SharedBy
    phone: SharedBy


class Seconds(Shape):
    """How long each stage took so far."""

    read: float
    review: float
    import_: Annotated[float, Field(alias="import")]
    total: float


class WhyNot(Shape):
    """Why an import cannot go on, or waits for a person."""

    code: str
    detail: str


class ImportObject(Shape):
    """An import, as the command line shows it too."""

    job_id: UUID
    import_id: UUID
    status: Status
    ledger: Ledger
    problems: dict[str, int]
    repaired: Repaired
    shared: Shared
    seconds: Seconds
    rejected_rows: Annotated[str | None, Field(description="Path of the rejected rows, where there are some.")]
    dispatchable: bool
    waits_for: Annotated[
        Literal["columns", "start"] | None, Field(description="What a person has to do on the page before it goes on.")
    ] = None
    error: WhyNot | None = None
    left_out: Annotated[str | None, Field(description="Which tables or sheets of the file are not read.")] = None


LINKED_CALLS = (
    "get_import", "pause_import", "resume_import", "cancel_import", "undo_import", "get_rejected_rows",
)  # fmt: skip
ACCEPTED: dict[str, Any] = {
    "description": "Accepted",
    "headers": {"Location": {"schema": {"type": "string"}}},
    "links": {
        name: {"operationId": name, "parameters": {"orgId": "$request.path.orgId", "jobId": "$response.body#/jobId"}}
        for name in LINKED_CALLS
    },
}


@router.post("", status_code=202, responses={**trouble.tell(), 202: ACCEPTED})
def request_import(
    body: ImportOrder,
    caller: ImportCaller,
    request: Request,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Import an object of the storage. The same Idempotency-Key, or the same object, gives the same job back."""
    order = imports.Order(
        object_key=body.s3_key,
        mapping=body.mapping,
        region=body.region,
        channel=body.channel,
        on_existing=body.on_existing,
        notify_url=body.notify_url,
        reading=body.reading.model_dump(exclude_unset=True) if body.reading else None,
    )
    with transaction(caller.organization.id) as tx:
        requested = imports.request(tx, caller.organization, order, caller.who, idempotency_key)
        status = imports.describe_requested(tx, requested.id)["status"]
    response.headers["Location"] = _path_of(request, caller, requested.id)
    return Job.model_validate({"job_id": requested.id, "status": status})


@router.get("/{jobId}", response_model=ImportObject, responses=trouble.tell())
def get_import(job_id: JobId, caller: ImportCaller, request: Request) -> dict[str, Any]:
    """The import with its ledger: as it will be, once reviewed, and as it is, once imported."""
    with transaction(caller.organization.id) as tx:
        described = imports.describe_requested(tx, job_id)
    if described["ledger"]["rejected"]:
        described["rejectedRows"] = f"{_path_of(request, caller, job_id)}/rejected-rows"
    return {"jobId": job_id, **described}


@router.post("/{jobId}/pause", status_code=202, responses=trouble.tell(409))
def pause_import(job_id: JobId, caller: ImportCaller) -> Job:
    """Stop after the batches that are being done now."""
    return _act(imports.pause, job_id, caller)


@router.post("/{jobId}/resume", status_code=202, responses=trouble.tell(409))
def resume_import(job_id: JobId, caller: ImportCaller) -> Job:
    """Go on where it was paused, or where it failed after its start."""
    return _act(imports.resume, job_id, caller)


@router.post("/{jobId}/cancel", status_code=202, responses=trouble.tell(409))
def cancel_import(job_id: JobId, caller: ImportCaller) -> Job:
    """End it for good; what is imported already stays, and can be undone."""
    return _act(imports.cancel, job_id, caller)


@router.post("/{jobId}/undo", status_code=202, responses=trouble.tell(409))
def undo_import(job_id: JobId, caller: ImportCaller) -> Job:
    """Take the import back; what was changed since is kept."""
    return _act(imports.undo, job_id, caller)


CSV = {"description": "The rejected rows", "content": {"text/csv": {"schema": {"type": "string"}}}}


@router.get("/{jobId}/rejected-rows", response_class=StreamingResponse, responses={**trouble.tell(), 200: CSV})
def get_rejected_rows(job_id: JobId, caller: ImportCaller) -> StreamingResponse:
    """The rejected rows as CSV (UTF-8 with BOM): the file's own columns, then why each was rejected."""
    with transaction(caller.organization.id) as tx:
        written = _write_rejected_rows(tx, job_id)
    headers = {"Content-Disposition": f'attachment; filename="rejected-rows-{job_id}.csv"'}
    return StreamingResponse(_blocks(written), media_type="text/csv; charset=utf-8", headers=headers)


def _write_rejected_rows(tx: Connection, job_id: UUID) -> BinaryIO:
    """Into a file on disk, which the caller closes: there may be a million."""
    with contextlib.ExitStack() as on_failure:
        written = on_failure.enter_context(tempfile.TemporaryFile())
        imports.describe_requested(tx, job_id)  # Before the file is read, there is an import but no rows.
        run = imports.find_import(tx, job_id)
        if run is not None:
            text = io.TextIOWrapper(written, encoding="utf-8-sig", newline="")
            imports.write_rejected_rows(tx, run, text)
            text.detach()
        on_failure.pop_all()
    written.seek(0)
    return written


def _act(use_case: Callable[..., imports.Import], job_id: UUID, caller: Caller) -> Job:
    with transaction(caller.organization.id) as tx:
        run = use_case(tx, job_id, caller.who)
    return Job.model_validate({"job_id": run.id, "status": run.status})


def _path_of(request: Request, caller: Caller, job_id: UUID) -> str:
    """Also right where the API is mounted below a path."""
    root = request.scope.get("root_path", "").rstrip("/")
    return f"{root}/organizations/{caller.organization.slug}/leads/import/{job_id}"


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(COPY_BYTES):
            yield block
