"""Dispatches: a message to the leads of a finished import, handed over to Messaging.

A first message can only use what the organization itself gave: the columns of its file. Whom it goes to is frozen
when it is made; who opts out before it is handed over is left out even so.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from lead_store import imports
from lead_store.errors import Conflict, Invalid, LeadStoreError
from lead_store.intake.fields import Field
from lead_store.messaging.contract import Message
from lead_store.messaging.targets import get_target
from lead_store.messaging.templates import Template, check_template, normal_name
from lead_store.storage import dispatch_queries, idempotency_queries, queue
from lead_store.storage.dispatch_queries import Dispatch, get_dispatch, search_dispatches

__all__ = [
    "Dispatch",
    "Draft",
    "create_dispatch",
    "describe",
    "fail",
    "get_dispatch",
    "get_variables",
    "hand_over_next",
    "preview_audience",
    "retry_dispatch",
    "search_dispatches",
]

CALL = "dispatches"
QUEUE = "dispatches"
MAXIMUM_NAME_LENGTH = 255

ATTRIBUTES = (Field.COMPANY, Field.COUNTRY)


@dataclass(frozen=True)
class Draft:
    """A dispatch as somebody asks for it."""

    import_id: UUID
    channel: str
    template_body: str
    template_name: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Source:
    """Where the value of a variable is: a field of the organization's view, or one of its attributes."""

    field: str | None = None
    attribute: str | None = None
    is_first_word: bool = False


NAME, FIRST_NAME = Source(field="name"), Source(field="name", is_first_word=True)
# What a mapped field gives, beside the header of its column, which stands for the first of these.
VARIABLES_OF = {
    Field.NAME: {"name": NAME, "first_name": FIRST_NAME},
    Field.FIRST_NAME: {"first_name": FIRST_NAME, "name": NAME},
    Field.LAST_NAME: {"name": NAME},
    Field.PHONE: {"phone": Source(field="phone")},
    Field.EMAIL: {"email": Source(field="email")},
    Field.EXTERNAL_ID: {"external_id": Source(field="external_id")},
}


def create_dispatch(tx: Connection, draft: Draft, who: str, idempotency_key: str | None = None) -> Dispatch:
    """Check the message, freeze its audience and call for the handing over.

    Raises:
        NotFound: the organization has no such import.
        Conflict: `import_not_finished`.
        Invalid: `template_invalid`, `template_variable_unknown`, `channel_mismatch`, or an Idempotency-Key that came
            with another body before.
    """
    dispatch_id = uuid4()
    if idempotency_key:
        body = {name: str(value) for name, value in vars(draft).items()}
        target = idempotency_queries.claim(tx, CALL, idempotency_key, body, dispatch_id)
        if target != dispatch_id:
            return get_dispatch(tx, target)
    run = _require_finished(tx, draft)
    _find_audience(tx, run, draft)
    dispatch = dispatch_queries.insert_dispatch(
        tx,
        run,
        id=dispatch_id,
        channel=draft.channel,
        name=(draft.name or run.file_name)[:MAXIMUM_NAME_LENGTH],
        template_name=draft.template_name,
        template_body=draft.template_body,
        created_by=who,
    )
    _queue(tx, dispatch)
    return dispatch


def preview_audience(tx: Connection, draft: Draft) -> dict[str, int]:
    """How many people the message would go to (`accepted`), and how many not: `opted_out`, `missing_variable`.

    Raises the same as `create_dispatch`.
    """
    return _find_audience(tx, _require_finished(tx, draft), draft)


def get_variables(run: imports.Import) -> dict[str, Source]:
    """What a message to the leads of this import can use, by normal name: the columns of its file, and no more."""
    found: dict[str, Source] = {}
    for column in imports.get_mapping(run).columns:
        header = normal_name(column.header)
        if column.field is None and not column.is_dropped:
            found.setdefault(header, Source(attribute=column.header))
        elif column.field in ATTRIBUTES:
            source = Source(attribute=column.field.value)
            found |= {column.field.value: source, header: source}
        elif column.field in VARIABLES_OF:
            sources = VARIABLES_OF[column.field]
            found |= sources
            if column.field is not Field.LAST_NAME:  # The store keeps the whole name, not its last part.
                found[header] = next(iter(sources.values()))
    return {name: source for name, source in found.items() if name}


