"""HTTP requests to addresses that users gave: to public hosts only, without redirects, within limits of time.

The name is looked up once, every address it has is judged, and the connection goes to the address that was
judged: a name that points elsewhere a moment later changes nothing (DNS rebinding). What is sent is left to others.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from lead_store.errors import Invalid
from lead_store.settings import get_settings

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
MAXIMUM_URL_LENGTH = 2048

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Sequence[str]]

# All that IANA has given out of IPv6. Outside lie ways of writing an IPv4 address that a gateway would go to (NAT64,
# ::127.0.0.1, ::ffff:0:127.0.0.1) and old private ranges (fec0::/10), which `is_global` takes for public.
IPV6_IN_USE = ipaddress.IPv6Network("2000::/3")
# Inside it, 6to4 (RFC 3056) hides an IPv4 address.
IPV6_TO_IPV4 = ipaddress.IPv6Network("2002::/16")


@dataclass(frozen=True)
class Sent:
    """How a request went: the status that came back, or why none did."""

    status_code: int | None = None
    error: str | None = None

    @property
    def is_accepted(self) -> bool:
        """True for every 2xx. A redirect is not followed, and is no success."""
        return self.status_code is not None and 200 <= self.status_code < 300


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, from the system's resolver. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_url(url: str) -> str:
    """The URL, if messages could be sent there; whether its name has a public address is seen when sending.

    Raises:
        Invalid: `url_invalid`, `url_forbidden`.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as cause:
        raise Invalid(f"This is not a web address: {cause}.", code="url_invalid") from cause
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAXIMUM_URL_LENGTH
    # A zone of this machine, or an escape that some other reader of the same URL would decode.
    is_plain = is_plain and "%" not in (host or "")
    if parts.scheme not in ("http", "https") or not host or port == 0 or parts.username is not None or not is_plain:
        raise Invalid(
            "Use an address such as https://example.com/hook, without user name or password.", code="url_invalid"
        )
    if not _is_allowed_here(host, port or _default_port(parts.scheme)) and _is_plainly_internal(host):
        raise Invalid(
            "This address is inside a private network. Messages go to public addresses only.", code="url_forbidden"
        )
    return url


def post(url: str, body: bytes, headers: Mapping[str, str], lookup: Lookup = look_up) -> Sent:
    """Send a POST request; every trouble on the way is in what is returned, none is raised."""
    try:
        return asyncio.run(_post(url, body, headers, lookup))
    except TimeoutError:
        return Sent(error=f"No answer within {TOTAL_SECONDS:.0f} seconds.")
    except Invalid as cause:
        return Sent(error=cause.detail)
    except (httpx.HTTPError, OSError, UnicodeError) as cause:
        return Sent(error=f"The connection failed: {type(cause).__name__}.")


async def _post(url: str, body: bytes, headers: Mapping[str, str], lookup: Lookup) -> Sent:
    check_url(url)
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or _default_port(parts.scheme)
    async with asyncio.timeout(TOTAL_SECONDS):
        addresses = await asyncio.to_thread(lookup, host, port)
        address = _choose(addresses, host, port)
        target = httpx.URL(url).copy_with(host=address)
        # Nothing of the environment: a proxy would look the name up again, elsewhere.
        async with (
            httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)) as client,
            client.stream(
                "POST",
                target,
                content=body,
                headers={**headers, "Host": parts.netloc},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            return Sent(answer.status_code)  # The body is not read: it is not ours to know, nor to hold.


def _choose(addresses: Sequence[str], host: str, port: int) -> str:
    """The first address, if all are public: one private among them is enough to refuse."""
    if not addresses:
        raise Invalid("The host has no address.", code="url_invalid")
    if not _is_allowed_here(host, port) and not all(is_public(address) for address in addresses):
        raise Invalid("The host is inside a private network; nothing was sent.", code="url_forbidden")
    return addresses[0]


def is_public(address: str) -> bool:
    """True for an address anybody on the internet can reach."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found not in IPV6_IN_USE or found in IPV6_TO_IPV4:
            return False
    return found.is_global and not found.is_multicast


def _is_plainly_internal(host: str) -> bool:
    """An address that is not public, in any way of writing it, or a name that never leaves this machine."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".internal", ".local")):
        return True
    try:
        return not is_public(str(ipaddress.ip_address(name)))
    except ValueError:
        pass
    try:
        # Also 127.1, 0x7f000001 and 2130706433, which the system's resolver takes for addresses.
        return not is_public(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        return False


def _is_allowed_here(host: str, port: int) -> bool:
    """Internal receivers that whoever runs the product has named, as host:port."""
    allowed = {entry.strip().lower() for entry in get_settings().internal_receivers.split(",") if entry.strip()}
    return f"{host.lower()}:{port}" in allowed


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
