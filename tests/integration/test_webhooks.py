"""Messages to webhooks: signed, sent until accepted, kept once, and never sent into a private network."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from lead_store import access, webhooks
from lead_store.errors import Conflict, Invalid
from lead_store.settings import get_settings
from lead_store.storage.database import transaction
from tests.integration.api_server import Receiver, receiving

PEOPLE = "Nome,Telefone\nAna,+5511987654321\nBia,+5511987654322\n"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Receiver], None]]:
    """Lets messages go to a receiver on this machine."""

    def allow(receiver: Receiver) -> None:
        monkeypatch.setenv("LEAD_STORE_INTERNAL_RECEIVERS", receiver.place)
        get_settings.cache_clear()

    yield allow
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def announced(
    organization: access.Organization, run_import: Callable[..., dict[str, Any]]
) -> Callable[[Receiver], webhooks.Delivery]:
    """An import that is completed and announced to a receiver; gives the delivery that is to be done."""

    def announce(receiver: Receiver) -> webhooks.Delivery:
        with transaction(organization.id) as tx:
            webhooks.create_webhook(tx, f"http://{receiver.place}/hook", "test")
        done = run_import(PEOPLE)
        with transaction(organization.id) as tx:
            webhooks.announce_import(tx, UUID(done["importId"]))
            return webhooks.search_deliveries(tx)[0]

    return announce


def deliver(organization: access.Organization, delivery: webhooks.Delivery) -> webhooks.Delivery | None:
    with transaction(organization.id) as tx:
        return webhooks.deliver(tx, delivery.id)


def test_completed_import_is_told_with_a_signature_that_verifies(organization, receiver, allow, announced) -> None:
    allow(receiver)
    delivery = deliver(organization, announced(receiver))
    assert delivery is not None
    assert delivery.status == "delivered"
    headers, body = receiver.received.get_nowait()
    with transaction(organization.id) as tx:
        secret = webhooks.get_secrets(tx)[0].secret
    told = Verifier(secret).verify(body, headers)
    assert told["type"] == "lead.import.completed"
    assert told["data"]["ledger"]["created"] == 2
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body + b" ", headers)


def test_import_is_announced_once_however_often_it_is_said(organization, receiver, allow, announced) -> None:
    allow(receiver)
    delivery = announced(receiver)
    with transaction(organization.id) as tx:
        webhooks.announce_import(tx, UUID(delivery.data["jobId"]))
        assert len(webhooks.search_deliveries(tx)) == 1


def test_delivered_message_is_not_sent_again(organization, receiver, allow, announced) -> None:
    allow(receiver)
    delivery = announced(receiver)
    deliver(organization, delivery)
    assert deliver(organization, delivery) is None
    assert receiver.received.qsize() == 1


def test_refused_message_waits_for_its_next_attempt_and_keeps_its_id(organization, allow, announced) -> None:
    with receiving([500, 302, 204]) as receiver:
        allow(receiver)
        delivery = announced(receiver)
        statuses = [deliver(organization, delivery).status for _ in range(3)]
        ids = {receiver.received.get_nowait()[0]["webhook-id"] for _ in range(3)}
    assert statuses == ["pending", "pending", "delivered"]
    assert len(ids) == 1
    with transaction(organization.id) as tx:
        assert [one["status_code"] for one in webhooks.search_attempts(tx, delivery.id)] == [500, 302, 204]
        waiting = tx.execute(
            text("select scheduled_at from procrastinate_jobs where queue_name = 'deliveries' and args @> :args"),
            {"args": json.dumps({"delivery_id": str(delivery.id)})},
        ).scalars()
        assert sum(at is not None for at in waiting) == 2


def test_message_fails_after_its_last_attempt_and_can_be_tried_again(
    organization, allow, announced, monkeypatch
) -> None:
    monkeypatch.setattr(webhooks, "RETRY_SECONDS", (0,))
    with receiving([500, 500, 204]) as receiver:
        allow(receiver)
        delivery = announced(receiver)
        assert [deliver(organization, delivery).status for _ in range(2)] == ["pending", "failed"]
        with transaction(organization.id) as tx:
            webhooks.retry_delivery(tx, delivery.id)
        assert deliver(organization, delivery).status == "delivered"
        with transaction(organization.id) as tx, pytest.raises(Conflict):
            webhooks.retry_delivery(tx, delivery.id)


def test_rotated_secrets_both_sign_until_the_older_one_ends(organization, receiver, allow, announced) -> None:
    allow(receiver)
    delivery = announced(receiver)
    with transaction(organization.id) as tx:
        old = webhooks.get_secrets(tx)[0].secret
        new, still = (one.secret for one in webhooks.rotate_secret(tx))
        with pytest.raises(Conflict):
            webhooks.rotate_secret(tx)
    assert old == still != new
    deliver(organization, delivery)
    headers, body = receiver.received.get_nowait()
    for secret in (old, new):
        assert Verifier(secret).verify(body, headers)


def test_receiver_in_a_private_network_gets_nothing(organization, receiver, allow, announced) -> None:
    allow(receiver)
    delivery = announced(receiver)
    with receiving() as another:
        allow(another)  # And no more the first.
        assert deliver(organization, delivery).status == "pending"
    assert receiver.received.empty()
    with transaction(organization.id) as tx:
        assert webhooks.search_attempts(tx, delivery.id)[0]["status_code"] is None


def test_name_that_turns_to_a_private_address_after_it_was_stored_gets_nothing(organization, run_import) -> None:
    with transaction(organization.id) as one:
        webhooks.create_webhook(one, "http://rebinding.example.com/hook", "test")
    done = run_import(PEOPLE)
    with transaction(organization.id) as one:
        webhooks.announce_import(one, UUID(done["importId"]))
        delivery = webhooks.search_deliveries(one)[0]
        webhooks.deliver(one, delivery.id, lookup=lambda host, port: ["93.184.215.14", "10.0.0.7"])
        assert "private network" in webhooks.search_attempts(one, delivery.id)[0]["error"]


def test_uploader_is_told_by_mail_where_a_server_is_configured(organization, run_import, monkeypatch) -> None:
    done = run_import(PEOPLE)
    with mail_server() as (place, mails):
        monkeypatch.setenv("LEAD_STORE_SMTP_URL", f"smtp://{place}")
        get_settings.cache_clear()
        with transaction(organization.id) as tx:
            tx.execute(text("update import set created_by = 'ana@example.com'"))
            webhooks.announce_import(tx, UUID(done["importId"]))
            queued = tx.execute(
                text("select count(*) from procrastinate_jobs where task_name = 'jobs:mail_import' and args @> :args"),
                {"args": json.dumps({"import_id": done["importId"]})},
            )
            assert queued.scalar_one() == 1
            webhooks.mail_import(tx, UUID(done["importId"]))
        get_settings.cache_clear()
    mail = mails.get_nowait()
    for words in ("To: ana@example.com", "Date: ", "Message-ID: <", "people.csv is imported.", "created"):
        assert words in mail


@contextmanager
def mail_server() -> Iterator[tuple[str, SimpleQueue[str]]]:
    """Speaks just enough SMTP (RFC 5321) to take one message."""
    mails: SimpleQueue[str] = SimpleQueue()

    class Session(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    mails.put(b"".join(lines).decode())
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", mails
        server.shutdown()


@pytest.mark.parametrize("event_types", [(), ("lead.made.up",)])
def test_webhook_for_unknown_events_is_refused(tx: Connection, event_types: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        webhooks.create_webhook(tx, "https://example.com", "test", event_types)
