"""The queue: Procrastinate on the same PostgreSQL. Jobs are deferred in the transaction that calls for them.

Tasks are known here by name only; what they do is said in `lead_store.jobs`.
"""

import math
from uuid import UUID

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.types import JSONValue
from psycopg import AsyncConnection
from sqlalchemy import Connection, text

from lead_store.storage import database

# A worker that is killed stops its heartbeat; after this time its jobs are taken by another one.
HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 8.0

NAMESPACE = "jobs"

# What there is one of, as the reading of a file or a message to a webhook, goes before what a large import has many of.
USUAL, ONE_OF_MANY = 0, -1

# Never opened: it only writes jobs, on the connection of the caller's transaction.
_deferrer = App(connector=SyncPsycopgConnector())


def defer(
    tx: Connection,
    task: str,
    import_id: UUID,
    organization_id: UUID,
    times: int = 1,
    priority: int = USUAL,
    **more: JSONValue,
) -> None:
    """Call for a task of an import, `times` times; the jobs exist when `tx` commits, and not otherwise."""
    job = _deferrer.configure_task(
        f"{NAMESPACE}:{task}",
        queue=name_of(import_id),
        connection=tx.connection.driver_connection,
        priority=priority,
    )
    arguments: dict[str, JSONValue] = {"import_id": str(import_id), "organization_id": str(organization_id), **more}
    job.batch_defer(*[arguments for _ in range(times)])


def defer_once(tx: Connection, task: str, queue: str, *, delay_seconds: float = 0, **arguments: str) -> None:
    """Call for a task that belongs to no import, not before the delay is over; otherwise the same."""
    job = _deferrer.configure_task(
        f"{NAMESPACE}:{task}",
        queue=queue,
        connection=tx.connection.driver_connection,
        schedule_in={"seconds": math.ceil(delay_seconds)} if delay_seconds else None,
    )
    job.batch_defer(dict[str, JSONValue](arguments))


def has_ready_jobs(tx: Connection) -> bool:
    """True where a job may run now, whatever it is about, or was begun by a worker that died."""
    statement = """select exists (
        select 1 from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
        where (j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now()))
           or (j.status = 'doing' and coalesce(w.last_heartbeat < now() - :silence * interval '1 second', true)))"""
    return tx.execute(text(statement), {"silence": STALLED_AFTER_SECONDS}).scalar_one()


def name_of(import_id: UUID) -> str:
    """Each import has a queue of its own, so that a command can wait for one import and do no other's work."""
    return f"i-{import_id.hex}"  # A NOTIFY channel, which it becomes a part of, has at most 63 characters.


def get_connector() -> PsycopgConnector:
    """A connector for a worker, as the app's role."""
    return PsycopgConnector(
        conninfo=database.get_url(),
        configure=_become_the_app,
        min_size=1,
        max_size=8,
    )


async def _become_the_app(connection: AsyncConnection) -> None:
    await connection.execute(database.ON_CONNECT)
    await connection.commit()
