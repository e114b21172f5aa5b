"""Bodies that are too large, or come too slowly, are refused before the app is asked."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from lead_store.api import bodies
from lead_store.settings import get_settings


def send_body(messages: list[Message | None]) -> tuple[list[Message], list[bytes]]:
    """What is answered to a body that comes in these messages (None: nothing comes any more), and what the app got."""
    answered: list[Message] = []
    got: list[bytes] = []

    async def receive() -> Message:
        message = messages.pop(0)
        return message if message else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(message: Message) -> None:
        answered.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.append((await receive())["body"])

    asyncio.run(bodies.BodyGuard(app)({"type": "http", "method": "POST", "headers": []}, receive, send))
    return answered, got


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_body_in_parts_reaches_the_app_whole() -> None:
    answered, got = send_body([part(b"one ", more=True), part(b"two", more=False)])
    assert (answered, got) == ([], [b"one two"])


def test_client_that_stops_sending_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    answered, got = send_body([part(b"one ", more=True), None])
    assert (answered[0]["status"], got) == (408, [])


def test_body_without_a_length_is_measured_as_it_comes() -> None:
    limit = get_settings().body_limit_bytes
    answered, got = send_body([part(b"x" * limit, more=True), part(b"x", more=True), None])
    assert (answered[0]["status"], got) == (413, [])
