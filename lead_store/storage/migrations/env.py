"""Alembic's entry: runs the versions on the connection that `migrate` holds, in its transaction."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
with context.begin_transaction():
    connection.execute(text("set local role lead_store_owner"))
    context.run_migrations()
    connection.execute(text("reset role"))
