"""How large a request may be, and how slowly it may come. What it says is left to the routes."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lead_store.api.trouble import make_problem
from lead_store.settings import get_settings

# A slow client holds memory and a connection; ten thousand people are sent in less on any line.
BODY_SECONDS = 30.0


class BodyGuard:
    """Takes in the whole body before the app is asked, within limits of size and time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive, get_settings().body_limit_bytes)
        except TimeoutError:
            answer = make_problem(408, "body_too_slow", f"The body did not arrive within {BODY_SECONDS:.0f} seconds.")
            return await answer(scope, receive, send)
        if body is None:
            limit = get_settings().body_limit_bytes
            answer = make_problem(413, "body_too_large", f"A body has at most {limit:,} bytes. Send it in parts.")
            answer.headers["Connection"] = "close"
            return await answer(scope, receive, send)
        await self.app(scope, _replay(body, receive), send)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The body, or None where it is larger than the limit; what is beyond is not kept."""
    blocks, byte_count = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        byte_count += len(message.get("body", b""))
        if byte_count > limit:
            return None
        blocks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(blocks)


def _replay(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def replay() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
