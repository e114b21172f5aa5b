"""The database: where it is, engines to it, and transactions that act for one organization.

What is asked of it stands in the other modules of `storage`; who opens transactions are the edges.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

import psycopg
from psycopg.errors import ReadOnlySqlTransaction, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lead_store.errors import NotAllowed, Unavailable
from lead_store.settings import get_settings
from lead_store.storage import embedded
from lead_store.storage.migrations import migrate

# Both are plain roles, so that row-level security binds even where the login is a superuser.
APP_ROLE = "lead_store_app"
PLATFORM_ROLE = "lead_store_platform"

# Said once on each new connection; as options of its start, proxies between us and the server refuse or drop them.
# Compiling a query to machine code, which servers do as they come, takes a second for one that is over in
# milliseconds: tables that are just being filled look larger to the planner than they are.
ON_CONNECT = f"set role {APP_ROLE}; set jit = off"

NOT_SET_UP = (
    "This database is not set up for the login of DATABASE_URL. Run `python -m lead_store migrate` as one that may"
    f" create roles, and make this login a member of {APP_ROLE} and {PLATFORM_ROLE}."
)


def get_url() -> str:
    """The URL in use, as libpq reads it; starts the embedded server where no other is configured."""
    settings = get_settings()
    return settings.database_url or embedded.start(settings.home)


def get_driver_url() -> str:
    """The same for SQLAlchemy, with psycopg as the driver."""
    return make_url(get_url()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@cache
def get_engine() -> Engine:
    """The engine of this process, as the app's role.

    The embedded database is created and brought up to date here; an external one by `migrate`.
    """
    if get_settings().is_embedded:
        create_embedded_database()
        migrate(get_driver_url())
    engine = create_engine(get_driver_url(), pool_pre_ping=True, pool_size=10, max_overflow=20)

    @event.listens_for(engine, "connect")
    def become_the_app(connection: psycopg.Connection, _record: object) -> None:
        connection.execute(ON_CONNECT)
        connection.commit()

    return engine


def close_engine() -> None:
    """Close the connections of this process, if it has any."""
    if get_engine.cache_info().currsize:
        get_engine().dispose()


@contextmanager
def transaction(organization_id: UUID | str | None = None) -> Iterator[Connection]:
    """A transaction that sees the rows of one organization; with none given, those of nobody.

    Raises:
        Unavailable: the database does not answer, went away meanwhile, or is not set up.
    """
    try:
        with _connect() as connection, connection.begin():
            set_organization(connection, organization_id)
            yield connection
    except DBAPIError as cause:
        # A role that is missing, or that the login may not become, is named in the server's sentence.
        if isinstance(cause.orig, UndefinedTable) or APP_ROLE in str(cause.orig):
            raise Unavailable(NOT_SET_UP, code="database_not_set_up") from cause
        if not isinstance(cause, OperationalError):
            raise
        raise Unavailable(
            "The database does not answer. Nothing is lost; try again in a moment.", code="database_unavailable"
        ) from cause


def _connect() -> Connection:
    try:
        return get_engine().connect()
    except OperationalError:
        if not get_settings().is_embedded:
            raise
        embedded.start(get_settings().home)  # It was killed: nobody else starts it again.
        return get_engine().connect()


def set_organization(tx: Connection, organization_id: UUID | str | None) -> None:
    """From here to the end of the transaction, act for this organization."""
    tx.execute(text("select set_config('lead_store.organization_id', :id, true)"), {"id": str(organization_id or "")})


@contextmanager
def looking_only(tx: Connection) -> Iterator[None]:
    """From here to the end of the transaction, the database refuses every change.

    Raises:
        NotAllowed: `role_insufficient`, where a change was tried all the same.
    """
    tx.execute(text("set transaction read only"))
    try:
        yield
    except DBAPIError as cause:
        if not isinstance(cause.orig, ReadOnlySqlTransaction):
            raise
        raise NotAllowed("You may look here, but not change anything.", code="role_insufficient") from cause


@contextmanager
def platform_role(tx: Connection) -> Iterator[Connection]:
    """Within: the transaction also finds people across organizations. For matching and writing leads only."""
    tx.execute(text(f"set local role {PLATFORM_ROLE}"))
    yield tx
    tx.execute(text(f"set local role {APP_ROLE}"))


def create_embedded_database() -> None:
    """Make the database in the embedded server where it is missing; nothing to do for an external one."""
    if not get_settings().is_embedded:
        return
    target = make_url(get_driver_url())
    admin = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("select pg_advisory_lock(4721000)"))
        known = connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": target.database})
        if not known:
            connection.execute(text(f'create database "{target.database}"'))
        connection.execute(text("select pg_advisory_unlock(4721000)"))
    admin.dispose()
