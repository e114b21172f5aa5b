"""A real PostgreSQL for each test process, a tenant for each test, whole imports in one call, and a program at work."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import Connection, text

from lead_store import access, imports, worker
from lead_store.intake import mapping as columns_to_fields
from lead_store.settings import get_settings
from lead_store.storage import database, embedded, facts, queue
from lead_store.storage.files import get_files
from tests.integration.api_server import make_client, serving

STARTED: list[Path] = []
PATIENCE_SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """A home of its own with the embedded server, brought up to date, stopped at the end."""
    if STARTED:  # By another folder of tests, such as tests/pages, in this same process.
        yield STARTED[0]
        return
    # Not below pytest's folder: another pytest of the same user closes it to the server's own user.
    with TemporaryDirectory(prefix="lead-store-") as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setenv("LEAD_STORE_HOME", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("STORAGE_URL", raising=False)
        for cached in (get_settings, database.get_engine, get_files):
            cached.cache_clear()
        database.get_engine()
        trust_the_machine(database.get_url())
        STARTED.append(folder)
        yield folder
        database.get_engine().dispose()
        embedded.stop(folder)
        for cached in (get_settings, database.get_engine, get_files):
            cached.cache_clear()


def trust_the_machine(url: str) -> None:
    """No waiting for disks by that server: what a crash of the whole machine would do is not tested here."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")


@pytest.fixture(autouse=True)
def _no_work_of_others(home: Path) -> Iterator[None]:
    """Jobs that a test called for and left are no work for the workers of the next one."""
    yield
    with database.transaction() as tx:
        tx.execute(text("delete from procrastinate_jobs where status = 'todo'"))


@pytest.fixture
def organization() -> access.Organization:
    """A tenant that no other test uses."""
    with database.transaction() as tx:
        return access.create_organization(tx, f"test-{uuid4().hex[:12]}", "Test", "BR")


@pytest.fixture
def other() -> access.Organization:
    """Another tenant."""
    with database.transaction() as tx:
        return access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other", "BR")


@pytest.fixture
def set_rows_per_batch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Makes batches small, so that few rows are many of them."""

    def set_rows(rows: int) -> None:
        monkeypatch.setenv("LEAD_STORE_ROWS_PER_BATCH", str(rows))
        get_settings.cache_clear()

    yield set_rows
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def tx(organization: access.Organization) -> Iterator[Connection]:
    """A transaction for the test's organization, rolled back at its end."""
    with database.transaction(organization.id) as connection:
        yield connection
        connection.get_transaction().rollback()


@pytest.fixture
def run_import(organization: access.Organization) -> Callable[..., dict[str, Any]]:
    """The whole flow in this thread, committed step by step as the jobs do; gives the import object."""

    def run(
        content: bytes | str | Path,
        name: str = "people.csv",
        *,
        organization: access.Organization = organization,
        channel: str = "whatsapp",
        on_existing: str = "update",
        columns: dict[str, str] | None = None,
        rules: dict[str, Any] | None = None,
        is_dry_run: bool = False,
    ) -> dict[str, Any]:
        if isinstance(content, Path):
            content, name = content.read_bytes(), content.name
        data = content.encode() if isinstance(content, str) else content
        with database.transaction(organization.id) as tx:
            received = imports.receive(tx, organization, name, io.BytesIO(data), "test")
            chosen = columns_to_fields.with_columns(imports.get_mapping(received), columns or {})
            imports.map_columns(
                tx,
                received.id,
                chosen,
                "test",
                region=organization.default_region,
                channel=channel,
                on_existing=on_existing,
                rules=rules,
            )
            imports.prepare(tx, received.id, "test")
        staged = stage_whole(organization, received.id)
        if is_dry_run:
            with database.transaction(organization.id) as tx:
                return imports.describe(tx, staged)
        start_and_finish(organization, received.id)
        with database.transaction(organization.id) as tx:
            return imports.describe(tx, imports.get_import(tx, received.id))

    return run


def stage_whole(organization: access.Organization, import_id: UUID) -> imports.Import:
    """Stage all rows and find their facts, range by range where there are several, as the jobs do."""
    with database.transaction(organization.id) as tx:
        staged = imports.stage(tx, import_id)
        is_whole = staged.status != "preparing"
        ranges = [] if is_whole else facts.split(tx, import_id, staged.rows_read, get_settings().rows_per_batch)
    for key_range in ranges:
        with database.transaction(organization.id) as tx:
            imports.match(tx, import_id, staged.reviewed_at, key_range)
    if is_whole:
        return staged
    with database.transaction(organization.id) as tx:
        reviewed = imports.finish_review(tx, import_id)
    assert reviewed
    return reviewed


def start_and_finish(organization: access.Organization, import_id: Any) -> None:
    """Carry out a reviewed import, batch by batch, to its end."""
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
    with database.transaction(organization.id) as tx:
        imports.begin(tx, import_id)
    while True:
        with database.transaction(organization.id) as tx:
            if not imports.run_next_batch(tx, import_id):
                break
    with database.transaction(organization.id) as tx:
        imports.finish(tx, import_id)


@pytest.fixture(scope="session")
def address(home) -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture
def client(address: str, organization: access.Organization) -> Iterator[httpx.Client]:
    with make_client(address, organization) as one:
        yield one


@pytest.fixture
def upload(organization: access.Organization) -> Callable[..., str]:
    def upload(content: str, name: str = "people.csv") -> str:
        key = f"imports/{organization.slug}/{name}"
        get_files().put(key, io.BytesIO(content.encode()))
        return key

    return upload


@pytest.fixture
def work_until(client: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Works on an import's jobs until what the API says of it is as it should be."""

    def work_until(job_id: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        stop, pause = threading.Event(), threading.Event()
        queues = [queue.name_of(UUID(job_id))]
        thread = threading.Thread(target=worker.run_until, args=(stop, queues), daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not holds(seen := client.get(f"/leads/import/{job_id}").json()):
                assert time.monotonic() < deadline, seen
                pause.wait(0.05)
            return seen
        finally:
            stop.set()
            thread.join()

    return work_until


@pytest.fixture
def finish(work_until: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Works on an import's jobs until it has one of the statuses."""
    return lambda job_id, *statuses: work_until(job_id, lambda seen: seen["status"] in statuses)


@pytest.fixture
def phone() -> str:
    """A Brazilian mobile that no other test uses."""
    return f"+55119{uuid4().int % 10**8:08}"
