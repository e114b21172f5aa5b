"""How soon the review answers in the browser, on a large file full of shared data.

    python -m benchmarks.screens [--rows N] [--groups N] [--times N] [--json FILE]

The file of `benchmarks.review` is reviewed in a home of its own; then the app and the system's Chromium are started,
and each screen is opened, paged and decided on as a person does. An interaction lasts from the click until Streamlit
has run the page's script to its end, by the browser's own clock; told is the median of several, after one unmeasured.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.imports import a_home
from benchmarks.review import write_file

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_MILLISECONDS = 60_000
SETTLING_MILLISECONDS = 1_500
TABS = ("New", "Updates", "Duplicates", "Shared phones and e-mails", "Cannot be used")
# Streamlit tells on its outermost element whether the script runs. Over is what has been still for a while: a page
# that answers a click may call for a second run.
WATCH = """() => {
    const app = document.querySelector('[data-testid="stApp"]')
    window.began = performance.now(); window.ended = null; window.ran = false
    window.watching?.disconnect()
    window.watching = new MutationObserver(() => {
        if (app.dataset.testScriptState === 'notRunning') { if (window.ran) window.ended = performance.now() }
        else { window.ran = true; window.ended = null }
    })
    window.watching.observe(app, {attributes: true, attributeFilter: ['data-test-script-state']})
}"""
STILL_APP = '[data-testid="stApp"][data-test-script-state="notRunning"]'
IS_STILL = "() => window.ended !== null && performance.now() - window.ended > 400"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--groups", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_home() as home:
        file = Path(folder) / "people.csv"
        write_file(file, options.rows, options.groups)
        import_id = review(file, home)
        with serving(home) as url, a_page() as page:
            medians = measure(page, f"{url}/review?import={import_id}", options.times)
    for step, seconds in medians.items():
        print(f"{step:<44}{seconds:6.2f} s")
    if options.json:
        options.json.write_text(json.dumps(medians, indent=1))


def review(file: Path, home: dict[str, str]) -> str:
    """The id of the import that was reviewed and not started."""
    command = [sys.executable, "-m", "lead_store", "import", str(file), "--organization", "demo", "--dry-run", "--json"]
    ran = subprocess.run(command, env=home, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(ran.stdout)["importId"]


@contextmanager
def serving(home: dict[str, str]) -> Iterator[str]:
    """The app on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    app = subprocess.Popen(command, cwd=ROOT, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        while app.poll() is None and not _is_up(url):
            os.sched_yield()
        yield url
    finally:
        app.terminate()
        app.wait()


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def a_page() -> Iterator[Page]:
    """A tab of the system's Chromium, 1440 by 900."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SystemExit("needs Chromium: make chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        yield page
        browser.close()


def measure(page: Page, address: str, times: int) -> dict[str, float]:
    """Median seconds of each interaction."""
    page.goto(address)
    page.get_by_role("heading", level=1, name="Review").wait_for()
    medians = {}
    for tab in TABS:
        other = next(name for name in TABS if name != tab)
        medians[f"open: {tab}"] = _median(page, times, _to_tab(page, tab), before=_to_tab(page, other))
        if page.get_by_role("button", name="Next", exact=True).count():
            medians[f"next page: {tab}"] = _median(page, times, _press(page, "Next"))
    for bucket in ("created", "rejected"):
        tile = page.locator(f".st-key-tile-button-{bucket} button").first
        medians[f"tile: {bucket}"] = _median(page, times, tile.click, before=_to_tab(page, "Duplicates"))
    return medians


def _to_tab(page: Page, name: str) -> Callable[[], None]:
    return page.get_by_test_id("stButtonGroup").get_by_role("radio", name=name).first.click


def _press(page: Page, name: str) -> Callable[[], None]:
    return page.get_by_role("button", name=name, exact=True).first.click


def _median(page: Page, times: int, do: Callable[[], None], *, before: Callable[[], None] | None = None) -> float:
    taken = []
    for _ in range(times + 1):
        if before:
            before()
            page.wait_for_timeout(SETTLING_MILLISECONDS)
        taken.append(_timed(page, do))
    return statistics.median(taken[1:])


def _timed(page: Page, do: Callable[[], None]) -> float:
    """Seconds from the click until the page is still again."""
    page.locator(STILL_APP).wait_for()
    page.evaluate(WATCH)
    do()
    page.wait_for_function(IS_STILL)
    return page.evaluate("() => (window.ended - window.began) / 1000")


if __name__ == "__main__":
    main()
