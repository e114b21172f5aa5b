"""The tenants: made, found, and the settings that are theirs."""

import re

import phonenumbers
from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid, NotFound
from lead_store.storage import organization_queries
from lead_store.storage.organization_queries import Organization

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def create_organization(tx: Connection, slug: str, name: str, region: str | None = None) -> Organization:
    """A new tenant.

    Raises:
        Invalid: the slug or the region cannot be used.
        Conflict: the slug is taken.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(
            f"{slug!r} cannot be a short name. Use lower-case letters, digits and hyphens, at most 63.",
            code="slug_invalid",
        )
    if not name.strip():
        raise Invalid("The organization needs a name.", code="name_missing")
    if organization_queries.find_organization(tx, slug):
        raise Conflict(f"There is already an organization {slug!r}.", code="slug_taken")
    return organization_queries.insert_organization(tx, slug, name.strip(), check_region(region))


def get_organization(tx: Connection, slug_or_id: str) -> Organization:
    """The organization with this slug or id. Raises NotFound."""
    found = organization_queries.find_organization(tx, slug_or_id)
    if found is None:
        raise NotFound(f"There is no organization {slug_or_id!r}.", code="organization_not_found")
    return found


def search_organizations(tx: Connection) -> list[Organization]:
    """All tenants by slug."""
    return organization_queries.search_organizations(tx)


def check_region(region: str | None) -> str | None:
    """The region in capitals. Raises Invalid for one that has no phones (ISO 3166-1 alpha-2 otherwise)."""
    if not region:
        return None
    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(f"{region!r} is not a country code. Use two letters, such as BR.", code="region_invalid")
    return region.upper()
