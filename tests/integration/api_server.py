"""The API served for tests by a real server on a port of its own, and a receiver of webhooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

import uvicorn

from lead_store.api import app


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


class Receiver(ThreadingHTTPServer):
    """Takes POST requests and keeps them; answers with the statuses it was given, then with 204."""

    def __init__(self, statuses: list[int] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.statuses = list(statuses or [])
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
        self.send_header("Location", "http://127.0.0.1/elsewhere")
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
