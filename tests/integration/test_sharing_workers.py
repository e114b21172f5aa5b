"""What workers do first, where imports of different sizes wait for them."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import text

from lead_store import imports, worker
from lead_store.settings import get_settings
from lead_store.storage import database, queue
from tests.integration.flows import run_sql
from tests.integration.test_recovery import DEADLINE_SECONDS, get_run, wait_for

BATCHES, ROWS_PER_BATCH = 4, 5
BEGAN = "select min(started_at) from import_batch where import_id = :id"


@pytest.fixture
def one_job_at_a_time(monkeypatch, set_rows_per_batch):
    monkeypatch.setenv("LEAD_STORE_WORKER_CONCURRENCY", "1")
    set_rows_per_batch(ROWS_PER_BATCH)
    assert get_settings().worker_concurrency == 1


def people(first: int, rows: int) -> str:
    return "Nome,Telefone\n" + "".join(f"Ana,+55219876{place:05d}\n" for place in range(first, first + rows))


@pytest.mark.usefixtures("one_job_at_a_time")
def test_small_import_goes_before_the_queued_batches_of_a_large_one(run_import, organization):
    large, small = (
        UUID(run_import(people(first, rows), is_dry_run=True)["importId"])
        for first, rows in ((0, BATCHES * ROWS_PER_BATCH), (1000, ROWS_PER_BATCH))
    )
    with database.transaction(organization.id) as tx:
        imports.start(tx, large, "test")
    with database.transaction(organization.id) as tx:
        imports.start(tx, small, "test")
    stop = threading.Event()
    queues = [queue.name_of(large), queue.name_of(small)]
    working = threading.Thread(target=worker.run_until, args=(stop, queues), daemon=True)
    working.start()
    wait_for(lambda: get_run(organization, large).status == "imported")
    stop.set()
    working.join(DEADLINE_SECONDS)
    assert get_run(organization, small).created == ROWS_PER_BATCH
    assert run_sql(organization, BEGAN, id=small)[0][0] < run_sql(organization, BEGAN, id=large)[0][0]


@pytest.mark.usefixtures("one_job_at_a_time")
def test_a_corrected_row_of_a_large_import_is_no_large_import(run_import, organization):
    import_id = UUID(run_import(people(0, BATCHES * ROWS_PER_BATCH) + "Zed,123\n")["importId"])
    imported = get_priorities(import_id)
    assert set(imported) == {queue.USUAL, queue.ONE_OF_MANY}
    with database.transaction(organization.id) as tx:
        row_number = BATCHES * ROWS_PER_BATCH + 2
        assert imports.correct_cells(tx, import_id, {row_number: {1: "+5521987699999"}}, "test").usable == 1
    assert set(get_priorities(import_id)[len(imported) :]) == {queue.USUAL}


def get_priorities(import_id: UUID) -> list[int]:
    """Of all jobs of an import, in the order in which they were called for."""
    statement = "select priority from procrastinate_jobs where queue_name = :queue order by id"
    with database.transaction() as tx:
        return list(tx.execute(text(statement), {"queue": queue.name_of(import_id)}).scalars())
