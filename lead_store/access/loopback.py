"""Where no sign-in is configured there is one user, owner of everything: so the app serves this machine alone.

Two walls: the process stops when it listens on an address that others can reach (`refuse_open_addresses`), and
no connection that came in by another address is answered (`LoopbackOnly`).
"""

import asyncio
import ipaddress
import os
import signal
import socket
import stat
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from lead_store.errors import NotAllowed

# The names under which a browser on this machine reaches the app. A stranger's page whose name is made to point
# at this machine (DNS rebinding) sends its own name instead.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1")

POLL_SECONDS = 0.05

Scope = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]


def require_loopback(addresses: Iterable[str]) -> None:
    """Go on only where nobody but this machine can reach these addresses.

    Raises:
        NotAllowed: `sign_in_missing`, with what to configure.
    """
    open_ones = [address for address in addresses if not is_loopback(address)]
    if open_ones:
        raise NotAllowed(
            f"Without sign-in the app serves this machine alone, but it listens on {open_ones[0]}, which others can"
            " reach. Either let it listen on 127.0.0.1, or configure sign-in: set LEAD_STORE_OIDC_ISSUER,"
            " LEAD_STORE_OIDC_CLIENT_ID, LEAD_STORE_OIDC_CLIENT_SECRET, LEAD_STORE_COOKIE_SECRET and"
            " LEAD_STORE_URL.",
            code="sign_in_missing",
            addresses=open_ones,
        )


def is_loopback(address: str) -> bool:
    """True for an IP address of this machine alone; false for names, which may point anywhere."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback


def find_listening_addresses() -> list[str]:
    """The IP addresses on which this process accepts connections, whichever server runs it.

    Read from the process's open files, as Linux and macOS list them; elsewhere none are found.
    """
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    try:
        numbers = [int(name) for name in os.listdir(folder)]
    except OSError:
        return []
    found = (_listening_address(number) for number in numbers)
    return sorted({address for address in found if address})


async def refuse_open_addresses() -> None:
    """Wait until the server listens, then stop the process, with a sentence, if others can reach it.

    uvicorn binds only after the lifespan's start, Streamlit and gunicorn before it.
    """
    while not (addresses := find_listening_addresses()):
        await asyncio.sleep(POLL_SECONDS)
    try:
        require_loopback(addresses)
    except NotAllowed as refusal:
        print(refusal.detail, file=sys.stderr, flush=True)
        signal.raise_signal(signal.SIGTERM)


class LoopbackOnly:
    """ASGI middleware: answers only connections that reached this process by a loopback address."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        """Pass on, or answer 403 (to a WebSocket: close before it is accepted, which servers turn into a 403)."""
        host, port = scope.get("server") or (None, None)
        if scope["type"] == "lifespan" or port is None or is_loopback(host or ""):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send(
                {"type": "http.response.body", "body": b"Without sign-in this app serves its own machine alone."}
            )


def _listening_address(number: int) -> str | None:
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return None
        with socket.socket(fileno=os.dup(number)) as copy:
            is_tcp = copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM
            listens = is_tcp and copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            return copy.getsockname()[0] if listens else None
    except OSError:
        return None  # Closed since it was listed.
