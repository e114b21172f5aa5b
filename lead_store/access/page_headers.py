"""ASGI middleware of the pages: headers that protect whoever looks at them, and the way back after signing in."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote, unquote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]

# No other site may show these pages within its own, or read where one came from. Streamlit's own scripts rule
# out a stricter policy for scripts.
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class PageHeaders:
    """Adds the headers to all answers that have none of the same name."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        """Pass on; complete the answer's headers."""

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [header for header in HEADERS if header[0] not in names]
            await send(message)

        await self.app(scope, receive, send_completed)


CALLBACK_PATH = "/oauth2callback"
PLACE_COOKIE = "lead_store_place"
PLACE_LASTS_SECONDS = 600
# A path of this site: one slash, and nothing that a browser could read as the beginning of another site.
OWN_PLACE = re.compile(r"/(?![/\\])[\x21-\x7e]{0,2000}")


class SignInCookies:
    """Brings people back to the page that they came for, and marks cookies Secure where the app is served by https.

    Streamlit sends whoever has signed in to the start page, and leaves Secure out for the sake of http://localhost.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], is_https: bool) -> None:
        self.app, self.is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        """Pass on; complete the answer's cookies."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [self._secured(header) for header in message.get("headers", [])]
                message["headers"] = _with_place(scope, headers)
            await send(message)

        await self.app(scope, receive, send_completed)

    def _secured(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        name, value = header
        is_bare = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        return (name, value + b"; Secure") if self.is_https and is_bare else header


def _with_place(scope: Scope, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    if scope["path"].endswith(CALLBACK_PATH):
        return _led_back(scope, headers)
    wants_page = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    query = scope.get("query_string", b"").decode("latin-1")
    place = scope["path"] + (f"?{query}" if query else "")
    if (
        scope["method"] == "GET"
        and wants_page
        and not scope["path"].startswith("/auth/")
        and OWN_PLACE.fullmatch(place)
    ):
        attributes = f"Path=/; Max-Age={PLACE_LASTS_SECONDS}; HttpOnly; SameSite=Lax"
        headers = [*headers, (b"set-cookie", f"{PLACE_COOKIE}={quote(place, safe='')}; {attributes}".encode())]
    return headers


def _led_back(scope: Scope, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """To the remembered place instead of the start page, once the sign-in has succeeded."""
    has_signed_in = any(name == b"set-cookie" and value.startswith(b"_streamlit_user=") for name, value in headers)
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    found = re.search(rf"(?:^|; ){PLACE_COOKIE}=([^;]*)", cookies)
    place = unquote(found.group(1)) if found else ""
    if not has_signed_in or not OWN_PLACE.fullmatch(place):
        return headers
    return [(name, place.encode() if name == b"location" else value) for name, value in headers]
