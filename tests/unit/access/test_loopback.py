"""Without sign-in the app serves its own machine alone."""

import asyncio
import socket
from typing import Any

import pytest

from lead_store.access import LoopbackOnly, find_listening_addresses, require_loopback
from lead_store.access.loopback import is_loopback
from lead_store.errors import NotAllowed


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),  # The whole block belongs to the machine.
        ("::1", True),
        ("::ffff:127.0.0.1", True),  # A dual-stack socket shows IPv4 so.
        ("0.0.0.0", False),
        ("::", False),
        ("::ffff:10.0.0.1", False),
        ("192.168.1.5", False),
        ("169.254.169.254", False),
        ("localhost", False),  # A name, which may point anywhere; sockets have addresses.
        ("", False),
    ],
)
def test_is_loopback(address, expected):
    assert is_loopback(address) is expected


def test_open_address_is_refused_with_what_to_configure():
    with pytest.raises(NotAllowed) as refusal:
        require_loopback(["127.0.0.1", "0.0.0.0"])
    assert refusal.value.code == "sign_in_missing"
    for part in ("0.0.0.0", "127.0.0.1", "LEAD_STORE_OIDC_ISSUER", "LEAD_STORE_COOKIE_SECRET", "LEAD_STORE_URL"):
        assert part in refusal.value.detail


def test_sockets_that_listen_are_found_and_others_are_not():
    before = find_listening_addresses()
    with socket.socket() as listening, socket.socket() as bound_only:
        bound_only.bind(("127.0.0.3", 0))
        listening.bind(("127.0.0.2", 0))
        listening.listen()
        assert set(find_listening_addresses()) - set(before) == {"127.0.0.2"}


def ask(server: tuple[str, int | None] | None, kind: str = "http") -> list[dict[str, Any]]:
    """What is answered to a connection that came in at this address."""
    sent: list[dict[str, Any]] = []

    async def app(scope, receive, send):
        await send({"type": "passed on"})

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(LoopbackOnly(app)({"type": kind, "server": server}, receive, send))
    return sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("server", [("127.0.0.1", 8501), ("::1", 8501), ("app.sock", None), None])
def test_connections_on_this_machine_are_passed_on(server, kind):
    assert ask(server, kind) == [{"type": "passed on"}]


def test_connections_from_elsewhere_are_refused():
    assert ask(("192.168.1.5", 8501))[0]["status"] == 403
    assert ask(("192.168.1.5", 8501), "websocket") == [{"type": "websocket.close", "code": 1008}]
