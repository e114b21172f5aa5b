"""A program at work beside its organization's pages: a key, an import by curl, its message, its rejected rows."""

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, RunningApp
from tests.journeys.steps import click, expect_heading, read_ledger

pytestmark = pytest.mark.journey

PATIENCE_SECONDS = 60
PEOPLE = "Nome,Telefone\nAna Souza,+5511987654321\nBia Lima,+5511987654322\nCaio,123\n=1+1,12\n"


def curl(*arguments: str) -> str:
    """What curl prints of an answer."""
    command = ["curl", "--silent", "--show-error", "--max-time", str(PATIENCE_SECONDS), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def receiving(port: int, secret: str) -> Iterator[Callable[[], dict]]:
    """A receiver, a process of its own; gives a function that waits for its next verified message."""
    command = [sys.executable, "-m", "tests.journeys.receiver", str(port), secret]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    # One that hears nothing is ended, and the waiting with it.
    ending = threading.Timer(PATIENCE_SECONDS, process.kill)
    ending.start()
    try:
        assert process.stdout is not None
        yield lambda: json.loads(process.stdout.readline())
    finally:
        ending.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def make_key(page: Page, url: str) -> str:
    """A key made on the page, where it is shown once."""
    page.goto(f"{url}/api-keys")
    expect_heading(page, "API keys")
    page.get_by_label("Name").fill("CRM sync")
    click(page, "Create key")
    return page.get_by_role("dialog").locator("code").first.inner_text().strip()


def add_webhook(page: Page, url: str, address: str) -> str:
    """An address that is told from now on; the secret that it verifies with."""
    page.goto(f"{url}/webhooks")
    expect_heading(page, "Webhooks")
    page.get_by_label("Address").fill(address)
    click(page, "Add")
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_visible()
    page.get_by_text("Signing secret").click()
    secret = page.locator("code").filter(has_text="whsec_")
    expect(secret).to_be_visible()
    return secret.inner_text().strip()


def test_program_imports_is_watched_on_the_page_and_told_of_the_end(
    start_app: Callable[..., RunningApp], page: Page
) -> None:
    port = find_free_port()
    running = start_app(LEAD_STORE_INTERNAL_RECEIVERS=f"127.0.0.1:{port}")
    secret = add_webhook(page, running.url, f"http://127.0.0.1:{port}/imports")
    authorized = ["--header", f"Authorization: Bearer {make_key(page, running.url)}"]
    folder = running.home / "files" / "imports" / "demo"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "empty.csv").write_text("")
    imports = f"{running.url}/api/organizations/demo/leads/import"

    def ask(name: str) -> str:
        body = json.dumps({"s3Key": f"imports/demo/{name}"})
        return json.loads(curl(*authorized, "--json", body, imports))["jobId"]

    with receiving(port, secret) as get_message:
        job_id = ask("people.csv")
        page.goto(running.url)
        expect_heading(page, "Imports")
        # Nobody reloads: the page follows by itself.
        expect(page.get_by_test_id("stMarkdown").get_by_text("Imported", exact=True)).to_be_visible()
        expect(page.get_by_text("4 rows: 2 created, 2 rejected")).to_be_visible()
        told = get_message()
        assert (told["type"], told["data"]["jobId"]) == ("lead.import.completed", job_id)

        unreadable = ask("empty.csv")
        expect(page.get_by_text("Stopped by an error")).to_be_visible()
        failed = get_message()
        assert (failed["type"], failed["data"]["jobId"]) == ("lead.import.failed", unreadable)
        expect(page.get_by_text(failed["data"]["error"]["detail"])).to_be_visible()

    click(page, "Open")
    expect_heading(page, "Report")
    assert read_ledger(page) == {key: told["data"]["ledger"][key] for key in read_ledger(page)}
    rejected = curl(*authorized, f"{imports}/{job_id}/rejected-rows").removeprefix("\ufeff").splitlines()
    assert rejected[0] == "Nome,Telefone,row,problem_code,problem,suggestion"
    assert [line.split(",")[:4] for line in rejected[1:]] == [
        ["Caio", "123", "4", "phone_invalid"],
        ["'=1+1", "12", "5", "phone_invalid"],
    ]
    page.goto(f"{running.url}/webhooks")
    expect(page.get_by_text(re.compile("Delivered .*1 attempt"))).to_have_count(2)
