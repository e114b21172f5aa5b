"""Imports asked for by programs, from the call until the file is read: the table import_request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, bindparam, text

from lead_store.errors import NotFound


@dataclass(frozen=True)
class ImportRequest:
    """What a program asked for; the import that comes of it has the same id."""

    id: UUID
    organization_id: UUID
    requested_by: str
    object_key: str
    etag: str
    options: dict[str, Any]
    is_waiting: bool
    error: dict[str, Any] | None
    created_at: datetime


COLUMNS = ", ".join(ImportRequest.__dataclass_fields__)

# An import that ended without its leads does not stand in the way of another attempt with the same object.
FIND_SAME = f"""
select {", ".join(f"r.{name}" for name in ImportRequest.__dataclass_fields__)}
from import_request r left join import i on i.id = r.id
where r.object_key = :object_key and r.etag = :etag and r.options = cast(:options as jsonb)
  and (r.error is null or r.is_waiting)
  and coalesce(i.status, 'received') not in ('failed', 'cancelled', 'undoing', 'undone')
order by r.created_at desc limit 1
"""


def lock_object(tx: Connection, object_key: str) -> None:
    """Two requests for the same object at once come after each other, until the transaction ends."""
    statement = "select pg_advisory_xact_lock(hashtextextended(current_organization() || :object_key, 4722))"
    tx.execute(text(statement), {"object_key": object_key})


def find_same(tx: Connection, object_key: str, etag: str, options: dict[str, Any]) -> ImportRequest | None:
    """The request for the same content under the same key with the same options, if it is not over."""
    statement = text(FIND_SAME).bindparams(bindparam("options", type_=JSON()))
    row = tx.execute(statement, {"object_key": object_key, "etag": etag, "options": options}).mappings().one_or_none()
    return ImportRequest(**row) if row else None


def insert_request(tx: Connection, **values: Any) -> ImportRequest:
    """Store a request of the organization."""
    statement = text(f"""insert into import_request (organization_id, {", ".join(values)})
        values (current_organization(), {", ".join(f":{name}" for name in values)})
        returning {COLUMNS}""").bindparams(bindparam("options", type_=JSON()))
    return ImportRequest(**tx.execute(statement, values).mappings().one())


def get_request(tx: Connection, request_id: UUID) -> ImportRequest:
    """The request with this id. Raises NotFound."""
    found = find_request(tx, request_id)
    if found is None:
        raise NotFound("There is no such import.", code="import_not_found")
    return found


def find_request(tx: Connection, request_id: UUID) -> ImportRequest | None:
    """The request with this id, if a program asked for that import."""
    statement = f"select {COLUMNS} from import_request where id = :id"
    row = tx.execute(text(statement), {"id": request_id}).mappings().one_or_none()
    return ImportRequest(**row) if row else None


def keep_error(tx: Connection, request_id: UUID, error: dict[str, Any], *, is_waiting: bool) -> None:
    """Keep why nothing came of the request, or why it waits for a person."""
    statement = text("update import_request set error = :error, is_waiting = :is_waiting where id = :id")
    values = {"id": request_id, "error": error, "is_waiting": is_waiting}
    tx.execute(statement.bindparams(bindparam("error", type_=JSON())), values)
