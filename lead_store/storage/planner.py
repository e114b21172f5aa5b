"""What PostgreSQL's planner has to be told, where it cannot know."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

PAGING = "select set_config(name, :value, true) from unnest(array['enable_seqscan', 'enable_bitmapscan']) as name"


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
def reading_by_index(tx: Connection, *, holds: bool = True) -> Iterator[None]:
    """Within, where it `holds`: a few of very many rows are found by their index.

    The planner knows nothing of how many rows meet a computed condition, and would read all of a million.
    """
    if not holds:
        yield
        return
    tx.execute(text("set local enable_seqscan = off"))
    yield
    tx.execute(text("set local enable_seqscan = on"))


@contextmanager
def paging(tx: Connection) -> Iterator[None]:
    """Within: the first rows of an index's order are read, and none that the page does not show.

    The planner, which expects one row of any import, would as soon gather all of a bucket and sort them.
    """
    tx.execute(text(PAGING), {"value": "off"})
    yield
    tx.execute(text(PAGING), {"value": "on"})


# A batch or a range is small beside the store: each of its rows finds its lead by key, and costs the same however many
# leads there are. The planner, which may know nothing yet of a store that is just being filled, is not asked. Hardly
# any key comes twice: to remember what was looked up costs more than to look it up again, and of a store that it takes
# for tiny it would keep all rows, and go through them for each of the file's.
BY_KEY = """
select set_config(name, :value, true)
from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_memoize', 'enable_material',
    'enable_seqscan']) as name
"""


@contextmanager
def matching_by_key(tx: Connection) -> Iterator[None]:
    """Within: each row looks up what it is joined with in an index."""
    tx.execute(text(BY_KEY), {"value": "off"})
    yield
    tx.execute(text(BY_KEY), {"value": "on"})
