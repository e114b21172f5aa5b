"""How people sign in: an OIDC provider, configured in the environment; and who a signed-in person is.

Streamlit does the protocol (st.login, with Authlib); here is what it needs to know, and what is believed of
what the provider says.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lead_store.errors import Invalid, NotAllowed
from lead_store.settings import get_settings

DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"
# Streamlit keeps its cookie for 30 days; people sign in anew each working day.
SIGN_IN_LASTS_SECONDS = 12 * 3600
MINIMUM_SECRET_LENGTH = 32


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, or the local user."""

    email: str
    name: str | None
    issuer: str | None
    subject: str | None

    @property
    def is_local(self) -> bool:
        """True for the one user where no sign-in is configured."""
        return self.subject is None


def local_person() -> Person:
    """The one user where no sign-in is configured: owner of all organizations."""
    return Person("Local user", None, None, None)


@dataclass(frozen=True)
class SignIn:
    """The provider, and where it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str
    cookie_secret: str
    url: str

    @property
    def is_https(self) -> bool:
        """True where people reach the app by an encrypted connection; anything else is for trying it out."""
        return self.url.startswith("https://")

    def to_secrets(self) -> dict[str, Any]:
        """As Streamlit wants it: the argument `secrets` of st.App."""
        return {
            "auth": {
                "redirect_uri": self.url.rstrip("/") + CALLBACK,
                "cookie_secret": self.cookie_secret,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "server_metadata_url": self.issuer.rstrip("/") + DISCOVERY,
            }
        }


def get_sign_in() -> SignIn | None:
    """The configured sign-in; None where there is none, for the local user.

    Raises:
        Invalid: `sign_in_incomplete` or `cookie_secret_short`, with what to set.
    """
    settings = get_settings()
    values = {
        "LEAD_STORE_OIDC_ISSUER": settings.oidc_issuer,
        "LEAD_STORE_OIDC_CLIENT_ID": settings.oidc_client_id,
        "LEAD_STORE_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
        "LEAD_STORE_COOKIE_SECRET": settings.cookie_secret,
        "LEAD_STORE_URL": settings.url,
    }
    given = [value for value in values.values() if value]
    if not settings.oidc_issuer and not settings.oidc_client_id:
        return None
    if len(given) < len(values):
        missing = ", ".join(name for name, value in values.items() if not value)
        raise Invalid(f"Sign-in is configured in part. Set {missing} too.", code="sign_in_incomplete")
    if len(settings.cookie_secret or "") < MINIMUM_SECRET_LENGTH:
        raise Invalid(
            f"LEAD_STORE_COOKIE_SECRET is too short to sign cookies with: use {MINIMUM_SECRET_LENGTH} random"
            " characters or more, for example from `openssl rand -hex 32`.",
            code="cookie_secret_short",
        )
    return SignIn(*given)


def recognise(claims: Mapping[str, Any]) -> Person:
    """The person behind the claims of an ID token, as Streamlit keeps them in its signed cookie.

    An address counts only where the provider says that it has verified it, or where LEAD_STORE_OIDC_TRUST_EMAILS
    says that the provider's addresses are to be believed as they are: an address that people may set themselves
    would let them in on somebody else's invitation.

    Raises:
        NotAllowed: `email_missing`, `email_unverified`, `sign_in_expired`.
    """
    email, subject = claims.get("email"), claims.get("sub")
    if not email or not subject:
        raise NotAllowed(
            "Your sign-in provider did not tell your e-mail address. Ask whoever runs it to release the claim `email`.",
            code="email_missing",
        )
    if claims.get("email_verified") is not True and not get_settings().oidc_trusts_emails:
        raise NotAllowed(
            f"Your sign-in provider has not verified {email}. Verify the address there, then sign in again.",
            code="email_unverified",
        )
    if time.time() - float(claims.get("iat", 0)) > SIGN_IN_LASTS_SECONDS:
        raise NotAllowed("Your sign-in has run out. Sign in again.", code="sign_in_expired")
    return Person(str(email).strip().lower(), claims.get("name"), str(claims.get("iss")), str(subject))
