"""Who calls: an API key, the organization it belongs to, and whether this call is allowed to it now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from lead_store import access, api_keys
from lead_store.errors import NotFound, Unauthenticated
from lead_store.storage.database import transaction

bearer = HTTPBearer(auto_error=False, description="An API key of the organization.")


@dataclass(frozen=True)
class Caller:
    """A program that acts for its organization."""

    organization: access.Organization
    who: str


def calling(scope: str) -> Callable[..., Caller]:
    """A dependency that gives the caller, if its key has the scope and belongs to the path's organization."""

    def get_caller(
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
        org_id: Annotated[str, Path(alias="orgId", description="Id or slug of the key's organization.")],
    ) -> Caller:
        if credentials is None:
            raise Unauthenticated("Send an API key in the header: Authorization: Bearer <api key>.")
        with transaction() as tx:
            key = api_keys.authenticate(tx, credentials.credentials)
            organization = access.get_organization(tx, str(key.organization_id))
            # Last: from here to the commit, every other call with the same key waits.
            api_keys.spend_call(tx, key)
        if org_id.lower() not in (organization.slug, str(organization.id)):
            # The same answer whether it is another organization's name or nobody's.
            raise NotFound("This API key belongs to no such organization.", code="organization_not_found")
        api_keys.require_scope(key, scope)
        return Caller(organization, f"API key {key.name}")

    return get_caller
