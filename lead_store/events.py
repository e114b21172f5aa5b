"""Events that happened to people elsewhere: each is kept once, and the person exists as a lead from then on.

A purchase, a form or a delivered campaign about somebody unknown creates the lead, by the same upsert as an
import. What the domain itself tells others is left to `webhooks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store import leads
from lead_store.errors import Invalid
from lead_store.storage import event_queries

MAXIMUM_EVENTS = 1_000


class EventType(StrEnum):
    """What can happen to a person. The list grows; a type never changes its meaning."""

    PURCHASE_APPROVED = "purchase_approved"  # A payment was taken.
    PURCHASE_REFUNDED = "purchase_refunded"  # A payment was given back, or charged back.
    CART_ABANDONED = "cart_abandoned"  # A purchase was begun and not finished.
    SUBSCRIPTION_STARTED = "subscription_started"
    SUBSCRIPTION_CANCELLED = "subscription_cancelled"
    FORM_SUBMITTED = "form_submitted"  # The person left their data in a form.
    CAMPAIGN_SENT = "campaign_sent"  # A message of a campaign was given to the channel.
    CAMPAIGN_DELIVERED = "campaign_delivered"  # It reached the person's device.
    CAMPAIGN_READ = "campaign_read"
    CAMPAIGN_CLICKED = "campaign_clicked"
    CAMPAIGN_FAILED = "campaign_failed"  # The channel refused it; `data` says why.
    MESSAGE_RECEIVED = "message_received"  # The person wrote.
    OPTED_OUT = "opted_out"  # The person wants no more messages; nothing here takes that back.


@dataclass(frozen=True)
class Event:
    """One event about one person, in the form that all sources are brought into.

    `id` is the sender's: the same id is the same event. `data` is free, by type and source.
    """

    id: str
    type: EventType
    occurred_at: datetime
    source: str
    person: leads.Person
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What became of one event: kept now, kept before, or a problem with its person."""

    event_id: str
    lead_id: UUID | None = None
    is_new: bool = False
    problem: leads.Trouble | None = None


def record(tx: Connection, events: Sequence[Event], region: str | None) -> list[Recorded]:
    """Keep each event once and let its person be a lead; answers in the order given. Can be repeated.

    An event whose person cannot be used is not kept, so that it can be sent again in a better form.

    Raises:
        Invalid: `too_many_events`.
    """
    if len(events) > MAXIMUM_EVENTS:
        raise Invalid(f"A call takes at most {MAXIMUM_EVENTS:,} events. Send them in parts.", code="too_many_events")
    known = event_queries.find_leads_of(tx, [event.id for event in events])
    fresh = {event.id: event for event in reversed(events) if event.id not in known}
    resolved = leads.resolve_or_create(tx, [_as_person(event) for event in fresh.values()], region)
    found = dict(zip(fresh, resolved, strict=True))
    kept = event_queries.insert_events(tx, [_as_row(fresh[key], one) for key, one in found.items() if one.lead_id])
    answers = []
    for event in events:
        one = found.get(event.id)
        lead_id = one.lead_id if one else known[event.id]
        is_new = event.id in kept
        kept.discard(event.id)  # The same event a second time in one call.
        answers.append(Recorded(event.id, lead_id, is_new, one.problem if one else None))
    return answers


def _as_person(event: Event) -> leads.Person:
    return replace(event.person, opted_out=True) if event.type is EventType.OPTED_OUT else event.person


def _as_row(event: Event, one: leads.Resolved) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "type": event.type.value,
        "occurred_at": event.occurred_at.isoformat(),
        "source": event.source,
        "lead_id": str(one.lead_id),
        "channel": one.channel,
        "channel_identifier": one.channel_identifier,
        "data": event.data,
    }
