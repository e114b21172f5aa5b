"""Organizations: the tenants. Found across tenants, so all of it runs as the platform role."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage.database import platform_role

COLUMNS = "id, slug, name, default_region, settings"


@dataclass(frozen=True)
class Organization:
    """A tenant: every request acts for exactly one."""

    id: UUID
    slug: str
    name: str
    default_region: str | None
    settings: dict[str, Any]


def insert_organization(tx: Connection, slug: str, name: str, region: str | None) -> Organization:
    """Store a new tenant."""
    statement = f"""insert into organization (slug, name, default_region) values (:slug, :name, :region)
        returning {COLUMNS}"""
    values = {"slug": slug, "name": name, "region": region}
    with platform_role(tx):
        return Organization(**tx.execute(text(statement), values).mappings().one())


def find_organization(tx: Connection, slug_or_id: str) -> Organization | None:
    """The tenant with this slug or id, if there is one."""
    statement = f"select {COLUMNS} from organization where slug = :key or id::text = :key"
    with platform_role(tx):
        row = tx.execute(text(statement), {"key": slug_or_id.lower()}).mappings().one_or_none()
    return Organization(**row) if row else None


def search_organizations(tx: Connection) -> list[Organization]:
    """All tenants by slug."""
    with platform_role(tx):
        rows = tx.execute(text(f"select {COLUMNS} from organization order by slug")).mappings().all()
    return [Organization(**row) for row in rows]


def update_setting(tx: Connection, name: str, value: Any) -> Organization:
    """Change one of the settings of the transaction's organization."""
    statement = f"""update organization
        set settings = settings || jsonb_build_object(cast(:name as text), cast(:value as jsonb))
        where id = current_organization() returning {COLUMNS}"""
    with platform_role(tx):
        return Organization(**tx.execute(text(statement), {"name": name, "value": json.dumps(value)}).mappings().one())
