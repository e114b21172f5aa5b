"""Events about people, in the one form that all sources are brought into (EventNormalized)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from pydantic import AwareDatetime, BeforeValidator, Discriminator, Field, Tag

from lead_store import events, leads
from lead_store.api import trouble
from lead_store.api.callers import Caller, calling
from lead_store.api.leads import ItemTrouble, Profile
from lead_store.api.shapes import Shape, StrictRoute
from lead_store.storage.database import transaction

router = APIRouter(prefix="/organizations/{orgId}/events", tags=["events"], route_class=StrictRoute)
EventCaller = Annotated[Caller, Depends(calling("events"))]

EXAMPLE = {
    "eventId": "hotmart-HP17219",
    "type": "purchase_approved",
    "occurredAt": "2026-03-02T14:05:00-03:00",
    "source": "hotmart",
    "channel": "whatsapp",
    "channelIdentifier": "+5511987654321",
    "lead": {"name": "Ana Souza", "email": "ana@example.com"},
    "data": {"product": "Course", "price": {"value": 197.0, "currency": "BRL"}},
}


def _require_text(value: Any) -> Any:
    """A number could be seconds or milliseconds, so it is not guessed at."""
    if not isinstance(value, str):
        raise ValueError("a time is a text such as 2026-03-02T14:05:00-03:00")
    return value


class EventNormalized(Shape):
    """One event about one person."""

    schema_version: Annotated[Literal[1], Field(description="Of this form; 1 where it is left out.")] = 1
    event_id: Annotated[str, Field(min_length=1, max_length=200, description="The same id is the same event.")]
    type: events.EventType
    occurred_at: Annotated[AwareDatetime, BeforeValidator(_require_text), Field(description="RFC 3339, with offset.")]
    source: Annotated[str, Field(min_length=1, max_length=100, description="The system it comes from.")]
    channel: Annotated[str, Field(max_length=32, description="whatsapp, sms or email.")]
    channel_identifier: Annotated[str, Field(max_length=500, description="An E.164 number, or an e-mail address.")]
    lead: Annotated[Profile, Field(description="What the event tells of the person; fills blanks only.")] = Profile()
    data: Annotated[dict[str, Any], Field(description="What else it tells, by type and source.")] = Field(
        default_factory=dict
    )


class EventAnswer(Shape):
    """What became of one event."""

    event_id: str
    status: Literal["accepted", "duplicate", "refused"]
    lead_id: UUID | None = None
    problem: ItemTrouble | None = None


class EventAnswers(Shape):
    """One answer per event, in the order sent."""

    events: list[EventAnswer]


Events = Annotated[list[EventNormalized], Field(max_length=events.MAXIMUM_EVENTS)]
# Told apart by their kind of JSON, so that what is wrong is said of the one that was meant.
OneOrMore = Annotated[
    Annotated[EventNormalized, Tag("event")] | Annotated[Events, Tag("list")],
    Discriminator(lambda given: "list" if isinstance(given, list) else "event"),
]


@router.post("", status_code=202, response_model_exclude_none=True, responses=trouble.tell())
def record_events(body: Annotated[OneOrMore, Body(examples=[EXAMPLE])], caller: EventCaller) -> EventAnswers:
    """Keep an event, or a list of them. Somebody unknown becomes a lead; an event sent again changes nothing."""
    given = [_as_event(one) for one in ([body] if isinstance(body, EventNormalized) else body)]
    with transaction(caller.organization.id) as tx:
        recorded = events.record(tx, given, caller.organization.default_region)
    return EventAnswers(events=[_as_answer(one) for one in recorded])


def _as_event(given: EventNormalized) -> events.Event:
    person = leads.Person(
        channel=given.channel,
        channel_identifier=given.channel_identifier,
        name=given.lead.name,
        email=given.lead.email,
        phone=given.lead.phone,
        external_id=given.lead.external_id,
        attributes=given.lead.texts(),
    )
    return events.Event(given.event_id, given.type, given.occurred_at, given.source, person, given.data)


def _as_answer(one: events.Recorded) -> EventAnswer:
    if one.problem:
        problem = ItemTrouble(code=one.problem.code, detail=one.problem.detail)
        return EventAnswer(event_id=one.event_id, status="refused", problem=problem)
    return EventAnswer(event_id=one.event_id, status="accepted" if one.is_new else "duplicate", lead_id=one.lead_id)
