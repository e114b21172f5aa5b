"""Clients and receivers that mean harm, over real connections: slow, endless, redirecting, changing their address."""

import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from lead_store import webhooks
from lead_store.api import bodies
from lead_store.errors import Invalid
from lead_store.messaging import outbound
from lead_store.settings import get_settings
from tests.integration.api_server import receiving

PATIENCE_SECONDS = 30
HEAD = "POST /organizations/demo/leads/resolve-batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def send(address: str, *parts: bytes) -> str:
    """The first line of what the server answers to these bytes, after which nothing more is sent."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_SECONDS) as connection:
        for part in parts:
            connection.sendall(part)
        return connection.makefile("rb").readline().decode().strip()


def test_client_that_stops_within_its_body_is_let_go(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    assert send(address, f"{HEAD}Content-Length: 100\r\n\r\n".encode(), b"[") == "HTTP/1.1 408 Request Timeout"


def test_body_that_never_ends_is_cut_off_at_the_limit(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_STORE_BODY_LIMIT_BYTES", "2048")
    get_settings.cache_clear()
    block = b"400\r\n" + b" " * 1024 + b"\r\n"
    try:
        answered = send(address, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode(), block, block, block)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert answered.startswith("HTTP/1.1 413 ")


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Names receivers inside the network, as whoever runs the product may."""

    def allow(*places: str) -> None:
        monkeypatch.setenv("LEAD_STORE_INTERNAL_RECEIVERS", ",".join(places))
        get_settings.cache_clear()

    yield allow
    monkeypatch.undo()
    get_settings.cache_clear()


def test_redirect_is_not_followed_even_to_a_place_that_isallow(allow) -> None:
    with receiving() as target, receiving([302, 307, 308]) as first:
        allow(first.place, target.place)
        first.location = f"http://{target.place}/"
        sent = [outbound.post(f"http://{first.place}/", b"{}", {}) for _ in range(3)]
        assert [one.status_code for one in sent] == [302, 307, 308]
        assert not any(one.is_accepted for one in sent)
        assert target.received.empty()


def test_name_is_looked_up_once_and_the_address_that_was_judged_is_called(allow) -> None:
    lookups: list[str] = []

    def rebind(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.1"]

    with receiving() as receiver:
        port = receiver.server_address[1]
        allow(f"receiver.example:{port}")
        assert outbound.post(f"http://receiver.example:{port}/", b"{}", {}, lookup=rebind).is_accepted
        headers, _ = receiver.received.get_nowait()
    assert lookups == ["receiver.example"]
    assert headers["Host"] == f"receiver.example:{port}"


def test_receiver_that_never_answers_is_left_after_a_while(allow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        allow(place)
        sent = outbound.post(f"http://{place}/", b"{}", {})
    assert sent.status_code is None


def test_receiver_that_answers_without_end_is_not_read(allow) -> None:
    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            closed.wait(PATIENCE_SECONDS)

    closed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        place = f"127.0.0.1:{server.getsockname()[1]}"
        allow(place)
        assert outbound.post(f"http://{place}/", b"{}", {}).is_accepted
        closed.set()


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest/meta-data", "http://localhost/hook", "http://[::1]/"])
def test_webhook_inside_a_private_network_cannot_be_made(tx, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.create_webhook(tx, url, "eve")
    assert refused.value.code == "url_forbidden"
