"""Signing in with a real OIDC provider, what strangers and attackers get, and the walls around the local user."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.conftest import ROOT, RunningApp
from tests.journeys.steps import click, expect_heading

pytestmark = pytest.mark.journey

PEOPLE = {
    "ana": {"email": "ana@example.org", "email_verified": True, "name": "Ana Lima"},
    "eve": {"email": "eve@example.org", "email_verified": True, "name": "Eve"},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider, a process of its own, at which these people can sign in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = [f"--user-claims={json.dumps({'sub': name, **claims})}" for name, claims in PEOPLE.items()]
    provider = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *users],
        stderr=subprocess.DEVNULL,
    )
    yield f"http://localhost:{port}"
    provider.terminate()
    provider.wait()


@pytest.fixture(scope="module")
def guarded(start_app: Callable[..., RunningApp], issuer: str) -> RunningApp:
    """The app with sign-in and two organizations, both of which Ana owns."""
    running = start_app(
        LEAD_STORE_OIDC_ISSUER=issuer,
        LEAD_STORE_OIDC_CLIENT_ID="leads",
        LEAD_STORE_OIDC_CLIENT_SECRET="secret",
        LEAD_STORE_COOKIE_SECRET="0123456789abcdef" * 2,
        LEAD_STORE_URL="http://localhost:{port}",
    )
    run_command(running, "organization", "create", "acme", "--name", "Acme")
    for slug in ("demo", "acme"):
        run_command(running, "member", "add", "ana@example.org", "--organization", slug)
    return running


def run_command(running: RunningApp, *arguments: str) -> str:
    """A command of the product on the app's home; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "lead_store", *arguments],
        cwd=ROOT,
        env={**os.environ, "LEAD_STORE_HOME": str(running.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def sign_in(page: Page, url: str, name: str) -> None:
    """From the address to wherever the sign-in ends."""
    page.goto(url)
    click(page, "Sign in")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(lambda place: "localhost" in place and "/oauth2/" not in place)


@contextmanager
def another_window(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody else's browser."""
    window = browser.new_context(viewport={"width": 1440, "height": 900})
    yield window
    window.close()


def test_nothing_is_shown_before_signing_in_on_any_page(page, guarded):
    for path in (
        "",
        "/upload",
        "/leads",
        "/members",
        "/api-keys",
        "/review?import=11111111-1111-1111-1111-111111111111",
    ):
        page.goto(guarded.url + path)
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_text("New import")).to_have_count(0)


def test_owner_signs_in_switches_organizations_and_signs_out(page, guarded):
    sign_in(page, f"{guarded.url}/members?organization=demo", "ana")
    expect_heading(page, "Members")  # The page that was asked for, not the start page.
    expect(page.get_by_text("People who may act for Demo.")).to_be_visible()
    page.get_by_role("combobox", name="Organization").click()
    page.get_by_role("option", name="Acme").click()
    expect(page.get_by_text("People who may act for Acme.")).to_be_visible()
    expect(page).to_have_url(re.compile("organization=acme"))
    page.goto(f"{guarded.url}/members")
    expect(page.get_by_text("People who may act for")).to_be_visible()
    click(page, "Sign out")
    expect(page.get_by_text("People who may act for")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.goto(f"{guarded.url}/members")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def import_people(running: RunningApp, organization: str, folder: Path) -> None:
    """People whose cells would like to be markup."""
    file = folder / "people.csv"
    file.write_text(
        "Nome,Telefone,Nota\n"
        "<img src=x onerror=alert(1)>,+5511987650001,<script>alert(2)</script>\n"
        "**Bold** [link](javascript:alert(3)),+5511987650002,:material/home: $x^2$\n"
    )
    run_command(running, "import", str(file), "--organization", organization)


def test_stranger_is_told_to_ask_for_an_invitation(page, guarded):
    sign_in(page, guarded.url + "/", "eve")
    expect_heading(page, "Not invited yet")
    expect(page.get_by_text("You are signed in as")).to_be_visible()


def test_removal_takes_effect_in_the_open_tab(browser, page, guarded):
    run_command(guarded, "member", "add", "eve@example.org", "--organization", "acme", "--role", "importer")
    with another_window(browser) as window:
        theirs = window.new_page()
        sign_in(theirs, guarded.url + "/", "eve")
        expect_heading(theirs, "Imports")
        sign_in(page, f"{guarded.url}/members?organization=acme", "ana")
        page.locator(".st-key-remove-eve-example-org").get_by_role("button", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.locator(".st-key-remove-eve-example-org")).to_have_count(0)
        theirs.get_by_role("link", name="Leads").click()
        expect_heading(theirs, "Not invited yet")


def test_cookie_that_is_forged_or_from_before_the_sign_in_opens_nothing(browser, page, context, guarded):
    page.goto(guarded.url + "/")
    click(page, "Sign in")
    before = context.cookies(guarded.url)
    page.get_by_role("button", name="ana", exact=True).click()
    expect_heading(page, "Imports")
    signed = {cookie["name"]: cookie for cookie in context.cookies(guarded.url)}
    assert "_streamlit_user" in signed
    # What an attacker planted or saw before the sign-in is worth nothing after it.
    forged = {**signed["_streamlit_user"], "value": signed["_streamlit_user"]["value"][:-4] + "AAAA"}
    for cookies in (before, [forged]):
        with another_window(browser) as window:
            window.add_cookies(cookies)
            other = window.new_page()
            other.goto(guarded.url + "/")
            expect(other.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_answer_of_the_provider_works_only_in_the_browser_that_asked(browser, page, guarded):
    callbacks: list[str] = []

    def keep_answer(route: Route) -> None:
        if route.request.method == "POST":
            callbacks.append(route.fetch(max_redirects=0).headers["location"])
            route.fulfill(body="kept")
        else:
            route.continue_()

    page.route(re.compile("/oauth2/authorize"), keep_answer)
    page.goto(guarded.url + "/")
    click(page, "Sign in")
    page.get_by_role("button", name="ana", exact=True).click()
    expect(page.get_by_text("kept")).to_be_visible()
    with another_window(browser) as window:
        victim = window.new_page()
        victim.goto(callbacks[0])  # An attacker's own sign-in, slipped to somebody else.
        expect(victim.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_markup_in_cells_shows_as_text_and_its_person_can_be_erased(page, guarded, tmp_path):
    import_people(guarded, "demo", tmp_path)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, f"{guarded.url}/leads?organization=demo", "ana")
    expect_heading(page, "Leads")
    page.get_by_role("link", name="Data protection").click()
    page.get_by_label("Find the person").fill("onerror")
    page.get_by_label("Find the person").press("Enter")
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert dialogs == []
    click(page, "Erase")
    click(page, "Erase for good")
    expect(page.get_by_text("Nobody among your leads.")).to_be_visible()
    expect(page.get_by_text("a person erased")).to_be_visible()


def test_key_made_on_the_page_works_and_is_shown_once(page, guarded):
    sign_in(page, f"{guarded.url}/api-keys?organization=demo", "ana")
    expect_heading(page, "API keys")
    page.get_by_label("Name").fill("Nightly sync")
    click(page, "Create key")
    key = page.get_by_role("dialog").locator("code").first.inner_text().strip()
    request = urllib.request.Request(
        f"{guarded.url}/api/organizations/demo/leads/resolve-batch",
        data=b'[{"channel": "whatsapp", "channelIdentifier": "+5511987650009"}]',
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["results"][0]["outcome"] == "created"
    page.reload()
    expect(page.get_by_text("Nightly sync")).to_be_visible()
    expect(page.get_by_text(key)).to_have_count(0)
    click(page, "Revoke")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "0"],
        ["-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", "0"],
    ],
    ids=["streamlit", "uvicorn"],
)
def test_without_sign_in_an_open_address_is_refused(command, tmp_path):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "LEAD_STORE_HOME": str(tmp_path / "home"), "LEAD_STORE_OIDC_ISSUER": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Without sign-in the app serves this machine alone" in done.stderr
    assert "LEAD_STORE_OIDC_ISSUER" in done.stderr
    assert "Traceback" not in done.stderr


def test_page_of_a_stranger_that_points_at_this_machine_is_refused(app):
    request = urllib.request.Request(app.url, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)


@pytest.mark.parametrize("path", ["/", "/review?import=1", "/api/health", "/api/nothing"])
def test_every_answer_of_the_running_app_has_its_security_headers(app, path):
    try:
        with urllib.request.urlopen(app.url + path) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as refused:
        headers = refused.headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
