"""API keys: how programs sign in. Shown once, kept as a hash, limited in scope, time and calls, revocable."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Invalid, NotAllowed, TooMany, Unauthenticated
from lead_store.settings import get_settings
from lead_store.storage import api_key_queries
from lead_store.storage.api_key_queries import ApiKey

__all__ = [
    "SCOPES",
    "ApiKey",
    "authenticate",
    "create_api_key",
    "get_api_key",
    "require_scope",
    "revoke_api_key",
    "search_api_keys",
    "spend_call",
]

# What a key may be allowed: the nouns of the API's paths.
SCOPES = ("imports", "leads", "events", "dispatches")
MAXIMUM_DAYS = 3_650

# 256 random bits cannot be guessed, so a plain hash of them is as good as a slow one.
SECRET_BYTES = 32
PREFIX_BYTES = 6
MARK = "lsk"


def create_api_key(
    tx: Connection,
    name: str,
    who: str,
    *,
    scopes: Sequence[str] = SCOPES,
    expires_in_days: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key of the transaction's organization, and its text, which is shown now and never again.

    Raises:
        Invalid: the name is blank, a scope unknown, or the time out of range.
    """
    if not name.strip():
        raise Invalid("The key needs a name, so that you know later which program uses it.", code="name_missing")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid(f"A key can be allowed: {', '.join(SCOPES)}.", code="scope_invalid", scopes=unknown)
    if expires_in_days is not None and not 0 < expires_in_days <= MAXIMUM_DAYS:
        raise Invalid(f"A key can be valid for 1 to {MAXIMUM_DAYS} days.", code="expiry_invalid")
    prefix = secrets.token_hex(PREFIX_BYTES)
    text = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    expires_at = datetime.now(UTC) + timedelta(days=expires_in_days) if expires_in_days else None
    key = api_key_queries.insert_api_key(
        tx,
        name=name.strip(),
        prefix=prefix,
        secret_hash=_hash(text),
        scopes=sorted(set(scopes)),
        created_by=who,
        expires_at=expires_at,
    )
    return key, text


def authenticate(tx: Connection, text: str) -> ApiKey:
    """The key with this text; its last use is noted. Runs in a transaction that acts for nobody yet.

    Raises:
        Unauthenticated: no such key, or it is revoked or expired; which of these is not told.
    """
    mark, _, rest = text.partition("_")
    prefix = rest.partition("_")[0] if mark == MARK else ""
    found = api_key_queries.find_api_key(tx, prefix)
    # A prefix that nobody has takes the comparison too, so that time does not tell.
    is_right = hmac.compare_digest(found.secret_hash if found else bytes(32), _hash(text))
    if found is None or not is_right or not found.is_usable_at(datetime.now(UTC)):
        raise Unauthenticated("This API key is not valid. Create one in the settings of your organization.")
    # To the minute: a busy key is not written at each call.
    if found.last_used_at is None or datetime.now(UTC) - found.last_used_at > timedelta(minutes=1):
        api_key_queries.note_use(tx, found.id)
    return found


def require_scope(key: ApiKey, scope: str) -> None:
    """Raises NotAllowed where the key was not given this scope."""
    if scope not in key.scopes:
        raise NotAllowed(
            f"This API key is not allowed to use {scope}. Create one that is.", code="scope_missing", scope=scope
        )


def spend_call(tx: Connection, key: ApiKey) -> None:
    """Count one call against the key's allowance (a token bucket, shared by all web processes).

    Raises:
        TooMany: with `retry_after_seconds`.
    """
    settings = get_settings()
    wait = api_key_queries.take_call(tx, key.id, settings.calls_per_second, settings.calls_at_once)
    if wait > 0:
        raise TooMany(
            f"This API key has made too many calls. Try again in {wait} seconds.",
            code="rate_limited",
            retry_after_seconds=wait,
        )


def search_api_keys(tx: Connection) -> list[ApiKey]:
    """The organization's keys, newest first, revoked and expired ones too."""
    return api_key_queries.search_api_keys(tx)


def get_api_key(tx: Connection, prefix: str) -> ApiKey:
    """The organization's key with this prefix. Raises NotFound."""
    return api_key_queries.get_api_key(tx, prefix)


def revoke_api_key(tx: Connection, key_id: UUID) -> ApiKey:
    """End a key for good; it stays in the list. Raises NotFound."""
    return api_key_queries.revoke_api_key(tx, key_id)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()
