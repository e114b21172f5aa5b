"""An import goes on by itself after its worker or its database was killed, and ends as if nothing had happened."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from lead_store import access, imports
from lead_store.commands.importing import working
from lead_store.storage import database, embedded

ROWS = 12_000
DEADLINE_SECONDS = 90


@contextmanager
def worker(home, *, concurrency: int = 2) -> Iterator[subprocess.Popen]:
    environment = {**os.environ, "LEAD_STORE_HOME": str(home), "LEAD_STORE_WORKER_CONCURRENCY": str(concurrency)}
    process = subprocess.Popen([sys.executable, "-m", "lead_store", "worker"], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def people(rows: int) -> bytes:
    lines = ["Nome,Telefone,E-mail,Cidade"]
    lines += [f"Pessoa {n},(11) 9{8000_0000 + n:08d},p{n}@example.org,Campinas" for n in range(rows)]
    lines += ["Sem Telefone,,x@example.org,Campinas"]
    return "\n".join(lines).encode()


def start_import(organization: access.Organization, content: bytes):
    with database.transaction(organization.id) as tx:
        run = imports.receive(tx, organization, "people.csv", io.BytesIO(content), "test")
        imports.map_columns(
            tx, run.id, imports.get_mapping(run), "test", region="BR", channel="whatsapp", on_existing="update"
        )
        imports.prepare(tx, run.id, "test")
    with working(run.id) as job_ended:
        wait_for(lambda: get_run(organization, run.id).status == "in_review")
        assert job_ended.wait(DEADLINE_SECONDS)
    with database.transaction(organization.id) as tx:
        imports.start(tx, run.id, "test")
        # Small batches, so that there is a middle to be killed in.
        assert len(imports.search_batches(tx, run.id)) > 20
    return run.id


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    beat = threading.Event()
    while not holds():
        assert time.monotonic() < deadline
        beat.wait(0.1)


def get_run(organization, import_id):
    with database.transaction(organization.id) as tx:
        return imports.get_import(tx, import_id)


def count_done(organization, import_id) -> int:
    with database.transaction(organization.id) as tx:
        return imports.count_done_rows(tx, imports.get_import(tx, import_id))


def check_whole(organization, import_id) -> None:
    run = get_run(organization, import_id)
    assert (run.rows_read, run.created, run.rejected) == (ROWS + 1, ROWS, 1)
    with database.transaction(organization.id) as tx:
        for table in ("lead", "channel_identity", "lead_organization"):
            assert tx.execute(text(f"select count(*) from {table}")).scalar() == ROWS


@pytest.fixture
def small_batches(set_rows_per_batch):
    set_rows_per_batch(400)


def test_import_survives_a_killed_worker(home, organization, small_batches):
    import_id = start_import(organization, people(ROWS))
    with worker(home) as first:
        wait_for(lambda: count_done(organization, import_id) > 0)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert get_run(organization, import_id).status == "importing"
    with worker(home):
        wait_for(lambda: get_run(organization, import_id).status == "imported")
    check_whole(organization, import_id)


def test_import_survives_a_restarted_database(home, organization, small_batches):
    import_id = start_import(organization, people(ROWS))
    with worker(home):
        wait_for(lambda: count_done(organization, import_id) > 0)
        embedded.restart(home)
        wait_for(lambda: get_run(organization, import_id).status == "imported")
    check_whole(organization, import_id)


def test_worker_finishes_its_batch_before_it_stops(home, organization, small_batches):
    import_id = start_import(organization, people(ROWS))
    with worker(home) as process:
        wait_for(lambda: count_done(organization, import_id) > 0)
        process.terminate()
        assert process.wait(timeout=30) == 0
    with database.transaction(organization.id) as tx:
        statuses = {batch["status"] for batch in imports.search_batches(tx, import_id)}
    assert statuses <= {"done", "pending"}


def test_others_see_which_batch_is_being_done(organization, small_batches):
    import_id = start_import(organization, people(ROWS))
    with database.transaction(organization.id) as tx:
        assert imports.run_next_batch(tx, import_id)
        with database.transaction(organization.id) as beside:
            seen = [batch["status"] for batch in imports.search_batches(beside, import_id)]
        assert seen[0] == "running"
        assert set(seen[1:]) == {"pending"}
    with database.transaction(organization.id) as tx:
        assert imports.search_batches(tx, import_id)[0]["status"] == "done"
