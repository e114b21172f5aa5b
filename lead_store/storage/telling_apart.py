"""Several people behind one identifier whom the first name of its rows does not tell apart.

Each row of a group is compared with the group's first name where it is staged. "Ana" goes with "Ana Lima" and with
"Ana Souza", who are two: here, each row is compared with all names that go together before it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import deciding
from lead_store.storage.import_queries import Import

# Two names that both go with the first one are needed to be two people. Thousands of rows may have one number, and a
# few names among them: each is compared once, and found by its rows as the key of an object.
PART = """
with named as (
    select r.group_number, lower(r.name) as name, min(r.row_number) as first_row
    from import_group g
    join import_row r on r.import_id = g.import_id and r.group_number = g.group_number and not r.is_other_person
    where g.import_id = :import_id and g.rows > 2 and r.name is not null
      and (cast(:groups as integer[]) is null or g.group_number = any(cast(:groups as integer[])))
    group by 1, 2),
mixed as (
    select group_number, other_names(array_agg(name order by first_row)) as names
    from named group by 1 having count(*) > 2)
update import_row r set is_other_person = true from mixed m
where r.import_id = :import_id and r.group_number = m.group_number and not r.is_other_person
  and m.names ? lower(r.name)
returning r.group_number
"""
COUNT = """
update import_group g set other_people = (select count(*) from import_row r where r.import_id = :import_id
    and r.group_number = g.group_number and r.is_other_person)
where g.import_id = :import_id and g.group_number = any(cast(:groups as integer[]))
"""


def tell_apart(tx: Connection, run: Import) -> None:
    """Find the other people of all groups of an import, and what follows for their rows."""
    groups = mark_others(tx, run.id)
    if groups:
        count_others(tx, run.id, groups)
        deciding.refresh_facts(tx, run, deciding.OF_GROUPS, {"groups": groups})


def mark_others(tx: Connection, import_id: UUID, groups: Sequence[int] | None = None) -> list[int]:
    """Mark rows of other people, in some groups or in all; the groups in which there were any."""
    values = {"import_id": import_id, "groups": groups}
    return sorted(set(tx.execute(text(PART), values).scalars()))


def count_others(tx: Connection, import_id: UUID, groups: Sequence[int]) -> None:
    """Count the rows of other people in some groups."""
    tx.execute(text(COUNT), {"import_id": import_id, "groups": list(groups)})
