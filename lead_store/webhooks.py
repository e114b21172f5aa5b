"""What the domain tells others: kept once, signed, and sent to the organization's webhooks until it is accepted.

Signed as Standard Webhooks says (https://www.standardwebhooks.com), so that any of its libraries verifies it. A
message may arrive twice, if a worker dies between sending and noting: it then has the same `webhook-id`.
"""

import json
import random
import secrets
import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from standardwebhooks import Webhook as Signer

from lead_store import imports
from lead_store.errors import Conflict, Invalid
from lead_store.messaging import mail, outbound
from lead_store.storage import queue, webhook_queries
from lead_store.storage.webhook_queries import Delivery, SigningSecret, Webhook

__all__ = [
    "ENDS",
    "EVENT_TYPES",
    "Delivery",
    "SigningSecret",
    "Webhook",
    "announce_import",
    "create_webhook",
    "delete_webhook",
    "deliver",
    "get_secrets",
    "mail_import",
    "retry_delivery",
    "rotate_secret",
    "search_attempts",
    "search_deliveries",
    "search_webhooks",
]

IMPORT_COMPLETED = "lead.import.completed"
IMPORT_FAILED = "lead.import.failed"
IMPORT_UNDONE = "lead.import.undone"
EVENT_TYPES = (IMPORT_COMPLETED, IMPORT_FAILED, IMPORT_UNDONE)
# How an import ends by itself; taking it back is a person's own act.
ENDS = (IMPORT_COMPLETED, IMPORT_FAILED)
TYPE_OF_STATUS = {"failed": IMPORT_FAILED, "undone": IMPORT_UNDONE}

SECRET_BYTES = 32
QUEUE = "deliveries"
# The waiting times that Standard Webhooks recommends: a receiver may be away for a long weekend.
RETRY_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
# Messages that failed together do not come again together.
JITTER = 0.2


def create_webhook(tx: Connection, url: str, who: str, event_types: Sequence[str] = ENDS) -> Webhook:
    """Send the events of these types to an address from now on.

    Raises:
        Invalid: the address cannot be used, or a type is unknown.
    """
    unknown = sorted(set(event_types) - set(EVENT_TYPES))
    if unknown or not event_types:
        raise Invalid(f"The types of events are: {', '.join(EVENT_TYPES)}.", code="event_type_invalid")
    get_secrets(tx)
    return webhook_queries.insert_webhook(tx, outbound.check_url(url), event_types, who)


def search_webhooks(tx: Connection) -> list[Webhook]:
    """The organization's webhooks, oldest first."""
    return webhook_queries.search_webhooks(tx)


def delete_webhook(tx: Connection, webhook_id: UUID) -> None:
    """Send nothing there any more. Raises NotFound."""
    webhook_queries.delete_webhook(tx, webhook_id)


def get_secrets(tx: Connection) -> list[SigningSecret]:
    """What the organization's messages are signed with now, newest first; the first one is made here."""
    if not webhook_queries.search_secrets(tx):
        webhook_queries.lock_secrets(tx)
        if not webhook_queries.search_secrets(tx):
            webhook_queries.insert_secret(tx, _make_secret())
    return webhook_queries.search_secrets(tx)


def rotate_secret(tx: Connection, overlap_hours: int = 24) -> list[SigningSecret]:
    """Sign with a new secret; the old one signs too until the overlap ends, so that receivers can change over.

    Raises:
        Conflict: two are signing already.
    """
    webhook_queries.lock_secrets(tx)
    if len(webhook_queries.search_secrets(tx)) > 1:
        raise Conflict("Two secrets are in use. Rotate again when the older one has ended.", code="secret_rotating")
    webhook_queries.expire_secrets(tx, datetime.now(UTC) + timedelta(hours=overlap_hours))
    webhook_queries.insert_secret(tx, _make_secret())
    return webhook_queries.search_secrets(tx)


def announce_import(tx: Connection, import_id: UUID) -> None:
    """Tell that an import is completed, has failed, or is undone: to its notify_url, or else to the organization's
    webhooks. Each is told once, so that one that failed, went on and failed again is not told of twice."""
    run = imports.get_import(tx, import_id)
    event_type = TYPE_OF_STATUS.get(run.status, IMPORT_COMPLETED)
    urls = [hook.url for hook in search_webhooks(tx) if event_type in hook.event_types]
    if run.notify_url:
        urls = [run.notify_url]
    data = {"jobId": str(run.id), **imports.describe(tx, run)}
    is_new = _publish(tx, run.organization_id, event_type, str(run.id), data, urls)
    if is_new and mail.is_configured() and "@" in run.created_by:
        queue.defer_once(tx, "mail_import", QUEUE, import_id=str(run.id), organization_id=str(run.organization_id))


