"""Dispatches: a message to the leads of an import."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from lead_store import dispatches
from lead_store.api import trouble
from lead_store.api.callers import Caller, calling
from lead_store.api.imports import IdempotencyKey, WhyNot
from lead_store.api.shapes import Shape, StrictRoute
from lead_store.storage.database import transaction

router = APIRouter(prefix="/organizations/{orgId}/dispatches", tags=["dispatches"], route_class=StrictRoute)
DispatchCaller = Annotated[Caller, Depends(calling("dispatches"))]


class TemplateGiven(Shape):
    """The text of the message, with the organization's own columns as variables."""

    body: Annotated[str, Field(examples=["Olá {{ first_name }}!"], description="Jinja variables and conditions.")]
    name: Annotated[str | None, Field(max_length=512, description="As the channel knows it.")] = None


class DispatchOrder(Shape):
    """A message to the leads of a finished import."""

    job_id: UUID
    channel: Literal["whatsapp", "sms", "email"]
    template: TemplateGiven
    name: Annotated[str | None, Field(max_length=dispatches.MAXIMUM_NAME_LENGTH)] = None


class DispatchMade(Shape):
    """The dispatch that was made."""

    dispatch_id: UUID


class Audience(Shape):
    """Whom the message goes to, frozen: total is the sum of the others."""

    accepted: int
    opted_out: int
    missing_variable: int
    total: int


class DispatchObject(Shape):
    """A dispatch on its way. `optedOutSince` are those of the accepted who opted out before the handing over."""

    dispatch_id: UUID
    status: Literal["handing_over", "handed_over", "failed"]
    audience: Audience
    handed_over: int
    opted_out_since: int
    error: WhyNot | None = None


MADE: dict[str, Any] = {
    "description": "Accepted",
    "links": {
        "get_dispatch": {
            "operationId": "get_dispatch",
            "parameters": {"orgId": "$request.path.orgId", "dispatchId": "$response.body#/dispatchId"},
        }
    },
}


@router.post("", status_code=202, responses={**trouble.tell(409), 202: MADE})
def create_dispatch(
    body: DispatchOrder, caller: DispatchCaller, idempotency_key: IdempotencyKey = None
) -> DispatchMade:
    """Send a message to the leads of an import that is done."""
    draft = dispatches.Draft(
        import_id=body.job_id,
        channel=body.channel,
        template_body=body.template.body,
        template_name=body.template.name,
        name=body.name,
    )
    with transaction(caller.organization.id) as tx:
        made = dispatches.create_dispatch(tx, draft, caller.who, idempotency_key)
    return DispatchMade(dispatch_id=made.id)


@router.get("/{dispatchId}", response_model=DispatchObject, responses=trouble.tell())
def get_dispatch(dispatch_id: Annotated[UUID, Path(alias="dispatchId")], caller: DispatchCaller) -> dict[str, Any]:
    """How far the dispatch is."""
    with transaction(caller.organization.id) as tx:
        return dispatches.describe(tx, dispatches.get_dispatch(tx, dispatch_id))
