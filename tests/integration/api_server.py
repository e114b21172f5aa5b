"""The API served for tests by a real server on a port of its own, its callers, and a receiver of webhooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

import httpx
import uvicorn

from lead_store import access, api_keys
from lead_store.api import app
from lead_store.storage.database import transaction

PEOPLE = "Nome,Telefone\nAna,+5511987654321\nBia,+5511987654322\nCaio,123\n"


@contextmanager
def serving() -> Iterator[str]:
    """The API at the URL that is given, without the worker that it would run when served alone."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def make_client(address: str, organization: access.Organization, **options: Any) -> httpx.Client:
    """A program with a new key of the organization."""
    with transaction(organization.id) as tx:
        _, text = api_keys.create_api_key(tx, "test", "test", **options)
    base = f"{address}/organizations/{organization.slug}"
    return httpx.Client(base_url=base, headers={"Authorization": f"Bearer {text}"}, timeout=60)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that is a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


class Receiver(ThreadingHTTPServer):
    """Takes POST requests and keeps them; answers with the statuses it was given, then with 204."""

    def __init__(self, statuses: list[int] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.statuses = list(statuses or [])
        self.location = "http://127.0.0.1/elsewhere"
        self.received: SimpleQueue[tuple[dict[str, str], bytes]] = SimpleQueue()

    @property
    def place(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((dict(self.headers.items()), body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def receiving(statuses: list[int] | None = None) -> Iterator[Receiver]:
    """A receiver at work."""
    with Receiver(statuses) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()