def mail_import(tx: Connection, import_id: UUID) -> None:
    """Tell the person who uploaded it that an import is over. Raises Unavailable."""
    run = imports.get_import(tx, import_id)
    ledger = imports.describe(tx, run)["ledger"]
    counts = "".join(f"{bucket:<12}{rows:>12,}\n" for bucket, rows in ledger.items())
    end = f"could not be imported. {run.error['detail']}" if run.error else f"is {run.status}."
    mail.send(run.created_by, f"{run.file_name}: {run.status}", f"{run.file_name} {end}\n\n{counts}")


def deliver(tx: Connection, delivery_id: UUID, lookup: outbound.Lookup = outbound.look_up) -> Delivery | None:
    """Send a message once, note what came of it, and call for the next attempt where one is due.

    None where it is delivered already, or another worker is sending it at this moment.
    """
    taken = webhook_queries.take_delivery(tx, delivery_id)
    if taken is None:
        return None
    began = time.monotonic()
    sent = outbound.post(taken.url, *_sign(tx, taken), lookup=lookup)
    is_last = taken.attempts >= len(RETRY_SECONDS)
    status = "delivered" if sent.is_accepted else "failed" if is_last else "pending"
    webhook_queries.add_attempt(
        tx,
        taken,
        status=status,
        seconds=time.monotonic() - began,
        status_code=sent.status_code,
        error=sent.error,
    )
    if status == "pending":
        wait = RETRY_SECONDS[taken.attempts] * random.uniform(1 - JITTER, 1 + JITTER)
        _queue(tx, taken.id, taken.organization_id, delay_seconds=wait)
    return webhook_queries.get_delivery(tx, delivery_id)


def retry_delivery(tx: Connection, delivery_id: UUID) -> None:
    """Try a message again that failed. Raises Conflict where it has not failed."""
    if not webhook_queries.reopen_delivery(tx, delivery_id):
        raise Conflict("This message has not failed, so there is nothing to try again.", code="delivery_not_failed")
    delivery = webhook_queries.get_delivery(tx, delivery_id)
    _queue(tx, delivery_id, delivery.organization_id)


def search_deliveries(tx: Connection, limit: int = 50) -> list[Delivery]:
    """The organization's messages, newest first."""
    return webhook_queries.search_deliveries(tx, limit)


def search_attempts(tx: Connection, delivery_id: UUID) -> list[dict[str, Any]]:
    """What each attempt to send a message came to: attempt, attempted_at, seconds, status_code, error."""
    return webhook_queries.search_attempts(tx, delivery_id)


def _publish(
    tx: Connection, organization_id: UUID, event_type: str, subject: str, data: dict[str, Any], urls: Sequence[str]
) -> bool:
    """Keep an event once per type and subject, and call for its deliveries; False where it was kept before."""
    domain_event_id = webhook_queries.insert_domain_event(tx, event_type, subject, data)
    if domain_event_id is None:
        return False
    for delivery_id in webhook_queries.insert_deliveries(tx, domain_event_id, urls):
        _queue(tx, delivery_id, organization_id)
    return True


def _queue(tx: Connection, delivery_id: UUID, organization_id: UUID, delay_seconds: float = 0) -> None:
    queue.defer_once(
        tx,
        "deliver",
        QUEUE,
        delay_seconds=delay_seconds,
        delivery_id=str(delivery_id),
        organization_id=str(organization_id),
    )


def _sign(tx: Connection, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """Body and headers; each secret that is in use signs, and the receiver needs to know one of them."""
    message_id, now = f"msg_{delivery.id.hex}", datetime.now(UTC)
    occurred_at = delivery.occurred_at.isoformat()
    body = json.dumps({"type": delivery.type, "timestamp": occurred_at, "data": delivery.data})
    signatures = [Signer(one.secret).sign(message_id, now, body) for one in get_secrets(tx)]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "lead-store",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return body.encode(), headers


def _make_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
