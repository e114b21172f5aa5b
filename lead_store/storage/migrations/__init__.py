"""Bringing a database up to date: roles, then Alembic's versions. Run by an administrator, not by the app."""

from pathlib import Path

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from lead_store.errors import NotAllowed, Unavailable

# One at a time: two processes that start on the same fresh home would otherwise both create.
LOCK_NUMBER = 4_721_001


def migrate(url: str) -> None:
    """Create what is missing in the database at `url` (psycopg's SQLAlchemy form); safe to repeat.

    Raises:
        NotAllowed: `login_insufficient`, the login may not create roles or tables.
        Unavailable: the database cannot be reached.
    """
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
            _ensure_roles(connection)
            if not _is_up_to_date(connection):
                _run_versions(connection)
    except OperationalError as cause:
        raise Unavailable("The database does not answer.", code="database_unavailable") from cause
    except ProgrammingError as cause:
        if not isinstance(cause.orig, InsufficientPrivilege):
            raise
        raise NotAllowed(
            "This login may not create the roles and tables that are needed. Use one that may, such as the owner of the"
            " database with the right to create roles.",
            code="login_insufficient",
        ) from cause
    finally:
        engine.dispose()


def _run_versions(connection: Connection) -> None:
    # Loaded here, since each command would wait for it otherwise.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_up_to_date(connection: Connection) -> bool:
    """True where the last of the versions, whose files begin with their numbers, was the last one to be run."""
    if not connection.scalar(text("select to_regclass('alembic_version') is not null")):
        return False
    newest = max(path.name.split("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
    return connection.scalar(text("select version_num from alembic_version")) == newest


def _ensure_roles(connection: Connection) -> None:
    """`lead_store_owner` owns the tables, `lead_store_app` sees one organization, `lead_store_platform`
    also finds people across organizations. All are plain roles: row-level security binds them."""
    for role in ("lead_store_owner", "lead_store_app", "lead_store_platform"):
        known = connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": role})
        if not known:
            connection.execute(text(f"create role {role} nologin"))
        connection.execute(text(f"grant {role} to current_user"))
    if connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
        # For the bulk insert, whose foreign keys hold by construction: see storage.upserting.
        connection.execute(text("grant set on parameter session_replication_role to lead_store_platform"))
    connection.execute(text("grant usage on schema public to lead_store_app, lead_store_platform"))
    connection.execute(text("grant usage, create on schema public to lead_store_owner"))
