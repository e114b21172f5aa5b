"""An import asked for by a program: an object in storage, received by a worker, mapped where that is sure.

    request > receive_requested > (the review) > start_if_requested

The rest is the import of everybody. Where the columns are not sure, it waits for a person on the page.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from lead_store.access import Organization, check_region
from lead_store.errors import Invalid, LeadStoreError, NotAllowed, NotFound
from lead_store.imports.mapping import IDENTIFIER_FIELDS, SURE, get_mapping, map_columns
from lead_store.imports.receiving import clean_name, make_key, receive, require_size
from lead_store.imports.reporting import describe
from lead_store.imports.reviewing import prepare
from lead_store.imports.running import start
from lead_store.intake import mapping as columns_to_fields
from lead_store.intake.fields import Field
from lead_store.intake.mapping import Mapping
from lead_store.messaging import outbound
from lead_store.storage import idempotency_queries, import_queries, import_request_queries, organization_queries, queue
from lead_store.storage.files import get_files
from lead_store.storage.import_queries import Import
from lead_store.storage.import_request_queries import ImportRequest
from lead_store.storage.matching import BUCKETS
from lead_store.storage.object_keys import check_key

CALL = "leads/import"


@dataclass(frozen=True)
class Order:
    """What to import, and how; what is None is as the organization last chose for such a file, or the default."""

    object_key: str
    mapping: Dictionary[str, str] | None = None
    region: str | None = None
    channel: str | None = None
    on_existing: str | None = None
    notify_url: str | None = None
    reading: Dictionary[str, Any] | None = None
    """What is fixed of how it is read, as for `receive`."""


def request(
    tx: Connection, organization: Organization, order: Order, who: str, idempotency_key: str | None = None
) -> ImportRequest:
    """Ask for the import of an object; a worker does the rest.

    The same Idempotency-Key gives the same request back, and so does the same content under the same key with
    the same options, unless that import ended without its leads.

    Raises:
        NotAllowed: `object_key_forbidden`, not below the organization's own prefix.
        NotFound: `object_not_found`.
        Invalid: the region or the URL, or an Idempotency-Key that came with another body before.
    """
    _require_own(organization, order.object_key)
    if order.notify_url:
        outbound.check_url(order.notify_url)
    options = {name: value for name, value in asdict(order).items() if name != "object_key" and value is not None}
    options["region"] = check_region(order.region)
    request_id = uuid4()
    if idempotency_key:
        body = {"object_key": order.object_key, **options}
        target = idempotency_queries.claim(tx, CALL, idempotency_key, body, request_id)
        if target != request_id:
            return import_request_queries.get_request(tx, target)
    etag = get_files().find_etag(order.object_key)
    if etag is None:
        raise NotFound(f"There is no object {order.object_key!r}.", code="object_not_found")
    import_request_queries.lock_object(tx, order.object_key)
    same = import_request_queries.find_same(tx, order.object_key, etag, options)
    if same:
        if idempotency_key:
            idempotency_queries.point(tx, CALL, idempotency_key, same.id)
        return same
    new = import_request_queries.insert_request(
        tx, id=request_id, requested_by=who, object_key=order.object_key, etag=etag, options=options
    )
    queue.defer(tx, "receive_import", new.id, organization.id)
    return new


def receive_requested(tx: Connection, request_id: UUID) -> Import:
    """Read the object of a request and go on to the review where its columns are sure; safe to repeat.

    Raises:
        NotFound: the object is gone, or another one by now.
        Unreadable: it is no spreadsheet, or too large.
    """
    requested = import_request_queries.get_request(tx, request_id)
    received = import_queries.find_import(tx, request_id)
    if received:
        return received
    organization = organization_queries.find_organization(tx, str(requested.organization_id))
    assert organization is not None
    require_size(get_files().find_size(requested.object_key) or 0)
    with get_files().open(requested.object_key) as content:
        if get_files().find_etag(requested.object_key) != requested.etag:
            raise NotFound("The object is not the one any more that was asked for.", code="object_changed")
        run = receive(
            tx,
            organization,
            requested.object_key.rsplit("/", 1)[-1],
            content,
            requested.requested_by,
            import_id=request_id,
            reading=requested.options.get("reading"),
            region=requested.options.get("region") or organization.default_region,
            notify_url=requested.options.get("notify_url"),
        )
    return _map_where_sure(tx, run, requested)


def refuse(tx: Connection, request_id: UUID, error: LeadStoreError) -> bool:
    """Keep why nothing can come of a request, as an import that failed, where people see it too.

    False where it has become an import before.
    """
    requested = import_request_queries.get_request(tx, request_id)
    if import_queries.find_import(tx, request_id):
        return False
    kept = {"code": error.code, "detail": error.detail}
    import_request_queries.keep_error(tx, request_id, kept, is_waiting=False)
    file_name = clean_name(requested.object_key.rsplit("/", 1)[-1])
    import_queries.insert_import(
        tx,
        id=request_id,
        created_by=requested.requested_by,
        file_name=file_name,
        object_key=make_key(requested.organization_id, request_id, file_name),  # Nothing lies there.
        byte_count=0,
        sha256="",
        status="failed",
        error=kept,
        notify_url=requested.options.get("notify_url"),
    )
    import_queries.add_history(tx, request_id, requested.requested_by, "could not be read", **kept)
    return True


def start_if_requested(tx: Connection, import_id: UUID) -> bool:
    """Carry out a reviewed import that a program asked for; False where a person looks at the review first."""
    run = import_queries.get_import(tx, import_id)
    requested = import_request_queries.find_request(tx, import_id)
    if run.status != "in_review" or requested is None or requested.error is not None:
        return False
    start(tx, import_id, requested.requested_by)
    return True


def describe_requested(tx: Connection, import_id: UUID) -> dict[str, Any]:
    """The import object, also before a worker has read the file, and `waitsFor`: what a person has to do.

    Raises:
        NotFound: the organization has no such import.
    """
    run, requested = import_queries.find_import(tx, import_id), import_request_queries.find_request(tx, import_id)
    if run is None:
        if requested is None:
            raise NotFound("There is no such import in this organization.", code="import_not_found")
        return describe_unread(requested)
    described = describe(tx, run)
    if run.status == "received":
        described["waitsFor"] = "columns"
        if requested and requested.error:
            described["error"] = requested.error
    elif run.status in ("mapped", "in_review"):
        described["waitsFor"] = "start"
    return described


def describe_unread(requested: ImportRequest) -> dict[str, Any]:
    """The import object of a request whose object is still to be read."""
    none = {"groups": 0, "rows": 0}
    return {
        "importId": str(requested.id),
        "status": "received",
        "ledger": dict.fromkeys(("read", *BUCKETS), 0),
        "problems": {},
        "repaired": {"phone": 0},
        "shared": {"email": none, "phone": none},
        "seconds": {"read": 0.0, "review": 0.0, "import": 0.0, "total": 0.0},
        "rejectedRows": None,
        "dispatchable": False,
    }


def _map_where_sure(tx: Connection, run: Import, requested: ImportRequest) -> Import:
    options, who = requested.options, requested.requested_by
    channel = options.get("channel") or run.channel
    try:
        chosen = columns_to_fields.with_columns(get_mapping(run), options.get("mapping") or {})
    except Invalid as error:
        return _wait_for_a_person(tx, run, error.code, error.detail)
    if not _may_go_on(run, chosen, channel):
        missing = columns_to_fields.check(chosen, channel)
        detail = " ".join(missing) or "It is not sure which column identifies the people."
        return _wait_for_a_person(tx, run, "mapping_unsure", detail)
    run = map_columns(
        tx,
        run.id,
        chosen,
        who,
        region=options.get("region") or run.region,
        channel=channel,
        on_existing=options.get("on_existing") or run.on_existing,
    )
    return prepare(tx, run.id, who)


def _may_go_on(run: Import, chosen: Mapping, channel: str) -> bool:
    """A mapping that a person saved for such a file is as good as sure."""
    is_saved = bool((run.inspection or {}).get("saved_mapping"))
    identifying = chosen.columns_of(Field(IDENTIFIER_FIELDS[channel]))
    is_sure = any(column.confidence >= SURE for column in identifying)
    return not columns_to_fields.check(chosen, channel) and (is_saved or is_sure)


def _wait_for_a_person(tx: Connection, run: Import, code: str, detail: str) -> Import:
    error = {"code": code, "detail": f"{detail} Match the columns on the page of this import."}
    import_request_queries.keep_error(tx, run.id, error, is_waiting=True)
    return run


def _require_own(organization: Organization, object_key: str) -> None:
    """Raises NotAllowed for a key that is not below the organization's prefix, or that tries to leave it."""
    try:
        parts = check_key(object_key).parts
    except Invalid:
        parts = tuple[str, ...]()
    is_plain = "/".join(parts) == object_key and len(parts) > 2
    prefixes = [("imports", organization.slug), ("imports", str(organization.id))]
    if not is_plain or parts[:2] not in prefixes:
        raise NotAllowed(f"The key has to begin with imports/{organization.slug}/.", code="object_key_forbidden")
