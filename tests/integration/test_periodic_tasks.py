"""Periodic tasks defer themselves, whatever the time at which a worker starts."""

import asyncio
import time

from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import text

from lead_store import jobs
from lead_store.storage import database

# Longer ago than any periodic task's last time, so that all of them are due.
EVERYTHING_IS_DUE_SECONDS = 2 * 24 * 3600.0


def test_what_is_due_when_a_worker_starts_is_put_into_the_queue() -> None:
    async def defer() -> int:
        async with jobs.open_app() as app:
            deferrer = PeriodicDeferrer(app.periodic_registry, max_delay=EVERYTHING_IS_DUE_SECONDS)
            due = list(deferrer.get_previous_tasks(at=time.time()))
            await deferrer.defer_jobs(due)
            return len(due)

    assert asyncio.run(defer()) > 0
    with database.transaction() as tx:
        deferred = tx.execute(text("select count(*) from procrastinate_jobs where task_name = 'jobs:apply_retention'"))
        assert deferred.scalar_one() > 0
        tx.execute(text("delete from procrastinate_jobs where task_name = 'jobs:apply_retention'"))
