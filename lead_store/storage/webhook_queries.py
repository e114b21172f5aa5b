"""What the domain tells others: the tables webhook, signing_secret, domain_event, delivery and delivery_attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, bindparam, text

from lead_store.errors import NotFound


@dataclass(frozen=True)
class Webhook:
    """An address to which an organization wants some of its events sent."""

    id: UUID
    url: str
    event_types: list[str]
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class SigningSecret:
    """What an organization's messages are signed with; two at once while one takes over."""

    secret: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one address."""

    id: UUID
    organization_id: UUID
    domain_event_id: UUID
    type: str
    data: dict[str, Any]
    occurred_at: datetime
    url: str
    status: str
    attempts: int
    created_at: datetime
    finished_at: datetime | None


WEBHOOK = ", ".join(Webhook.__dataclass_fields__)
DELIVERY = """select d.id, d.organization_id, d.domain_event_id, e.type, e.data, e.occurred_at, d.url, d.status,
    d.attempts, d.created_at, d.finished_at from delivery d join domain_event e on e.id = d.domain_event_id"""


def insert_webhook(tx: Connection, url: str, event_types: Sequence[str], who: str) -> Webhook:
    """Store a webhook; the same address again takes over the event types."""
    statement = f"""insert into webhook (organization_id, url, event_types, created_by)
        values (current_organization(), :url, :event_types, :who)
        on conflict (organization_id, url) do update set event_types = excluded.event_types returning {WEBHOOK}"""
    values = {"url": url, "event_types": list(event_types), "who": who}
    return Webhook(**tx.execute(text(statement), values).mappings().one())


def search_webhooks(tx: Connection) -> list[Webhook]:
    """The organization's webhooks, oldest first."""
    rows = tx.execute(text(f"select {WEBHOOK} from webhook order by created_at")).mappings()
    return [Webhook(**row) for row in rows]


def delete_webhook(tx: Connection, webhook_id: UUID) -> None:
    """Forget a webhook. Raises NotFound."""
    if not tx.execute(text("delete from webhook where id = :id"), {"id": webhook_id}).rowcount:
        raise NotFound("There is no such webhook.", code="webhook_not_found")


def search_secrets(tx: Connection) -> list[SigningSecret]:
    """The secrets that sign now, newest first."""
    statement = """select secret, created_at, expires_at from signing_secret
        where expires_at is null or expires_at > now() order by created_at desc"""
    return [SigningSecret(**row) for row in tx.execute(text(statement)).mappings()]


def insert_secret(tx: Connection, secret: str) -> None:
    """Let a new secret sign from now on."""
    statement = "insert into signing_secret (organization_id, secret) values (current_organization(), :secret)"
    tx.execute(text(statement), {"secret": secret})


def expire_secrets(tx: Connection, expires_at: datetime) -> None:
    """Let the secrets that sign now end then; those with an earlier end keep it."""
    statement = "update signing_secret set expires_at = least(coalesce(expires_at, :at), :at)"
    tx.execute(text(statement), {"at": expires_at})


def lock_secrets(tx: Connection) -> None:
    """Two who make or rotate secrets at once come after each other."""
    tx.execute(text("select pg_advisory_xact_lock(hashtextextended(current_organization()::text, 4723))"))


def insert_domain_event(tx: Connection, event_type: str, subject: str, data: dict[str, Any]) -> UUID | None:
    """Keep an event of the domain; None where this one was kept before."""
    statement = text("""insert into domain_event (organization_id, type, subject, data)
        values (current_organization(), :type, :subject, :data)
        on conflict (organization_id, type, subject) do nothing returning id""")
    values = {"type": event_type, "subject": subject, "data": data}
    return tx.execute(statement.bindparams(bindparam("data", type_=JSON())), values).scalar_one_or_none()


def insert_deliveries(tx: Connection, domain_event_id: UUID, urls: Sequence[str]) -> list[UUID]:
    """Call for the delivery of an event to each address, once per address."""
    statement = """insert into delivery (organization_id, domain_event_id, url)
        select current_organization(), :event_id, url from unnest(cast(:urls as text[])) url
        on conflict (domain_event_id, url) do nothing returning id"""
    return list(tx.execute(text(statement), {"event_id": domain_event_id, "urls": list(urls)}).scalars())


def take_delivery(tx: Connection, delivery_id: UUID) -> Delivery | None:
    """Lock a delivery that is still to be done; None where it is done, or another worker is doing it."""
    statement = f"{DELIVERY} where d.id = :id and d.status = 'pending' for update of d skip locked"
    row = tx.execute(text(statement), {"id": delivery_id}).mappings().one_or_none()
    return Delivery(**row) if row else None


def get_delivery(tx: Connection, delivery_id: UUID) -> Delivery:
    """The delivery with this id. Raises NotFound."""
    row = tx.execute(text(f"{DELIVERY} where d.id = :id"), {"id": delivery_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such delivery.", code="delivery_not_found")
    return Delivery(**row)


def search_deliveries(tx: Connection, limit: int) -> list[Delivery]:
    """The organization's deliveries, newest first."""
    rows = tx.execute(text(f"{DELIVERY} order by d.created_at desc, d.id limit :limit"), {"limit": limit}).mappings()
    return [Delivery(**row) for row in rows]


def search_attempts(tx: Connection, delivery_id: UUID) -> list[dict[str, Any]]:
    """What each attempt of a delivery came to, in order."""
    statement = """select attempt, attempted_at, seconds, status_code, error from delivery_attempt
        where delivery_id = :id order by attempt"""
    return [dict(row) for row in tx.execute(text(statement), {"id": delivery_id}).mappings()]


def add_attempt(
    tx: Connection, delivery: Delivery, *, status: str, seconds: float, status_code: int | None, error: str | None
) -> None:
    """Note an attempt, and where the delivery stands after it."""
    values = {"id": delivery.id, "attempt": delivery.attempts + 1, "status": status, "seconds": seconds}
    values |= {"status_code": status_code, "error": error}
    insert = """insert into delivery_attempt (organization_id, delivery_id, attempt, seconds, status_code, error)
        values (current_organization(), :id, :attempt, :seconds, :status_code, :error)"""
    update = """update delivery set status = :status, attempts = :attempt,
        finished_at = case when :status <> 'pending' then now() end where id = :id"""
    for statement in (insert, update):
        tx.execute(text(statement), values)


def reopen_delivery(tx: Connection, delivery_id: UUID) -> bool:
    """Let a delivery that failed be tried again; False where it has not failed."""
    statement = "update delivery set status = 'pending', finished_at = null where id = :id and status = 'failed'"
    return tx.execute(text(statement), {"id": delivery_id}).rowcount == 1
