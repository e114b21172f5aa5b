"""Commands with different homes never meet; those with the same one share its running server."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.integration.test_recovery import wait_for


@pytest.fixture
def homes():
    # Not below pytest's folder: another pytest of the same user closes it to the server's own user.
    with TemporaryDirectory(prefix="lead-store-") as name:
        yield Path(name, "one"), Path(name, "two")


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "LEAD_STORE_HOME": str(home), "PYTHONWARNINGS": "ignore"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "lead_store", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def run(home: Path, *arguments: str) -> str:
    with start(home, *arguments) as command:
        output, _ = command.communicate()
    assert command.returncode == 0
    return output


def get_server(home: Path) -> str:
    """Process id of the home's running server."""
    return (home / "postgres" / "postmaster.pid").read_text().splitlines()[0]


def list_organizations(home: Path) -> list[str]:
    return [each["slug"] for each in json.loads(run(home, "organization", "list", "--json"))["organizations"]]


def test_commands_with_different_homes_never_meet(homes: tuple[Path, Path]) -> None:
    one, two = homes
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda home: run(home, "organization", "create", home.name, "--name", home.name), homes))
        assert list(both.map(list_organizations, homes)) == [["demo", "one"], ["demo", "two"]]
    assert [(home / "postgres" / "postmaster.pid").exists() for home in (one, two)] == [False, False]


def test_commands_with_the_same_home_share_the_running_server(homes: tuple[Path, Path]) -> None:
    home, _ = homes
    with start(home, "worker") as worker:
        try:
            wait_for((home / "postgres" / "postmaster.pid").exists)
            with ThreadPoolExecutor(2) as both:
                slugs = ("first", "second")
                list(both.map(lambda slug: run(home, "organization", "create", slug, "--name", slug), slugs))
            server = get_server(home)
            assert list_organizations(home) == ["demo", "first", "second"]
            assert get_server(home) == server, "no command stopped it for the others"
            url = f"postgresql://postgres@/lead_store?host={home / 'postgres'}"
            with psycopg.connect(url) as connection:
                assert connection.execute("select count(*) from organization").fetchone() == (3,)
        finally:
            worker.terminate()
    assert worker.returncode == 0
    assert not (home / "postgres" / "postmaster.pid").exists(), "the last one stops it"
