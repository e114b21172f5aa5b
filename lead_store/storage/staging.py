"""Staging: normalised rows into the import's partition, and the review's facts about them, set-based.

    open_staging > copy_rows (COPY, batch by batch) > find_facts

What the facts mean for the ledger is said in `matching`; which rows a page shows, in `review_queries`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pyarrow as pa
from psycopg import Copy
from pyarrow import csv
from sqlalchemy import Connection, text

from lead_store.storage import matching
from lead_store.storage.database import platform_role
from lead_store.storage.planner import joining_by_hash

COPIED_COLUMNS = (
    "row_number, identifier, variant, name, email, phone, external_id, tags, attributes, opted_out, raw, problems,"
    " blocking, repair"
)

# Rows with the same key are the same person on the channel: the smaller of an identifier's two forms. Keys are
# counted by a short hash first, which fits into memory for millions; only what it counts twice is looked at. A
# group's first name is that of its first row that has one: a blank name differs from nobody.
GROUPS = """
with suspects as (
    select hashtext(least(identifier, variant)) as place from intake_table where blocking is null
    group by 1 having count(*) > 1)
insert into import_group (organization_id, import_id, group_number, match_key, rows, first_row, first_name)
select current_organization(), :import_id, row_number() over (order by match_key), match_key, rows, first_row,
    first_name
from (select least(identifier, variant) as match_key, count(*) as rows, min(row_number) as first_row,
          (array_agg(name order by row_number) filter (where name is not null))[1] as first_name
      from intake_table where blocking is null and hashtext(least(identifier, variant)) in (table suspects)
      group by 1 having count(*) > 1) groups
"""

# One sort brings the rows into the order of their keys, which numbers the batches and lays the rows down side by
# side in them.
ROWS = f"""
insert into part_table (row_number, batch_number, identifier, variant, name, email, phone, external_id, tags,
    attributes, opted_out, raw, problems, blocking, repair, group_number, is_folded, is_other_person,
    lead_id, is_known, is_linked, fills, changes)
select row_number, (rank() over (order by match_key) - 1) / :rows_per_batch, identifier, variant, name, email,
    phone, external_id, tags, attributes, opted_out, raw,
    case when new_code is null then problems else coalesce(problems, '[]') || jsonb_build_array(
        jsonb_build_object('code', new_code, 'column', null, 'value', identifier)) end,
    coalesce(blocking, new_code), repair, group_number,
    group_number is not null and row_number <> first_row and not is_other_person, is_other_person,
    coalesce(matched_lead, new_lead_id(match_key)), matched_lead is not null, is_linked, fills, changes
from (
    select r.*, s.lead_id is not null as is_linked, {matching.FILLS} as fills, {matching.CHANGES} as changes,
        case when r.is_conflict then 'identity_conflict' when r.is_other_person then 'shared_identifier' end
            as new_code
    from (
        select i.row_number, i.identifier, i.variant, i.name, i.email, i.phone, i.external_id, i.tags,
            i.attributes::jsonb as attributes, i.opted_out, i.raw, i.problems::jsonb as problems, i.blocking,
            i.repair, g.group_number, g.first_row, least(i.identifier, i.variant) as match_key,
            g.group_number is not null and lower(i.name) <> lower(g.first_name)
                and names_differ(i.name, g.first_name) as is_other_person,
            {matching.MATCHED_LEAD} as matched_lead, {matching.IS_CONFLICT} as is_conflict
        from intake_table i
        left join import_group g on g.import_id = :import_id and g.match_key = least(i.identifier, i.variant)
        {matching.IDENTITIES_OF_ROW}
        offset 0
    ) r
    left join lead_organization s
        on s.organization_id = (select current_organization()) and s.lead_id = r.matched_lead
    offset 0
) facts
order by match_key
"""

# The row that stands for a group is compared with the values that the group folds into.
GROUP_FACTS = f"""
update import_row t set fills = f.fills, changes = f.changes
from (select r.row_number, {matching.FILLS} as fills, {matching.CHANGES} as changes
      from ({matching.fold("r.group_number is not null and r.is_linked")}) r
      join lead_organization s on s.organization_id = current_organization() and s.lead_id = r.lead_id) f
where t.import_id = :import_id and t.row_number = f.row_number
"""
OTHER_PEOPLE = """
update import_group g set other_people = counted.rows
from (select group_number, count(*) as rows from import_row
      where import_id = :import_id and group_number is not null and is_other_person group by 1) counted
where g.import_id = :import_id and g.group_number = counted.group_number
"""
BATCHES = """
insert into import_batch (organization_id, import_id, batch_number, rows)
select current_organization(), :import_id, batch_number, count(*)
from import_row where import_id = :import_id group by batch_number
"""


def open_staging(tx: Connection, import_id: UUID) -> None:
    """Make the import's tables anew; what an interrupted attempt left is dropped."""
    tx.execute(text("select open_staging(:import_id)"), {"import_id": import_id})
    for table in ("import_group", "import_batch"):
        tx.execute(text(f"delete from {table} where import_id = :import_id"), {"import_id": import_id})


@contextmanager
def copying(tx: Connection, import_id: UUID) -> Iterator[Copy]:
    """A COPY into the import's intake table, for `copy_rows`."""
    cursor = tx.connection.driver_connection.cursor()  # type: ignore[union-attr]
    with (
        cursor,
        cursor.copy(f"copy {_intake(import_id)} ({COPIED_COLUMNS}) from stdin (format csv, null '')") as copy,
    ):
        yield copy


def copy_rows(copy: Copy, rows: pa.RecordBatch) -> None:
    """Send normalised rows (columns of `normalising.SCHEMA`) as they are, without a Python object per row."""
    sink = pa.BufferOutputStream()
    csv.write_csv(rows, sink, csv.WriteOptions(include_header=False, quoting_style="needed"))
    copy.write(memoryview(sink.getvalue()))


def find_facts(tx: Connection, import_id: UUID, channel: str, rows_per_batch: int) -> None:
    """Groups, matches, facts and batches of all copied rows; afterwards the import's partition is in place."""
    values = {"import_id": import_id, "channel": channel, "rows_per_batch": rows_per_batch}
    with platform_role(tx):
        with joining_by_hash(tx):
            tx.execute(text(GROUPS.replace("intake_table", _intake(import_id))), values)
        tx.execute(text("select analyze_intake(:import_id)"), values)
        named = ROWS.replace("intake_table", _intake(import_id)).replace("part_table", _partition(import_id))
        tx.execute(text(named), values)
    tx.execute(text("select close_staging(:import_id)"), values)
    for script in (GROUP_FACTS, OTHER_PEOPLE, BATCHES):
        tx.execute(text(script), values)


def drop_staging(tx: Connection, import_id: UUID) -> None:
    """Drop the staged rows of an import."""
    tx.execute(text("select drop_staging(:import_id)"), {"import_id": import_id})


def _intake(import_id: UUID) -> str:
    return f"import_intake_{import_id.hex}"


def _partition(import_id: UUID) -> str:
    return f"import_row_{import_id.hex}"
