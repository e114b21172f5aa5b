"""A messy file put right in a real browser: decided, corrected in the grid and in a workbook, imported, taken back."""

import io
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import openpyxl
import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import ROOT, RunningApp

pytestmark = pytest.mark.journey

FAMILY = ["Ana Souza,+5511987650001,na@na.com", "Bruno Reis,+5511987650001,na@na.com"]
PLACEHOLDER = ["Carla Dias,+5511987650002,na@na.com", "Davi Melo,+5511987650003,na@na.com"]
TWO_OWNERS = "M. Vale,+5521987651111,"
IN_THE_GRID = [f"Grade {number},12{number},na@na.com" for number in range(30)]
IN_EXCEL = [f"Planilha {number},34{number},p{number}@x.com" for number in range(30)]


@pytest.fixture
def messy_file(tmp_path: Path) -> Path:
    """A family with one phone, a placeholder e-mail, a row with two owners, and sixty wrong phones."""
    file = tmp_path / "messy.csv"
    rows = ["Nome,Telefone,E-mail", *FAMILY, *PLACEHOLDER, TWO_OWNERS, *IN_THE_GRID, *IN_EXCEL]
    file.write_text("\n".join(rows) + "\n")
    return file


@pytest.fixture
def _two_owners(app: RunningApp) -> None:
    """Two leads of the organization, one for each form of a number, as older systems have left them."""
    _insert_leads(app, [("+5521987651111", "Marcos Vale", None), ("+552187651111", "Marta Vale", None)])


@pytest.mark.usefixtures("_two_owners")
def test_a_messy_file_is_decided_corrected_imported_and_taken_back(
    app: RunningApp, context: BrowserContext, page: Page, messy_file: Path, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    steps.upload(page, app.url, messy_file)
    steps.go_to_review(page)
    assert steps.read_ledger(page)["rejected"] == 62

    _open(page, "Shared phones and e-mails")
    page.get_by_role("combobox", name="When several people have one phone number").click()
    page.get_by_role("option", name="They are one person").click()
    steps.click(page, "Drop them from the profiles")
    expect(page.get_by_text("Dropped from the profiles")).to_be_visible()
    _expect_rejected(page, 61)

    _open(page, "Two leads")
    page.get_by_role("button", name="The row is about this one").last.click()
    expect(page.get_by_text("The row is about this lead")).to_be_visible()
    _expect_rejected(page, 60)

    _open(page, "Cannot be used")
    _paste_into_the_grid(page, [f"+5531987{number:06d}" for number in range(len(IN_THE_GRID))])
    steps.click(page, "Check 30 corrected rows")
    _expect_rejected(page, 30)

    with page.expect_download() as download:
        steps.click(page, "Download for Excel")
    workbook = tmp_path / "corrected.xlsx"
    _correct(Path(download.value.path()), workbook)
    page.get_by_role("button", name="Upload corrected rows").click()
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(workbook)
    steps.click(page, "Check the corrected rows")
    _expect_rejected(page, 0)

    reviewed = steps.read_ledger(page)
    steps.start(page)
    steps.open_report(page)
    assert steps.read_ledger(page) == reviewed
    steps.click(page, "Undo")
    steps.click(page, "Take it back")
    steps.open_report(page)
    expect(page.get_by_text("63 leads removed, 1 lead given the old values again")).to_be_visible()


@pytest.fixture
def _known_elsewhere(app: RunningApp) -> None:
    """A lead of the organization with an e-mail, and a number that the file does not have."""
    _insert_leads(app, [("+5511987651234", "Ana Lima", "ana@known.io")])


@pytest.mark.usefixtures("_known_elsewhere")
def test_what_a_closer_look_finds_comes_up_without_a_click(app: RunningApp, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "abroad.csv"
    rows = [f"P{number} Dias,+3361277{number:04d}," for number in range(0, 300, 9)]
    file.write_text("\n".join(["Nome,Telefone,E-mail", "Ana Lima,+5521998741772,ana@known.io", *rows]) + "\n")
    steps.upload(page, app.url, file)
    steps.go_to_review(page)
    expect(page.get_by_text("of the numbers are from another country")).to_be_visible()
    expect(page.get_by_text("Still looking")).to_be_hidden()
    steps.click(page, "Look at them")
    expect(page.get_by_role("radio", name="Known already?  1")).to_be_checked()


def _insert_leads(app: RunningApp, people: list[tuple[str, str, str | None]]) -> None:
    environment = {**os.environ, "LEAD_STORE_HOME": str(app.home)}
    command = [sys.executable, "-m", "lead_store", "database-url"]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    with psycopg.connect(found.stdout.strip()) as database:
        for number, name, email in people:
            lead_id = uuid4()
            database.execute("insert into lead (id, name) values (%s, %s)", (lead_id, name))
            database.execute("insert into channel_identity values ('whatsapp', %s, %s)", (number, lead_id))
            database.execute(
                "insert into lead_organization (organization_id, lead_id, name, email, phone)"
                " select id, %s, %s, %s, %s from organization where slug = 'demo'",
                (lead_id, name, email, number),
            )


def _open(page: Page, tab: str) -> None:
    page.get_by_role("radio", name=tab).click()


def _expect_rejected(page: Page, rows: int) -> None:
    expect(page.get_by_text(f"+ {rows} rejected")).to_be_visible()


def _paste_into_the_grid(page: Page, phones: list[str]) -> None:
    """Over the phones of the first rows: the fourth column of the grid, after row, reason and name."""
    grid = page.get_by_test_id("data-grid-canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box
    page.mouse.click(box["x"] + 40, box["y"] + 52)  # What lies over the canvas takes the click.
    for column in range(4):
        if column:
            page.keyboard.press("ArrowRight")
        # The grid takes a moment for each; what is typed ahead of it gets lost.
        expect(page.get_by_test_id(f"glide-cell-{column}-0").first).to_have_attribute("aria-selected", "true")
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(phones))
    page.keyboard.press("ControlOrMeta+V")


def _correct(source: Path, target: Path) -> None:
    """As a person does in Excel: the marked cells typed over."""
    workbook = openpyxl.load_workbook(io.BytesIO(source.read_bytes()))
    for place, row in enumerate(workbook.active.iter_rows(min_row=2)):
        row[1].value = f"+55 41 98{place:03d}-{place:04d}"
    workbook.save(target)
