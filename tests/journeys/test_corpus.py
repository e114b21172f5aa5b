"""Files that nobody in this team wrote, from the upload to the ledger, as a person walks."""

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys import steps
from tests.journeys.conftest import RunningApp

pytestmark = [pytest.mark.journey, pytest.mark.corpus]

FILES = [
    "files/rapidpro/formula_data.xlsx",
    "files/importer-fixtures/facebook_lead_ads_utf16.tsv",
    "files/importer-fixtures/br_practice_export_cp1252.csv",
    "reconstructed/hotmart_sales_pt.csv",
    "reconstructed/rd_station_marketing_utf16.csv",
]
LAYOUTS = ["Google Contacts CSV, new format (sample)", "Shopify customers export (2023+)"]
# By the field that the corpus names; two people, so that there is something to import.
PEOPLE = [
    {"first_name": "Ana", "last_name": "Souza", "phone": "+5511987654321", "email": "ana@exemplo.com.br"},
    {"first_name": "Rui", "last_name": "Lima", "phone": "+5521987654322", "email": "rui@exemplo.com.br"},
]


def write_layout(corpus: Path, source: str, file: Path) -> Path:
    """A spreadsheet with the headers of a layout, and the people where it expects them."""
    layouts = map(json.loads, (corpus / "headers.jsonl").read_text(encoding="utf-8").splitlines())
    layout = next(each for each in layouts if each["source"] == source)
    places = {field: index for field, index in layout["expected_index"].items() if isinstance(index, int)}
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(layout["headers"])
        for person in PEOPLE:
            cells = [""] * len(layout["headers"])
            for field, value in person.items():
                if field in places:
                    cells[places[field]] = value
            writer.writerow(cells)
    return file


def walk(page: Page, app: RunningApp, file: Path) -> None:
    """To the end, where the ledger is what the review said."""
    steps.upload(page, app.url, file)
    steps.go_to_review(page)
    reviewed = steps.read_ledger(page)
    assert reviewed["read"] > 0
    steps.start(page)
    steps.open_report(page)
    assert steps.read_ledger(page) == reviewed


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_imported_as_reviewed(app: RunningApp, page: Page, corpus: Path, name: str) -> None:
    walk(page, app, corpus / name)


@pytest.mark.parametrize("source", LAYOUTS)
def test_a_vendors_layout_is_imported_as_reviewed(
    app: RunningApp, page: Page, corpus: Path, tmp_path: Path, source: str
) -> None:
    walk(page, app, write_layout(corpus, source, tmp_path / "export.csv"))
