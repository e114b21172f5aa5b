"""What an upload in the browser takes: memory of the app and its worker, and what the person sees meanwhile.

    python -m benchmarks.uploading [--megabytes 1000] [--s3] [--whole] [--pictures FOLDER] [--json FILE]

Starts the app in a home of its own and a Chromium that uploads a contact file of that size, as a person would. Told
are: the most memory that the app's process and its worker had for themselves, above what they had before, as a
multiple of the file's size; what is left of it once the page has moved on, the tab still open; the values that the
uploader's progress bar showed; how long the person waits; and that the review reads the rows. --whole waits for the
review's end; --s3 puts moto's S3 server in the place of the folder.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
from playwright.sync_api import Page, sync_playwright

from benchmarks import cluster
from benchmarks.load import find_worker
from benchmarks.processes import get_own_megabytes

LINES_PER_BLOCK = 100_000
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 1_800
# Enough for what is let go of to be gone: the app's timers and Python's collector run many times.
SETTLING_SECONDS = 10
ROWS_SEEN_RISING = 3
BUCKET = "leads"


def write_contacts(path: Path, megabytes: int) -> int:
    """A CSV in UTF-8 just below that size; its rows. One block of lines, repeated with other numbers."""
    lines = (
        f"Pessoa ###{n:05d},(11) 9###{n // 10_000}-{n % 10_000:04d},p###{n:05d}@exemplo.com.br,vip\n"
        for n in range(LINES_PER_BLOCK)
    )
    block = "".join(lines).encode()
    header = b"Nome,Telefone,E-mail,Tags\n"
    blocks, rest = divmod(megabytes * 1_000_000 - len(header), len(block))
    last = block[: block.rfind(b"\n", 0, rest) + 1]
    with path.open("wb") as file:
        file.write(header)
        for number in range(blocks):
            file.write(block.replace(b"###", b"%03d" % (100 + number)))
        file.write(last.replace(b"###", b"%03d" % (100 + blocks)))
    return blocks * LINES_PER_BLOCK + last.count(b"\n")


class Memory:
    """The memory of the app's process and of its worker, followed until the end."""

    def __init__(self, app_pid: int) -> None:
        self.pids = {"app": app_pid, "worker": find_worker(app_pid)}
        self.idle = self.now()
        self.peak = dict(self.idle)

    def now(self) -> dict[str, float]:
        """In MB, each process by itself."""
        return {name: get_own_megabytes(pid) for name, pid in self.pids.items()}

    def start_phase(self) -> None:
        """From here on, count the peak anew."""
        self.peak = self.now()

    def above_idle(self, megabytes: dict[str, float]) -> dict[str, float]:
        """The same without what was there before anything was uploaded."""
        return {name: round(value - self.idle[name], 1) for name, value in megabytes.items()}

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Within: `peak` is kept up to date."""
        done = threading.Event()

        def follow() -> None:
            while not done.wait(POLL_SECONDS):
                for name, value in self.now().items():
                    self.peak[name] = max(self.peak[name], value)

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--s3", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--pictures", type=Path, help="where pictures of the page are put, while uploading and after")
    parser.add_argument("--port", type=int, help="of the app; else a free one")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lead-store-uploading-")))
        file = folder / "contacts.csv"
        rows = write_contacts(file, options.megabytes)
        print(f"{file.stat().st_size:,} bytes, {rows:,} rows", file=sys.stderr)
        environment = {**os.environ, "LEAD_STORE_HOME": str(folder / "home")}
        environment.pop("DATABASE_URL", None)
        environment.pop("STORAGE_URL", None)
        if options.s3:
            environment |= stack.enter_context(an_s3(folder))
        port = options.port or cluster.find_free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        app = stack.enter_context(cluster.process(command, environment, folder / "app.log"))
        cluster.wait_for(f"http://localhost:{port}/_stcore/health")
        page = stack.enter_context(a_page())
        figures = measure(page, f"http://localhost:{port}", file, app.pid, options)
    report(figures, options.megabytes)
    if options.json:
        options.json.write_text(json.dumps({"megabytes": options.megabytes, "rows": rows, **figures}, indent=1))


@contextmanager
def an_s3(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a bucket on moto's server."""
    port = cluster.find_free_port()
    access = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with cluster.process(command, dict(os.environ), folder / "s3.log"):
        cluster.wait_for(f"{access['AWS_ENDPOINT_URL']}/moto-api/")
        boto3.client(
            "s3",
            endpoint_url=access["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id="benchmark",
            aws_secret_access_key="benchmark",
        ).create_bucket(Bucket=BUCKET)
        yield {**access, "STORAGE_URL": f"s3://{BUCKET}/production"}


@contextmanager
def a_page() -> Iterator[Page]:
    """An empty tab of the system's Chromium."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_SECONDS * 1_000)
        yield page
        browser.close()


def measure(page: Page, url: str, file: Path, app_pid: int, options: argparse.Namespace) -> dict[str, Any]:
    """The figures, of one upload."""
    page.goto(f"{url}/upload")
    heading(page, "Upload a spreadsheet").wait_for()
    memory = Memory(app_pid)
    figures: dict[str, Any] = {"idle": memory.idle}
    with memory.followed():
        began = time.monotonic()
        page.locator("input[type=file]").set_input_files(file)
        figures["bar"], figures["words"] = watch_until(heading(page, "How your file was read"), page, options, began)
        figures["seconds"] = round(time.monotonic() - began, 1)
        figures["peak"] = memory.above_idle(memory.peak)
        figures["left at once"] = memory.above_idle(memory.now())
        time.sleep(SETTLING_SECONDS)
        figures["left later"] = memory.above_idle(memory.now())
        take_picture(page, options, "read")
        click(page, "Match the columns")
        heading(page, "Match the columns").wait_for()
        take_picture(page, options, "columns")
        memory.start_phase()
        began = time.monotonic()
        click(page, "Check all rows")
        figures["rows read"] = watch_rows(page, options)
        if options.whole:
            heading(page, "Review").wait_for()
            figures["review seconds"] = round(time.monotonic() - began, 1)
        take_picture(page, options, "review")
        figures["peak of the review"] = memory.above_idle(memory.peak)
    return figures


def watch_until(goal: Any, page: Page, options: argparse.Namespace, began: float) -> tuple[list[str], dict[str, float]]:
    """Until the goal is there: the bar's values, and when which words of waiting were first shown."""
    values: list[str] = []
    words: dict[str, float] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not goal.is_visible():
        if time.monotonic() > deadline:
            raise SystemExit("the file is not read in time")
        seen = page.evaluate(SEEN)
        if seen["bar"] is not None and seen["bar"] not in values:
            values.append(seen["bar"])
            if len(values) == 3:
                take_picture(page, options, "uploading")
        for text in seen["words"]:
            if text not in words:
                words[text] = round(time.monotonic() - began, 1)
                take_picture(page, options, f"waiting-{len(words)}")
        time.sleep(POLL_SECONDS)
    return values, words


SEEN = """() => {
  const bar = document.querySelector('[data-testid=stProgress]');
  const waiting = document.querySelectorAll('[data-testid=stSpinner], [data-testid=stAlert]');
  return {
    bar: bar ? bar.innerText.trim() : null,
    words: [...waiting].map((each) => each.innerText.split("\\n")[0].trim()).filter(Boolean),
  };
}"""


def watch_rows(page: Page, options: argparse.Namespace) -> list[int]:
    """Different numbers of rows read that the page showed; until the review is there with --whole."""
    counts: list[int] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not heading(page, "Review").is_visible():
        found = re.search(r"([\d,]+) of [\d,]+ rows read", page.locator("body").inner_text())
        if found and (count := int(found.group(1).replace(",", ""))) not in counts:
            counts.append(count)
        if len(counts) >= ROWS_SEEN_RISING and not options.whole:
            break
        time.sleep(POLL_SECONDS)
    return counts


def heading(page: Page, title: str) -> Any:
    return page.get_by_role("heading", level=1, name=title, exact=True)


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def take_picture(page: Page, options: argparse.Namespace, name: str) -> None:
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.pictures / f"{name}.png")


def report(figures: dict[str, Any], megabytes: int) -> None:
    """In MB above idle, and as multiples of the file."""
    for name in ("peak", "left at once", "left later", "peak of the review"):
        for of, value in figures[name].items():
            print(f"{name:<20} {of:<7} {value:7,.0f} MB, {value / megabytes:5.2f} times the file")
    bar = figures["bar"]
    print(f"progress bar         {len(bar)} values, {bar[0] if bar else 'none'} to {bar[-1] if bar else 'none'}")
    for words, seconds in figures["words"].items():
        print(f"after {seconds:6.1f} s       {words}")
    print(f"after {figures['seconds']:6.1f} s       how the file was read")
    print(f"review               {' > '.join(f'{count:,}' for count in figures['rows read'])} rows read", end="")
    print(f", ready after {figures['review seconds']} s" if "review seconds" in figures else "")


if __name__ == "__main__":
    main()
