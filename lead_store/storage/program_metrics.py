"""Counts over all organizations for those who run the product; never anything about one of them."""

from sqlalchemy import Connection, text


def require_database(tx: Connection) -> None:
    """Ask the database for anything at all."""
    tx.execute(text("select 1 from import limit 1"))


def get_counts(tx: Connection) -> list[tuple[str, str, float]]:
    """Metric, label and value: imports by status, queued jobs by task, deliveries by status, batches in sum."""
    rows = tx.execute(text("select metric, label, value from program_metrics() order by 1, 2"))
    return [(row.metric, row.label, row.value) for row in rows]
