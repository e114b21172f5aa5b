"""What PostgreSQL's planner has to be told, where it cannot know."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def joining_by_hash(tx: Connection, *, holds: bool = True) -> Iterator[None]:
    """Within, where it `holds`: many rows are joined with many.

    Tables that hold rows of all imports tell nothing of how many this one has: the planner expects one, and would
    look up each of a million rows in each of fifty thousand groups.
    """
    if not holds:
        yield
        return
    before = tx.execute(text("select current_setting('enable_nestloop')")).scalar_one()
    tx.execute(text("set local enable_nestloop = off"))
    yield
    tx.execute(text("select set_config('enable_nestloop', :before, true)"), {"before": before})


@contextmanager
def reading_in_order(tx: Connection, *, holds: bool = True) -> Iterator[None]:
    """Within, where it `holds`: a page is read along its key until it is full.

    The planner knows nothing of how many rows meet a computed condition, takes them for few, and would read and sort
    all rows for the first fifty of a million that do.
    """
    if not holds:
        yield
        return
    for scan in ("enable_seqscan", "enable_bitmapscan"):
        tx.execute(text(f"set local {scan} = off"))
    yield
    for scan in ("enable_seqscan", "enable_bitmapscan"):
        tx.execute(text(f"set local {scan} = on"))
