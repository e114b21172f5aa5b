"""What a text of people comes to, for tests."""

import io

from lead_store.intake.reading import inspect, read_batches


def read(content):
    """The inspection, and the filled cells of each person by column."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    seen = inspect(file, "contacts")
    headers = [column.header for column in seen.columns]
    rows = [row for batch in read_batches(file, seen.dialect) for row in batch.to_pylist()]
    told = [dict(zip(headers, list(row.values())[3:], strict=True)) for row in rows]
    return seen, [{header: cell for header, cell in cells.items() if cell} for cells in told]