def describe(tx: Connection, dispatch: Dispatch) -> dict[str, Any]:
    """The dispatch object of the API."""
    counts = dispatch_queries.count_recipients(tx, dispatch.id)
    return {
        "dispatchId": str(dispatch.id),
        "status": dispatch.status,
        "audience": {
            "accepted": dispatch.accepted,
            "optedOut": dispatch.opted_out,
            "missingVariable": dispatch.missing_variable,
            "total": dispatch.total,
        },
        "handedOver": counts["handed_over"],
        "optedOutSince": counts["opted_out"],
        **({"error": dispatch.error} if dispatch.error else {}),
    }


def hand_over_next(tx: Connection, dispatch_id: UUID) -> bool:
    """Hand over one batch; False where none is left, or another worker is at it.

    A worker that dies between handing over and noting it hands the same batch over again, under the same key.
    """
    dispatch = dispatch_queries.lock_dispatch(tx, dispatch_id)
    if dispatch is None:
        return False
    batch_number = dispatch_queries.find_next_batch(tx, dispatch_id)
    if batch_number is None:
        dispatch_queries.set_status(tx, dispatch_id, "handed_over")
        return False
    sources = get_variables(imports.get_import(tx, dispatch.import_id))
    template = check_template(dispatch.template_body, sources)
    waiting = dispatch_queries.search_waiting(tx, dispatch_id, batch_number)
    messages = [
        _make_message(dispatch, template, sources, recipient) for recipient in waiting if not recipient["is_opted_out"]
    ]
    if messages:
        get_target().hand_over(dispatch.organization_id, f"{dispatch_id}-{batch_number:05}", messages)
    dispatch_queries.mark_batch(tx, dispatch_id, batch_number, [message.lead_id for message in messages])
    _queue(tx, dispatch)
    return True


def fail(tx: Connection, dispatch_id: UUID, error: LeadStoreError) -> None:
    """Keep why the handing over cannot go on."""
    dispatch_queries.set_status(tx, dispatch_id, "failed", {"code": error.code, "detail": error.detail})


def retry_dispatch(tx: Connection, dispatch_id: UUID) -> Dispatch:
    """Go on with a dispatch that failed. Raises Conflict where it has not failed."""
    dispatch = get_dispatch(tx, dispatch_id)
    if dispatch.status != "failed":
        raise Conflict("This dispatch has not failed, so there is nothing to try again.", code="dispatch_not_failed")
    dispatch_queries.set_status(tx, dispatch_id, "handing_over")
    _queue(tx, dispatch)
    return get_dispatch(tx, dispatch_id)


def _require_finished(tx: Connection, draft: Draft) -> imports.Import:
    status = imports.describe_requested(tx, draft.import_id)["status"]
    run = imports.find_import(tx, draft.import_id)
    if run is None or status != "imported":
        raise Conflict(
            f"This import is {status.replace('_', ' ')}. Messages can be sent once it is imported.",
            code="import_not_finished",
        )
    if draft.channel != run.channel:
        raise Invalid(
            f"The people of this import are reached by {run.channel}, not by {draft.channel}.", code="channel_mismatch"
        )
    return run


def _find_audience(tx: Connection, run: imports.Import, draft: Draft) -> dict[str, int]:
    sources = get_variables(run)
    template = check_template(draft.template_body, sources)
    required = [sources[variable] for variable in sorted(template.required)]
    return dispatch_queries.find_audience(
        tx,
        run,
        draft.channel,
        [source.field for source in required if source.field],
        [source.attribute for source in required if source.attribute],
    )


def _make_message(
    dispatch: Dispatch, template: Template, sources: dict[str, Source], recipient: dict[str, Any]
) -> Message:
    variables = {name: _value_of(sources[name], recipient) for name in sorted(template.used)}
    return Message(
        dispatch_id=dispatch.id,
        lead_id=recipient["lead_id"],
        channel=dispatch.channel,
        channel_identifier=recipient["channel_identifier"],
        template_name=dispatch.template_name,
        text=template.render(variables),
        variables=variables,
    )


def _value_of(source: Source, recipient: dict[str, Any]) -> str:
    value = recipient["attributes"].get(source.attribute) if source.attribute else recipient[source.field or ""]
    text = "" if value is None else str(value)
    return text.split()[0] if source.is_first_word and text else text


def _queue(tx: Connection, dispatch: Dispatch) -> None:
    queue.defer_once(
        tx, "hand_over", QUEUE, dispatch_id=str(dispatch.id), organization_id=str(dispatch.organization_id)
    )
