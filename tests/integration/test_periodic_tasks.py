"""Periodic tasks defer themselves, whatever the time at which a worker starts, and are done by it."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import text

from lead_store import jobs, worker
from lead_store.access import Organization
from lead_store.storage import database, idempotency_queries, import_queries
from tests.integration.flows import run_sql
from tests.integration.test_recovery import wait_for

# Longer ago than any periodic task's last time, so that all of them are due.
EVERYTHING_IS_DUE_SECONDS = 2 * 24 * 3600.0
CLAIM = "insert into idempotency_key values (current_organization(), 'test', :key, 'hash', gen_random_uuid(), now() {})"


@pytest.fixture
def _nothing_was_deferred() -> Iterator[None]:
    """As if no worker had been there at the last time of the schedule."""

    def forget() -> None:
        with database.transaction() as tx:
            tx.execute(text("delete from procrastinate_periodic_defers"))
            tx.execute(text("delete from procrastinate_jobs where task_name = 'jobs:apply_retention'"))

    forget()
    yield
    forget()


@pytest.mark.usefixtures("_nothing_was_deferred")
def test_what_is_due_when_a_worker_starts_is_put_into_the_queue() -> None:
    async def defer() -> int:
        async with worker.open_app() as app:
            deferrer = PeriodicDeferrer(app.periodic_registry, max_delay=EVERYTHING_IS_DUE_SECONDS)
            due = list(deferrer.get_previous_tasks(at=time.time()))
            await deferrer.defer_jobs(due)
            return len(due)

    assert asyncio.run(defer()) > 0
    with database.transaction() as tx:
        deferred = tx.execute(text("select count(*) from procrastinate_jobs where task_name = 'jobs:apply_retention'"))
        assert deferred.scalar_one() > 0


@pytest.mark.usefixtures("_nothing_was_deferred")
def test_worker_that_starts_after_the_hour_removes_what_is_old(
    home: Path, organization: Organization, run_import
) -> None:
    import_id = run_import("Nome,Telefone\nAna,+5511987654321\n")["importId"]
    run_sql(organization, "update import set updated_at = now() - interval '31 days'")
    for key, age in (("old", "- interval '31 days'"), ("young", "- interval '29 days'")):
        run_sql(organization, CLAIM.format(age), key=key)
    environment = {**os.environ, "LEAD_STORE_HOME": str(home)}
    worker = subprocess.Popen([sys.executable, "-m", "lead_store", "worker"], env=environment)
    try:
        wait_for(lambda: get_keys(organization) == ["young"])
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    with database.transaction(organization.id) as tx:
        assert import_queries.get_import(tx, import_id).removed_at is not None
        assert tx.execute(text("select count(*) from import_row")).scalar_one() == 0


def get_keys(organization: Organization) -> list[str]:
    return [row.key for row in run_sql(organization, "select key from idempotency_key order by key")]


def test_key_that_was_forgotten_may_be_used_for_another_body(organization: Organization) -> None:
    run_sql(organization, CLAIM.format("- interval '31 days'"), key="again")
    jobs.apply_retention.func(0)
    with database.transaction(organization.id) as tx:
        target = run_sql(organization, "select gen_random_uuid() as id")[0].id
        assert idempotency_queries.claim(tx, "test", "again", {"another": "body"}, target) == target
