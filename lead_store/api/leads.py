"""Leads given one by one or in lists: found or created."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from lead_store import leads
from lead_store.api import trouble
from lead_store.api.callers import Caller, calling
from lead_store.api.shapes import Shape, StrictRoute
from lead_store.storage.database import transaction

router = APIRouter(prefix="/organizations/{orgId}/leads", tags=["leads"], route_class=StrictRoute)
LeadCaller = Annotated[Caller, Depends(calling("leads"))]

Attribute = str | int | float | bool | None
Attributes = Annotated[
    dict[Annotated[str, Field(max_length=255)], Attribute], Field(max_length=leads.MAXIMUM_ATTRIBUTES)
]
EXAMPLE = {
    "channel": "whatsapp",
    "channelIdentifier": "+5511987654321",
    "name": "Ana Souza",
    "email": "ana@example.com",
    "externalId": "C-1042",
    "attributes": {"Cidade": "Campinas"},
}


class Profile(Shape):
    """What the organization knows of a person; blanks of its view are filled, nothing is changed."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    external_id: str | None = None
    attributes: Attributes = Field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """The attributes as a spreadsheet would give them, so that 1 and "1" are the same."""
        return {name: as_text(value) for name, value in self.attributes.items() if value is not None}


class PersonGiven(Profile):
    """A person and how they are reached. What cannot be used is that item's problem, not the call's."""

    channel: Annotated[str | None, Field(description="whatsapp, sms or email.")] = None
    channel_identifier: Annotated[str | None, Field(description="An E.164 number, or an e-mail address.")] = None


class ItemTrouble(Shape):
    """Why an item, or one of its values, cannot be used."""

    code: str
    detail: str


class Result(Shape):
    """What became of one item: a lead, or a problem. Warnings are about values that were left out."""

    index: int
    lead_id: UUID | None = None
    outcome: Literal["created", "existing"] | None = None
    channel: str | None = None
    channel_identifier: str | None = None
    problem: ItemTrouble | None = None
    warnings: list[ItemTrouble] | None = None


class Results(Shape):
    """One result per item, in the order sent."""

    results: list[Result]


@router.post("/resolve-batch", response_model=Results, response_model_exclude_none=True, responses=trouble.tell())
def resolve_batch(
    people: Annotated[list[PersonGiven], Field(max_length=leads.MAXIMUM_PEOPLE, examples=[[EXAMPLE]])],
    caller: LeadCaller,
) -> Results:
    """Find or create a lead for each person. Safe to send again, and from many places at once."""
    given = [
        leads.Person(
            channel=person.channel,
            channel_identifier=person.channel_identifier,
            name=person.name,
            email=person.email,
            phone=person.phone,
            external_id=person.external_id,
            attributes=person.texts(),
        )
        for person in people
    ]
    with transaction(caller.organization.id) as tx:
        resolved = leads.resolve_or_create(tx, given, caller.organization.default_region)
    return Results(results=[as_result(index, one) for index, one in enumerate(resolved)])


def as_result(index: int, one: leads.Resolved) -> Result:
    """The result of one item."""
    if one.problem:
        return Result(index=index, problem=ItemTrouble(code=one.problem.code, detail=one.problem.detail))
    return Result(
        index=index,
        lead_id=one.lead_id,
        outcome="created" if one.is_created else "existing",
        channel=one.channel,
        channel_identifier=one.channel_identifier,
        warnings=[ItemTrouble(code=each.code, detail=each.detail) for each in one.warnings] or None,
    )


def as_text(value: str | int | float | bool) -> str:
    """As the same value would stand in a cell."""
    return str(value).lower() if isinstance(value, bool) else str(value)
