"""A worker that is asked to stop: a batch is finished, a long reading is left to another worker, no signal is lost."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import text

from lead_store import imports, worker
from lead_store.access import Organization
from lead_store.storage import database, queue
from tests.integration.flows import run_sql
from tests.integration.test_recovery import DEADLINE_SECONDS, get_run, wait_for

# More than one record batch, the least after which a reading can be stopped.
ROWS = 60_000


@contextmanager
def working(import_id: UUID) -> Iterator[Callable[[], None]]:
    """A worker for one import, in a thread; gives what asks it to stop."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_until, args=(stop, [queue.name_of(import_id)]), daemon=True)
    thread.start()
    try:
        yield stop.set
    finally:
        stop.set()
        thread.join(DEADLINE_SECONDS)
        assert not thread.is_alive()


def prepare(organization: Organization, rows: int) -> UUID:
    lines = ["Nome,Telefone", *(f"Pessoa {number},(11) 9{8000_0000 + number:08d}" for number in range(rows))]
    with database.transaction(organization.id) as tx:
        run = imports.receive(tx, organization, "people.csv", io.BytesIO("\n".join(lines).encode()), "test")
        imports.map_columns(
            tx, run.id, imports.get_mapping(run), "test", region="BR", channel="whatsapp", on_existing="update"
        )
        imports.prepare(tx, run.id, "test")
    return run.id


def is_somebody_waiting(organization: Organization) -> bool:
    """True where a transaction waits for another one."""
    return run_sql(organization, "select exists (select 1 from pg_locks where not granted)")[0][0]


def get_jobs(import_id: UUID) -> list[tuple[str, str, int]]:
    statement = "select task_name, status::text, attempts from procrastinate_jobs where queue_name = :name"
    with database.transaction() as tx:
        return [tuple(job) for job in tx.execute(text(statement), {"name": queue.name_of(import_id)})]


def test_reading_that_is_stopped_is_done_by_the_next_worker(organization: Organization) -> None:
    import_id = prepare(organization, ROWS)
    with database.transaction(organization.id) as tx:
        # Whoever tells how many rows are read waits until this transaction ends.
        imports.report_reading(tx, import_id, 0)
        with working(import_id) as stop:
            wait_for(lambda: is_somebody_waiting(organization))
            stop()
            tx.commit()
    assert get_run(organization, import_id).status == "preparing"
    assert get_jobs(import_id) == [("jobs:stage_import", "todo", 0)]
    with working(import_id):
        wait_for(lambda: get_run(organization, import_id).status == "in_review")
    assert get_run(organization, import_id).rows_read == ROWS


def test_worker_that_finishes_its_batch_still_shows_that_it_lives(organization: Organization) -> None:
    import_id = prepare(organization, 10)
    with working(import_id):
        wait_for(lambda: get_run(organization, import_id).status == "in_review")
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
    with psycopg.connect(database.get_url()) as beside:
        beside.execute("lock table channel_identity in share mode")
        with working(import_id) as stop:
            wait_for(lambda: is_somebody_waiting(organization))
            stop()
            # By then, the worker has noticed; it looks every tenth of a second.
            noticed_at = datetime.now(UTC) + timedelta(seconds=1)
            wait_for(lambda: get_heartbeat(import_id) > noticed_at)
            beside.rollback()
    with database.transaction(organization.id) as tx:
        assert [batch["status"] for batch in imports.search_batches(tx, import_id)] == ["done"]


def get_heartbeat(import_id: UUID) -> datetime:
    statement = """select max(last_heartbeat) from procrastinate_workers
        where id in (select worker_id from procrastinate_jobs where queue_name = :name)"""
    with database.transaction() as tx:
        return tx.execute(text(statement), {"name": queue.name_of(import_id)}).scalar_one()


def test_signal_that_comes_while_the_database_is_away_ends_the_worker(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    command = [sys.executable, "-m", "lead_store", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stderr is not None
            while "the database is away" not in worker.stderr.readline():
                assert worker.poll() is None
            worker.terminate()
            assert worker.wait(DEADLINE_SECONDS) == 0
        finally:
            worker.kill()
