"""API keys and their allowances of calls: the tables api_key and api_allowance."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from lead_store.errors import NotFound
from lead_store.storage.database import platform_role


@dataclass(frozen=True)
class ApiKey:
    """A program's right to act for one organization."""

    id: UUID
    organization_id: UUID
    name: str
    prefix: str
    secret_hash: bytes
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_usable_at(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


COLUMNS = ", ".join(ApiKey.__dataclass_fields__)

# One statement, so that calls at the same moment in several processes count each other.
TAKE_CALL = """
insert into api_allowance as a (api_key_id, calls, refilled_at)
values (:id, :at_once - 1, clock_timestamp())
on conflict (api_key_id) do update set
    calls = least(:at_once, a.calls + :per_second * extract(epoch from clock_timestamp() - a.refilled_at)) - 1,
    refilled_at = clock_timestamp()
returning calls
"""


def insert_api_key(tx: Connection, **values: Any) -> ApiKey:
    """Store a key of the organization."""
    statement = f"""insert into api_key (organization_id, {", ".join(values)})
        values (current_organization(), {", ".join(f":{name}" for name in values)}) returning {COLUMNS}"""
    return ApiKey(**tx.execute(text(statement), values).mappings().one())


def find_api_key(tx: Connection, prefix: str) -> ApiKey | None:
    """The key with this prefix, of whichever organization."""
    with platform_role(tx):
        statement = f"select {COLUMNS} from api_key where prefix = :prefix"
        row = tx.execute(text(statement), {"prefix": prefix.replace("\x00", "")}).mappings().one_or_none()
    return ApiKey(**row) if row else None


def get_api_key(tx: Connection, prefix: str) -> ApiKey:
    """The organization's key with this prefix. Raises NotFound."""
    row = tx.execute(text(f"select {COLUMNS} from api_key where prefix = :prefix"), {"prefix": prefix}).mappings()
    return _require(row.one_or_none())


def note_use(tx: Connection, key_id: UUID) -> None:
    """Keep that the key was used now."""
    with platform_role(tx):
        tx.execute(text("update api_key set last_used_at = now() where id = :id"), {"id": key_id})


def take_call(tx: Connection, key_id: UUID, per_second: float, at_once: int) -> int:
    """Take one call from the key's bucket: 0, or where it is empty the whole seconds until there is one again.

    Who is refused rolls back, so that only answered calls count.
    """
    values = {"id": key_id, "per_second": per_second, "at_once": at_once}
    with platform_role(tx):
        left = tx.execute(text(TAKE_CALL), values).scalar_one()
    return 0 if left >= 0 else math.ceil(-left / per_second)


def search_api_keys(tx: Connection) -> list[ApiKey]:
    """All keys of the organization, newest first."""
    rows = tx.execute(text(f"select {COLUMNS} from api_key order by created_at desc")).mappings().all()
    return [ApiKey(**row) for row in rows]


def revoke_api_key(tx: Connection, key_id: UUID) -> ApiKey:
    """Note when the key ended. Raises NotFound."""
    statement = f"""update api_key set revoked_at = coalesce(revoked_at, now())
        where id = :id returning {COLUMNS}"""
    return _require(tx.execute(text(statement), {"id": key_id}).mappings().one_or_none())


def _require(row: RowMapping | None) -> ApiKey:
    if row is None:
        raise NotFound("There is no such API key.", code="api_key_not_found")
    return ApiKey(**row)
