"""The one user where no sign-in is configured: owner of everything, on this machine alone."""

import ipaddress
from collections.abc import Iterable

from lead_store.errors import NotAllowed

# The names under which a browser on this machine reaches the app. A page of a stranger, whose name is made to
# point at this machine (DNS rebinding), sends its own name instead.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def require_loopback(addresses: Iterable[str | None]) -> None:
    """Refuse to serve without sign-in where others could reach it.

    Args:
        addresses: what the server listens on, names or IP addresses; None or blank stands for every interface.

    Raises:
        NotAllowed: `sign_in_missing`, with what to configure.
    """
    open_ones = [address or "every interface" for address in addresses if not _is_loopback(address)]
    if open_ones:
        raise NotAllowed(
            f"Without sign-in the app serves this machine alone, but it was told to listen on {open_ones[0]}."
            " Either let it listen on 127.0.0.1, or configure sign-in: set LEAD_STORE_OIDC_ISSUER,"
            " LEAD_STORE_OIDC_CLIENT_ID, LEAD_STORE_OIDC_CLIENT_SECRET, LEAD_STORE_COOKIE_SECRET and"
            " LEAD_STORE_URL.",
            code="sign_in_missing",
            addresses=open_ones,
        )


def _is_loopback(address: str | None) -> bool:
    if not address:
        return False
    if address == "localhost" or address.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
