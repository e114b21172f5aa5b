"""Staging: normalised rows by COPY into tables of the import's own, which become a partition of `import_row`.

    open_staging > copy_rows (COPY, batch by batch) > seal > facts.find_facts, range by range > close

What is found about the rows is left to `facts`; what it means for the ledger is said in `matching`; which rows a page
shows, in `review_queries`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pyarrow as pa
from psycopg import Copy
from pyarrow import csv
from sqlalchemy import Connection, text

COPIED_COLUMNS = (
    "row_number, identifier, variant, name, email, phone, external_id, tags, attributes, opted_out, raw, problems,"
    " blocking, repair"
)


def open_staging(tx: Connection, import_id: UUID) -> None:
    """Make the import's tables anew; what an interrupted attempt left is dropped."""
    tx.execute(text("select open_staging(:import_id)"), {"import_id": import_id})
    for table in ("import_group", "import_batch", "import_difference"):
        tx.execute(text(f"delete from {table} where import_id = :import_id"), {"import_id": import_id})


@contextmanager
def copying(tx: Connection, import_id: UUID) -> Iterator[Copy]:
    """A COPY into the import's intake table, for `copy_rows`."""
    cursor = tx.connection.driver_connection.cursor()  # type: ignore[union-attr]
    # Frozen: whoever sees the table sees all of its rows, and need not ask of each.
    statement = f"copy {intake_table(import_id)} ({COPIED_COLUMNS}) from stdin (format csv, null '', freeze)"
    with cursor, cursor.copy(statement) as copy:
        yield copy


def copy_rows(copy: Copy, rows: pa.RecordBatch) -> None:
    """Send normalised rows (columns of `normalising.SCHEMA`) as they are, without a Python object per row."""
    sink = pa.BufferOutputStream()
    csv.write_csv(rows, sink, csv.WriteOptions(include_header=False, quoting_style="needed"))
    copy.write(memoryview(sink.getvalue()))


def seal(tx: Connection, import_id: UUID) -> None:
    """All rows are copied: other transactions of the organization may read them, once this one commits."""
    tx.execute(text("select seal_staging(:import_id)"), {"import_id": import_id})


def is_lost(tx: Connection, import_id: UUID) -> bool:
    """True where a crash of the database emptied the table of the copied rows."""
    return not tx.execute(text(f"select exists (select 1 from {intake_table(import_id)})")).scalar_one()


def close(tx: Connection, import_id: UUID) -> None:
    """Make a partition of the import's rows, with its indexes; the copied rows are dropped."""
    tx.execute(text("select close_staging(:import_id)"), {"import_id": import_id})


def drop_staging(tx: Connection, import_id: UUID) -> None:
    """Drop the staged rows of an import."""
    tx.execute(text("select drop_staging(:import_id)"), {"import_id": import_id})


def intake_table(import_id: UUID) -> str:
    """The name of the table with the rows as they were copied."""
    return f"import_intake_{import_id.hex}"


def part_table(import_id: UUID) -> str:
    """The name of the table with the rows and their facts."""
    return f"import_row_{import_id.hex}"
