"""The steps of the wizard as a person takes them, by what stands on the screen."""

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

BUCKETS = ("Created", "Updated", "Unchanged", "Merged", "Skipped", "Rejected")


def click(page: Page, name: str) -> None:
    """Click the button of this name, once what stood on the page before the last answer is gone."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(button).to_have_count(1)
    button.click()


def expect_heading(page: Page, title: str) -> None:
    """Wait for the page with this title."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def upload(page: Page, url: str, file: Path) -> None:
    """From nothing to how the file was read."""
    page.goto(f"{url}/upload")
    expect_heading(page, "Upload a spreadsheet")
    page.locator("input[type=file]").set_input_files(file)


def go_to_review(page: Page) -> None:
    """From how the file was read to its review, with all that is suggested."""
    expect_heading(page, "How your file was read")
    click(page, "Match the columns")
    expect_heading(page, "Match the columns")
    click(page, "Check all rows")
    expect_heading(page, "Review")


def start(page: Page) -> None:
    """From the review to the running import."""
    click(page, "Start the import")
    click(page, "Start now")
    expect(page).to_have_url(re.compile("/progress"))
    expect_heading(page, "Import")


def open_report(page: Page) -> None:
    """From the running import, once it is done, to its report."""
    click(page, "Open the report")
    expect_heading(page, "Report")


def read_ledger(page: Page) -> Mapping[str, int]:
    """The tiles, and that they add up to the rows read that stand below them."""
    expect(page.get_by_text("rows read =")).to_be_visible()
    ledger = {}
    for bucket in BUCKETS:
        text = page.locator(f".st-key-tile-button-{bucket.lower()} button").first.inner_text()
        ledger[bucket.lower()] = int(re.sub(r"\D", "", text))
    read = page.get_by_text("rows read =").inner_text().split(" rows read")[0]
    assert sum(ledger.values()) == int(read.replace(",", ""))
    return {"read": int(read.replace(",", "")), **ledger}
