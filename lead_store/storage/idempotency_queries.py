"""Calls that may be sent again: the table idempotency_key."""

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.errors import Invalid

CLAIM = """
insert into idempotency_key (organization_id, call, key, body_hash, target_id)
values (current_organization(), :call, :key, :body_hash, :target_id)
on conflict (organization_id, call, key) do nothing
"""
FIND = "select target_id, body_hash from idempotency_key where call = :call and key = :key"


def claim(tx: Connection, call: str, key: str, body: Any, target_id: UUID) -> UUID:
    """The target that the first call with this key made: `target_id` for the first one itself.

    A second call at the same moment waits until the first one's transaction ends.

    Raises:
        Invalid: `idempotency_key_reused`, the first call had another body.
    """
    body_hash = hash_of(body)
    values = {"call": call, "key": key, "body_hash": body_hash, "target_id": target_id}
    tx.execute(text(CLAIM), values)
    found = tx.execute(text(FIND), values).one()
    if found.body_hash != body_hash:
        raise Invalid(
            "This Idempotency-Key was used before with another body. Use a new key for a new request.",
            code="idempotency_key_reused",
        )
    return found.target_id


def hash_of(body: Any) -> str:
    """The same for the same JSON, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def point(tx: Connection, call: str, key: str, target_id: UUID) -> None:
    """Let the key stand for another target from now on."""
    statement = "update idempotency_key set target_id = :target_id where call = :call and key = :key"
    tx.execute(text(statement), {"call": call, "key": key, "target_id": target_id})


def forget_older(tx: Connection, days: int) -> int:
    """Forget the keys of calls that were made longer ago; how many."""
    statement = "delete from idempotency_key where created_at < now() - make_interval(days => :days)"
    return tx.execute(text(statement), {"days": days}).rowcount
