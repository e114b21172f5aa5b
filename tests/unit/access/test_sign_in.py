"""What sign-in needs to be told, and what is believed of a provider."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from lead_store.access import Role, get_sign_in, local_person, recognise
from lead_store.access.sign_in import SIGN_IN_LASTS_SECONDS
from lead_store.errors import Invalid, NotAllowed
from lead_store.settings import get_settings

COMPLETE = {
    "LEAD_STORE_OIDC_ISSUER": "https://id.example.org/",
    "LEAD_STORE_OIDC_CLIENT_ID": "leads",
    "LEAD_STORE_OIDC_CLIENT_SECRET": "secret",
    "LEAD_STORE_COOKIE_SECRET": "c" * 32,
    "LEAD_STORE_URL": "https://leads.example.org/",
}


@pytest.fixture(autouse=True)
def _fresh_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (*COMPLETE, "LEAD_STORE_OIDC_TRUST_EMAILS"):
        monkeypatch.delenv(name, raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def configure(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_configured_means_the_local_user():
    assert get_sign_in() is None
    assert local_person().is_local


def test_complete_configuration_becomes_streamlits_secrets(monkeypatch):
    configure(monkeypatch, COMPLETE)
    sign_in = get_sign_in()
    assert sign_in is not None
    assert sign_in.is_https
    assert sign_in.to_secrets() == {
        "auth": {
            "redirect_uri": "https://leads.example.org/oauth2callback",
            "cookie_secret": "c" * 32,
            "client_id": "leads",
            "client_secret": "secret",
            "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
        }
    }


@pytest.mark.parametrize("missing", COMPLETE)
def test_configuration_in_part_is_refused_and_names_what_is_missing(monkeypatch, missing):
    configure(monkeypatch, {name: value for name, value in COMPLETE.items() if name != missing})
    with pytest.raises(Invalid) as refusal:
        get_sign_in()
    assert (refusal.value.code, missing in refusal.value.detail) == ("sign_in_incomplete", True)


def test_short_cookie_secret_is_refused(monkeypatch):
    configure(monkeypatch, {**COMPLETE, "LEAD_STORE_COOKIE_SECRET": "c" * 31})
    with pytest.raises(Invalid, check=lambda error: error.code == "cookie_secret_short"):
        get_sign_in()


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "iss": "https://id.example.org",
        "sub": "1",
        "email": "Ana@Example.org",
        "email_verified": True,
        "name": "Ana",
        "iat": time.time(),
        **changes,
    }


def test_person_is_who_the_provider_says():
    person = recognise(claims())
    assert (person.email, person.name, person.issuer, person.subject, person.is_local) == (
        "ana@example.org",
        "Ana",
        "https://id.example.org",
        "1",
        False,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": None}, "email_missing"),
        ({"sub": ""}, "email_missing"),
        ({"email_verified": False}, "email_unverified"),
        ({"email_verified": None}, "email_unverified"),
        ({"email_verified": "true"}, "email_unverified"),  # A text is not a promise.
        ({"iat": time.time() - SIGN_IN_LASTS_SECONDS - 60}, "sign_in_expired"),
        ({"iat": 0}, "sign_in_expired"),
    ],
)
def test_claims_that_are_not_believed(changes, code):
    with pytest.raises(NotAllowed, check=lambda error: error.code == code):
        recognise(claims(**changes))


def test_addresses_of_a_trusted_provider_are_believed_unverified(monkeypatch):
    monkeypatch.setenv("LEAD_STORE_OIDC_TRUST_EMAILS", "true")
    assert recognise(claims(email_verified=None)).email == "ana@example.org"


@pytest.mark.parametrize(
    ("role", "includes"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.IMPORTER, {Role.VIEWER, Role.IMPORTER}),
        (Role.OWNER, {Role.VIEWER, Role.IMPORTER, Role.OWNER}),
    ],
)
def test_each_role_may_what_the_one_before_may(role, includes):
    assert {each for each in Role if role.includes(each)} == includes
