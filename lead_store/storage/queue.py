"""The queue: Procrastinate on the same PostgreSQL. Jobs are deferred in the transaction that calls for them.

What the tasks do is said in `lead_store.jobs`, which registers them here by name.
"""

from procrastinate import App, PsycopgConnector
from sqlalchemy import Connection

from lead_store.storage import database

# A worker that is killed stops its heartbeat; after this time its jobs are taken by another one.
HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 8.0

app = App(connector=PsycopgConnector(), import_paths=["lead_store.jobs"])


def defer(tx: Connection, task: str, *, lock: str | None = None, times: int = 1, **arguments: str | int) -> None:
    """Call for a task, `times` times; the jobs exist when `tx` commits, and not otherwise."""
    job = app.configure_task(task, lock=lock, connection=tx.connection.driver_connection)
    job.batch_defer(*[dict(arguments) for _ in range(times)])


def get_connector() -> PsycopgConnector:
    """A connector for a worker, as the app's role."""
    return PsycopgConnector(
        conninfo=database.get_url(), kwargs={"options": f"-c role={database.APP_ROLE}"}, min_size=1, max_size=8
    )
