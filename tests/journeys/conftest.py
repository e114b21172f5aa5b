"""The real app as a process with a home of its own, and a real browser before it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 60
STOP_SECONDS = 30
# A page of the app answers within a second or two; the rest is for a busy machine.
PATIENCE_MILLISECONDS = 30_000
# Small batches, so that an import lasts long enough to be watched, paused and killed.
ROWS_PER_BATCH = 500
LOG_SHOWN = 6_000


@dataclass
class RunningApp:
    """The app's process, where it answers, and where its home is."""

    process: subprocess.Popen
    url: str
    home: Path
    log: Path

    def find_workers(self) -> list[int]:
        """The process ids of the app's worker processes."""
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        lines = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return [
            int(pid)
            for pid, parent, command in lines
            if int(parent) == self.process.pid and "lead_store worker" in command
        ]

    def stop(self) -> int:
        """Ask it to stop, as a terminal or a supervisor does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture(scope="session")
def start_app() -> Iterator[Callable[..., RunningApp]]:
    """Starts the app with a fresh home and further settings of the environment; whatever runs at the end is stopped."""
    with ExitStack() as homes:
        started: list[RunningApp] = []

        def start(**settings: str) -> RunningApp:
            # Not below pytest's folder: another pytest of the same user closes it to the server's own user.
            running = _start(Path(homes.enter_context(TemporaryDirectory(prefix="lead-store-"))), settings)
            started.append(running)
            _wait_until_healthy(running)
            return running

        yield start
        for running in started:
            if running.process.poll() is None:
                running.stop()


@pytest.fixture(scope="session")
def app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """One app for all journeys that do not harm it."""
    return start_app()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"needs a browser: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own for each test."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    window = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="America/Sao_Paulo")
    window.set_default_timeout(PATIENCE_MILLISECONDS)
    yield window
    window.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails shows what the app said meanwhile: the page has only a reference to it."""
    report = yield
    running = getattr(item, "funcargs", {}).get("app")
    if report.failed and isinstance(running, RunningApp):
        report.sections.append(("app", running.log.read_text()[-LOG_SHOWN:]))
    return report


def _start(home: Path, settings: dict[str, str]) -> RunningApp:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "STORAGE_URL")}
    environment |= {"LEAD_STORE_HOME": str(home / "home"), "LEAD_STORE_ROWS_PER_BATCH": str(ROWS_PER_BATCH)}
    environment |= settings
    log = home / "app.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    return RunningApp(process, f"http://localhost:{port}", home / "home", log)


def _wait_until_healthy(running: RunningApp) -> None:
    waiting = subprocess.Popen(["sleep", str(START_SECONDS)])
    try:
        while waiting.poll() is None and running.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{running.url}/_stcore/health", timeout=1):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                continue
        pytest.fail(f"the app did not start:\n{running.log.read_text()}")
    finally:
        waiting.kill()
        waiting.wait()
