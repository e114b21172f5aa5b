"""From a spreadsheet to leads in a real browser, with what goes wrong on the way."""

import csv
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.journeys import steps
from tests.journeys.conftest import RunningApp

pytestmark = pytest.mark.journey

MANY_ROWS = 30_000


@pytest.fixture(scope="module")
def app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """One with an empty store, that has just started."""
    return start_app()


def write_people(path: Path, rows: list[str], header: str = "Nome;Celular;E-mail") -> Path:
    """A Brazilian spreadsheet as its programs export it."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="windows-1252")
    return path


@pytest.fixture(scope="module")
def many_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough people for the import to be met on its way."""
    rows = [f"Pessoa {number};(11) 9{90_000_000 + number};p{number}@exemplo.com.br" for number in range(MANY_ROWS)]
    return write_people(tmp_path_factory.mktemp("files") / "many.csv", rows)


def test_the_first_deep_link_after_a_start_passes_the_gate(app: RunningApp, page: Page) -> None:
    """Stands first, so that the app has just started: Streamlit 1.67 runs the page of such a link without the
    main script where that one lies above `pages/`."""
    page.goto(f"{app.url}/review?import=00000000-0000-0000-0000-000000000000")
    expect(page.get_by_text("There is no such import in this organization.")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Imports")).to_be_visible()


def test_the_imports_are_found_under_the_name_that_the_menu_has(app: RunningApp, page: Page) -> None:
    page.goto(f"{app.url}/imports?organization=demo")
    expect(page.get_by_role("button", name="New import")).to_be_visible()
    expect(page).to_have_url(f"{app.url}/?organization=demo")


def test_the_sample_becomes_leads_with_a_ledger_a_file_of_rejected_rows_and_a_dispatch(
    app: RunningApp, page: Page
) -> None:
    page.goto(app.url)
    steps.expect_heading(page, "Imports")
    page.get_by_role("button", name="New import").click()
    steps.click(page, "Use the sample")
    steps.go_to_review(page)
    reviewed = steps.read_ledger(page)
    assert reviewed == {
        "read": 30, "created": 25, "updated": 0, "unchanged": 0, "merged": 1, "skipped": 0, "rejected": 4
    }  # fmt: skip
    steps.start(page)
    steps.open_report(page)
    assert steps.read_ledger(page) == reviewed
    with page.expect_download() as download:
        steps.click(page, "Download as CSV")
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert {row["row"]: row["problem_code"] for row in rejected} == {
        "12": "shared_identifier",
        "14": "phone_truncated",
        "15": "identifier_missing",
        "16": "phone_invalid",
    }
    steps.click(page, "Start a dispatch")
    expect(page.get_by_text("25 people")).to_be_visible()
    page.get_by_role("textbox", name="Message").fill("Olá {{ first_name }}")
    page.get_by_role("textbox", name="Message").press("Control+Enter")
    steps.click(page, "Send")
    expect(page.get_by_text("It goes to 23 people")).to_be_visible()
    expect(page.get_by_text("Left out: 2 who opted out.")).to_be_visible()
    steps.click(page, "Send now")
    steps.expect_heading(page, "Dispatches")
    # Two of the 25 opted out in the file.
    expect(page.get_by_text("23 of 23 handed over, 2 opted out")).to_be_visible()


def test_a_judgement_about_the_file_is_changed_and_the_preview_follows(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    steps.upload(page, app.url, write_people(tmp_path / "a.csv", ["José;(11) 98888-0001;", "Ana;(11) 98888-0002;"]))
    steps.expect_heading(page, "How your file was read")
    expect(page.get_by_text("2 rows below the header")).to_be_visible()
    page.get_by_role("combobox", name="Header row").click()
    page.get_by_role("option", name="No header row").click()
    expect(page.get_by_text(re.compile("a.csv · 3 rows$"))).to_be_visible()
    expect(page.get_by_text("The header row was chosen by you.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("a.csv · 3 rows$"))).to_be_visible()


def test_the_same_file_again_offers_the_import_that_is_there(app: RunningApp, page: Page, tmp_path: Path) -> None:
    people = write_people(tmp_path / "twice.csv", ["Rita;(11) 98888-0011;"])
    steps.upload(page, app.url, people)
    steps.expect_heading(page, "How your file was read")
    first = page.url.split("import=")[1]
    steps.upload(page, app.url, people)
    expect(page.get_by_text("This very file is already here.")).to_be_visible()
    steps.click(page, "Continue that import")
    steps.expect_heading(page, "Match the columns")
    assert first in page.url


def test_what_is_missing_is_said_before_the_next_step(app: RunningApp, page: Page, tmp_path: Path) -> None:
    people = write_people(tmp_path / "no-phone.csv", ["Rita;rita@exemplo.com.br"], "Nome;E-mail")
    steps.upload(page, app.url, people)
    steps.click(page, "Match the columns")
    expect(page.get_by_text("No column feeds Phone")).to_be_visible()
    expect(page.get_by_role("button", name="Check all rows")).to_be_disabled()
    page.get_by_role("combobox", name="Reach people by").click()
    page.get_by_role("option", name="E-mail").click()
    expect(page.get_by_role("button", name="Check all rows")).to_be_enabled()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"Nome;Celular\n", "no rows below"),
        ("letter.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_with_a_sentence(
    app: RunningApp, page: Page, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    steps.upload(page, app.url, file)
    expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_file_tells_how_far_it_is_while_it_is_uploaded(app: RunningApp, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/upload")
    steps.expect_heading(page, "Upload a spreadsheet")
    throttle(page, bytes_per_second=300_000)
    rows = [f"Pessoa {number};(11) 9{80_000_000 + number};" for number in range(60_000)]
    page.locator("input[type=file]").set_input_files(write_people(tmp_path / "slow.csv", rows))
    expect(page.get_by_text("1 of 2 MB uploaded")).to_be_visible()
    steps.expect_heading(page, "How your file was read")
    expect(page.get_by_text("60,000 rows below the header")).to_be_visible()


def throttle(page: Page, bytes_per_second: int) -> None:
    """As a slow line would."""
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    browser.send("Network.emulateNetworkConditions", limits)


def test_markup_in_cells_shows_as_text(app: RunningApp, page: Page, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>**bold** :material/delete:"
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message) or dialog.dismiss())
    people = write_people(tmp_path / "<b>x.csv", [f"{hostile};(11) 98888-0021;1"], f"Nome;Celular;{hostile}")
    steps.upload(page, app.url, people)
    steps.click(page, "Match the columns")
    expect(page.get_by_text(hostile.split("**", maxsplit=1)[0]).first).to_be_visible()
    steps.click(page, "Check all rows")
    steps.expect_heading(page, "Review")
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert alerts == []


def test_an_import_outlives_its_killed_worker_and_the_closed_browser(
    start_app: Callable[[], RunningApp], context: BrowserContext, many_people: Path
) -> None:
    app = start_app()
    page = context.new_page()
    steps.upload(page, app.url, many_people)
    steps.go_to_review(page)
    reviewed = steps.read_ledger(page)
    steps.start(page)
    place = page.url
    expect(page.get_by_text(re.compile(r"^(?!0 |30,000 )[\d,]+ of 30,000"))).to_be_visible()
    (worker,) = app.find_workers()
    os.kill(worker, signal.SIGKILL)
    page.close()
    page = context.new_page()
    page.goto(place)
    steps.open_report(page)
    assert steps.read_ledger(page) == reviewed
    (next_worker,) = app.find_workers()
    assert next_worker != worker
    assert app.stop() in (0, -signal.SIGTERM)
    with pytest.raises(ProcessLookupError):
        os.kill(next_worker, 0)
    assert not (app.home / "postgres" / "postmaster.pid").exists()


def test_an_import_is_paused_and_resumed(app: RunningApp, page: Page, many_people: Path) -> None:
    steps.upload(page, app.url, many_people)
    steps.go_to_review(page)
    steps.start(page)
    steps.click(page, "Pause")
    expect(page.get_by_test_id("stMarkdown").get_by_text("Paused")).to_be_visible()
    page.goto(page.url.replace("/progress", "/compose"))
    expect(page.get_by_text("is paused")).to_be_visible()
    steps.click(page, "Go on with the import")
    steps.click(page, "Resume")
    steps.open_report(page)
    assert steps.read_ledger(page)["created"] == MANY_ROWS


def test_every_step_is_reached_by_its_address_and_by_going_back(app: RunningApp, page: Page, tmp_path: Path) -> None:
    steps.upload(page, app.url, write_people(tmp_path / "b.csv", ["Rui;(11) 98888-0031;", "Zoe;(11) 98888-0032;"]))
    steps.go_to_review(page)
    page.reload()
    steps.expect_heading(page, "Review")
    page.get_by_role("radio", name="Duplicates").click()
    expect(page).to_have_url(re.compile("show=merged"))
    page.go_back()
    steps.expect_heading(page, "Review")
    review = page.url
    page.get_by_role("link", name="Columns").click()
    steps.expect_heading(page, "Match the columns")
    page.go_back()
    steps.expect_heading(page, "Review")
    other_tab = page.context.new_page()
    other_tab.goto(review)
    steps.expect_heading(other_tab, "Review")
    assert steps.read_ledger(other_tab)["created"] == 2


def test_a_page_that_is_left_while_it_refreshes_gives_way_to_the_next(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    """The list asks for itself every three seconds, also while the browser has not heard yet that it was left."""
    steps.upload(page, app.url, write_people(tmp_path / "left.csv", ["Ana;11987650077;ana@x.io"]))
    steps.expect_heading(page, "How your file was read")
    refreshes: list[str | bytes] = []
    left: list[bool] = []

    def pass_on(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(message: str | bytes) -> None:
            if not left:
                refreshes.append(message)
            server.send(message)

        def to_page(message: str | bytes) -> None:
            if left and len(left) < 10:
                left.append(True)
                server.send(refreshes[-1])
            socket.send(message)

        socket.on_message(to_server)
        server.on_message(to_page)

    page.route_web_socket(re.compile("/_stcore/stream"), pass_on)
    page.goto(app.url)
    way_on = page.get_by_role("button", name="Continue").first
    expect(way_on).to_be_visible()
    asked = len(refreshes)
    page.wait_for_timeout(4_000)
    assert len(refreshes) > asked
    left.append(True)
    way_on.click()
    steps.expect_heading(page, "Match the columns")
    page.wait_for_timeout(2_000)
    steps.expect_heading(page, "Match the columns")
    assert len(left) > 1
