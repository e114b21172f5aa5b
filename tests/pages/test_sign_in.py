"""The gate and the settings pages, for people who are signed in, in each role."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from lead_store import access, api_keys, imports, privacy
from lead_store.access import Organization, Role
from lead_store.imports import Import
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.pages.conftest import FRAME, PATIENCE_SECONDS, texts

ISSUER = "https://id.example.org"
PEOPLE = "Nome,Celular,Nota\n<img src=x onerror=alert(1)>,11 98888-0101,**bold** [x](javascript:alert(1)) :home: $x$\n"
IMPORT_PAGES = ("upload", "columns", "review", "progress", "report")

Open = Callable[..., AppTest]


@pytest.fixture
def open_as(monkeypatch: pytest.MonkeyPatch, organization: Organization, home: Any) -> Iterator[Open]:
    """Opens a page as somebody who signed in; with a role, as a member of the test's organization."""
    settings = {
        "LEAD_STORE_OIDC_ISSUER": ISSUER,
        "LEAD_STORE_OIDC_CLIENT_ID": "leads",
        "LEAD_STORE_OIDC_CLIENT_SECRET": "secret",
        "LEAD_STORE_COOKIE_SECRET": "c" * 32,
        "LEAD_STORE_URL": "http://localhost:8501",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()

    def open_(page: str | None, role: Role | None, email: str = "", **place: Any) -> AppTest:
        email = email or f"{uuid4().hex}@example.org"
        if role:
            with database.transaction(organization.id) as tx:
                access.add_member(tx, organization, email, role, "test")
        app = AppTest.from_file(FRAME, default_timeout=PATIENCE_SECONDS)
        app.user = {
            "is_logged_in": True,
            "iss": ISSUER,
            "sub": email,
            "email": email,
            "email_verified": True,
            "name": "Vera Reis",
            "iat": int(time.time()),
        }
        app.run()
        if page:
            app.switch_page(page).run()
        for name, value in place.items():
            app.query_params[name] = str(value)
        return app.run()

    yield open_
    get_settings.cache_clear()


@pytest.fixture
def their_import(review: Callable[..., Import], organization: Organization) -> Import:
    return review(PEOPLE)


@pytest.fixture
def other() -> Organization:
    with database.transaction() as tx:
        return access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other")


def test_who_is_not_signed_in_sees_nothing_but_the_button(open_as: Open) -> None:
    app = open_as(None, None)
    app.user = {"is_logged_in": False}
    app.run()
    assert [button.label for button in app.button] == ["Sign in"]
    assert "Imports" not in texts(app)


def test_stranger_is_told_to_ask_for_an_invitation(open_as: Open) -> None:
    app = open_as(None, None)
    assert [title.value for title in app.title] == ["Not invited yet"]
    assert [button.label for button in app.button] == ["Sign out"]


@pytest.mark.parametrize(
    ("claim", "value", "sentence"),
    [
        ("email_verified", False, "has not verified"),
        ("iat", 0, "has run out"),
        ("email", None, "did not tell your e"),
    ],
)
def test_sign_in_that_is_not_believed_opens_nothing(open_as: Open, claim: str, value: Any, sentence: str) -> None:
    app = open_as(None, Role.OWNER)
    app.user[claim] = value
    app.run()
    assert sentence in texts(app).replace("\\", "")
    assert "Imports" not in texts(app)


def test_organization_of_others_and_none_get_the_same_page(open_as: Open, other: Organization) -> None:
    shown = [texts(open_as(None, Role.OWNER, organization=slug)) for slug in (other.slug, "no-such-organization")]
    assert "There is no such organization" in shown[0]
    assert shown[0] == shown[1]


def test_member_of_two_organizations_switches_between_them(
    open_as: Open, organization: Organization, other: Organization
) -> None:
    with database.transaction(other.id) as tx:
        access.add_member(tx, other, "both@example.org", Role.VIEWER, "test")
    app = open_as("settings/members.py", Role.OWNER, "both@example.org", organization=organization.slug)
    assert "may act for Test" in texts(app)
    app.sidebar.selectbox[0].set_value(other.slug).run()
    assert app.query_params["organization"] in (other.slug, [other.slug])
    app.switch_page("settings/members.py").run()
    assert "may act for Other" in texts(app)


@pytest.mark.parametrize("page", IMPORT_PAGES)
def test_import_of_others_and_no_import_get_the_same_page(
    open_as: Open, their_import: Import, other: Organization, page: str
) -> None:
    with database.transaction(other.id) as tx:
        access.add_member(tx, other, "vera@example.org", Role.OWNER, "test")
    shown = [
        texts(open_as(f"imports/{page}.py", None, "vera@example.org", **{"import": import_id}))
        for import_id in (their_import.id, uuid4())
    ]
    assert "There is no such import" in shown[0]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("page", ["api_keys", "webhooks", "data_protection"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.IMPORTER])
def test_pages_of_owners_are_closed_to_others(open_as: Open, page: str, role: Role) -> None:
    app = open_as(f"settings/{page}.py", role)
    assert "Only owners of Test may do this" in texts(app)
    assert not app.main.button


@pytest.mark.parametrize("page", ["review", "columns"])
def test_viewer_finds_nothing_to_start_or_change(open_as: Open, their_import: Import, page: str) -> None:
    app = open_as(f"imports/{page}.py", Role.VIEWER, **{"import": their_import.id})
    usable = [button.label for button in app.main.button if not button.disabled]
    assert not {"Start the import", "Check all rows", "Cancel"} & set(usable)


def test_viewer_who_forces_a_start_is_refused(open_as: Open, their_import: Import, organization: Organization) -> None:
    app = open_as("imports/review.py", Role.VIEWER, **{"import": their_import.id})
    for button in app.main.button:
        if button.label.startswith("Start"):
            button.click().run()
    with database.transaction(organization.id) as tx:
        assert imports.get_import(tx, their_import.id).status == "in_review"


def test_owner_invites_demotes_and_removes(open_as: Open, organization: Organization) -> None:
    app = open_as("settings/members.py", Role.OWNER, "owner@example.org")
    app.text_input[0].input("New.Person@example.org")
    click(app, "Invite")
    assert role_of(organization, "new.person@example.org") == "importer"
    app.selectbox(key="role-new.person@example.org").set_value("viewer").run()
    assert role_of(organization, "new.person@example.org") == "viewer"
    app.selectbox(key="role-owner@example.org").set_value("viewer").run()
    assert "the only owner" in texts(app)
    assert role_of(organization, "owner@example.org") == "owner"


def role_of(organization: Organization, email: str) -> str:
    with database.transaction(organization.id) as tx:
        return next(each.role for each in access.search_members(tx) if each.email == email)


def click(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_address_that_is_none_is_refused_in_a_sentence(open_as: Open) -> None:
    app = open_as("settings/members.py", Role.OWNER)
    app.text_input[0].input("no address")
    click(app, "Invite")
    assert "is not an e" in texts(app)
    assert not app.exception
    assert app.text_input[0].value == "no address"


def test_an_address_that_was_invited_leaves_the_field_empty(open_as: Open) -> None:
    app = open_as("settings/members.py", Role.OWNER)
    app.text_input[0].input("new@example.org")
    click(app, "Invite")
    assert app.text_input[0].value == ""


def test_key_is_shown_once(open_as: Open, organization: Organization) -> None:
    app = open_as("settings/api_keys.py", Role.OWNER)
    app.text_input[0].input("Nightly sync")
    click(app, "Create key")
    secret = next(block.value for block in app.code if block.value.startswith("lsk_"))
    with database.transaction() as tx:
        assert api_keys.authenticate(tx, secret).organization_id == organization.id
    app.run()
    assert secret not in str([block.value for block in app.code])
    assert "Nightly sync" in texts(app)


def test_retention_is_changed_and_a_persons_data_collected(
    open_as: Open, organization: Organization, review: Callable[..., Import], finish: Callable[[Import], None]
) -> None:
    finish(review(PEOPLE))
    app = open_as("settings/data_protection.py", Role.OWNER)
    app.number_input[0].set_value(7)
    click(app, "Save")
    with database.transaction() as tx:
        assert privacy.get_retention_days(access.get_organization(tx, organization.slug)) == 7
    app.text_input(key="person").input("98888").run()
    click(app, "Collect all data")
    assert [button.label for button in app.get("download_button")] == ["Download"]
    assert "A person exported" in texts(app)


def test_cells_with_markup_show_as_text(
    open_as: Open, review: Callable[..., Import], finish: Callable[[Import], None]
) -> None:
    finish(review(PEOPLE))
    app = open_as("settings/data_protection.py", Role.OWNER)
    app.text_input(key="person").input("98888").run()
    [name] = [each for each in app.markdown if "onerror" in each.value]
    assert "<img" not in name.value.replace("\\<", "")
    assert not name.allow_html


def test_unknown_organization_in_the_url_of_the_local_user_is_not_found(open_page: Open) -> None:
    app = open_page("imports/list.py", organization="no-such-organization")
    assert "There is no such organization" in texts(app)
