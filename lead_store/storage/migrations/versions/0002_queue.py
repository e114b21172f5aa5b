"""Procrastinate's tables, in the same database: a job is deferred in the transaction that calls for it."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"

GRANTS = """
do $do$ declare item text; begin
    for item in select tablename from pg_tables where schemaname = 'public' and tablename like 'procrastinate%'
    loop execute format('grant select, insert, update, delete on %I to lead_store_app', item); end loop;
    for item in select sequencename from pg_sequences
        where schemaname = 'public' and sequencename like 'procrastinate%'
    loop execute format('grant usage, select on sequence %I to lead_store_app', item); end loop;
end $do$;
"""


def upgrade() -> None:
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    run(SchemaManager.get_schema())
    run(GRANTS)
