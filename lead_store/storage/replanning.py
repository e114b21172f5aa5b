"""Rows planned anew: after cells were corrected, or when rows drifted and are decided again.

    collect > (values change) > plan_again

During the review, rows with the same identifier are planned together. After the import, what is done stays done:
the rows are planned against the store as it is now and wait in a batch of their own.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import addresses, deciding, hints, matching, telling_apart
from lead_store.storage.database import platform_role
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import joining_by_hash, reading_by_index

TABLES = """
create temporary table if not exists affected (row_number integer primary key) on commit delete rows;
create temporary table if not exists affected_key (match_key text collate "C") on commit delete rows;
create temporary table if not exists affected_batch (batch_number integer, rows integer) on commit delete rows;
truncate affected, affected_key, affected_batch;
grant select on affected to lead_store_platform
"""
ROWS = "insert into affected select distinct unnest(cast(:rows as integer[]))"
# Without it the planner takes them for thousands, and reads a million rows to find the few.
ANALYZE = "analyze affected"
# The rows of a group fold together, so they are planned together.
WHOLE_GROUPS = """
insert into affected select distinct o.row_number from import_row o
where o.import_id = :import_id and o.blocking is null and o.group_number in (
    select r.group_number from import_row r where r.import_id = :import_id
      and r.row_number in (select row_number from affected) and r.group_number is not null and r.blocking is null)
on conflict do nothing
"""
KEYS = """
insert into affected_key select distinct least(identifier, variant) from import_row
where import_id = :import_id and identifier is not null and row_number in (select row_number from affected)
"""
# Those that share an identifier with the affected ones; all else goes by row number.
SAME_KEYS = """
insert into affected select r.row_number from import_row r
where r.import_id = :import_id and least(r.identifier, r.variant) = any(cast(:keys as text[]))
on conflict do nothing
"""
BATCHES_BEFORE = """
insert into affected_batch select batch_number, count(*) from import_row
where import_id = :import_id and row_number in (select row_number from affected) group by 1
"""

# As in the review; `blocking` of a row with an identifier only ever came from the review itself.
MATCH = f"""
update import_row t set
    lead_id = coalesce(m.matched_lead, {matching.new_lead_id("t", "row_number")}),
    is_known = m.matched_lead is not null, is_linked = m.is_linked, fills = 0, changes = 0, outcome = null,
    reason = nullif(t.reason, 'drift'), is_folded = false, is_other_person = false, decision = null,
    blocking = case when m.is_conflict then 'identity_conflict' end,
    problems = nullif(case when m.is_conflict then m.other_problems || jsonb_build_array(jsonb_build_object(
        'code', 'identity_conflict', 'column', null, 'value', t.identifier)) else m.other_problems end, '[]')
from (
    select i.*, s.lead_id is not null as is_linked
    from (
        select i.row_number, {matching.MATCHED_LEAD} as matched_lead, {matching.IS_CONFLICT} as is_conflict,
            (select coalesce(jsonb_agg(p), '[]') from jsonb_array_elements(coalesce(i.problems, '[]')) p
                where p ->> 'code' not in ('identity_conflict', 'shared_identifier')) as other_problems
        from import_row i
        {matching.IDENTITIES_OF_ROW}
        where i.import_id = :import_id and i.identifier is not null
          and i.row_number in (select row_number from affected)
    ) i
    left join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = i.matched_lead
) m
where t.import_id = :import_id and t.row_number = m.row_number
"""

# Groups of the affected identifiers, made anew; one that is left with a single row is none.
GROUPS_BEFORE = """
select distinct group_number from import_row
where import_id = :import_id and group_number is not null and row_number in (select row_number from affected)
"""
UNGROUP = """
update import_row set group_number = null
where import_id = :import_id and group_number is not null and row_number in (select row_number from affected)
"""
DROP_GROUPS = """
delete from import_group g where g.import_id = :import_id and g.group_number = any(cast(:groups as integer[]))
  and not exists (select 1 from import_row r where r.import_id = :import_id and r.group_number = g.group_number)
"""
GROUP = """
insert into import_group (organization_id, import_id, group_number, match_key, rows, first_row, first_name)
select current_organization(), :import_id,
    (select coalesce(max(group_number), 0) from import_group where import_id = :import_id)
        + row_number() over (order by match_key), match_key, rows, first_row, first_name
from (
    select least(identifier, variant) as match_key, count(*) as rows, min(row_number) as first_row,
        (array_agg(name order by row_number) filter (where name is not null))[1] as first_name
    from import_row where import_id = :import_id and identifier is not null
      and row_number in (select row_number from affected)
    group by 1 having count(*) > 1) groups
returning group_number
"""
JOIN_GROUPS = """
update import_row r set group_number = g.group_number,
    batch_number = case when :is_done then r.batch_number else g.batch_number end
from (
    select g.group_number, g.match_key, min(r.batch_number) as batch_number
    from import_group g join import_row r
      on r.import_id = :import_id and least(r.identifier, r.variant) = g.match_key
      and r.row_number in (select row_number from affected)
    where g.import_id = :import_id and g.group_number = any(cast(:groups as integer[])) group by 1, 2) g
where r.import_id = :import_id and least(r.identifier, r.variant) = g.match_key
  and r.row_number in (select row_number from affected)
"""
OTHER_PEOPLE = """
update import_row r set is_other_person = true from import_group g
where r.import_id = :import_id and g.import_id = :import_id and r.group_number = g.group_number
  and g.group_number = any(cast(:groups as integer[]))
  and lower(r.name) <> lower(g.first_name) and names_differ(r.name, g.first_name)
"""
# After the import: a number that an imported row has under a plainly different name is that person's.
SHARED_WITH_DONE = """
update import_row t set blocking = 'shared_identifier', problems = coalesce(t.problems, '[]') || jsonb_build_array(
    jsonb_build_object('code', 'shared_identifier', 'column', null, 'value', t.identifier))
from (
    select distinct r.row_number from import_row r join import_row o
      on o.import_id = :import_id and least(o.identifier, o.variant) = least(r.identifier, r.variant)
    where r.import_id = :import_id and r.row_number in (select row_number from affected)
      and o.row_number not in (select row_number from affected) and o.blocking is null
      and least(o.identifier, o.variant) in (select match_key from affected_key)
      and lower(o.name) <> lower(r.name) and names_differ(o.name, r.name)) other
where t.import_id = :import_id and t.row_number = other.row_number and t.blocking is null
"""
OF_AFFECTED = "r.row_number = any(cast(:affected as integer[])) and r.identifier is not null"
MANY_ROWS = 1_000

COUNT_BATCHES = """
update import_batch b set rows = b.rows - c.rows + (select count(*) from import_row r
    where r.import_id = :import_id and r.row_number in (select row_number from affected)
      and r.batch_number = b.batch_number)
from affected_batch c where b.import_id = :import_id and b.batch_number = c.batch_number
"""
EXTRA_BATCH = """
insert into import_batch (organization_id, import_id, batch_number, rows)
select current_organization(), cast(:import_id as uuid), (select max(batch_number) + 1 from import_batch
    where import_id = :import_id), count(*)
from import_row where import_id = :import_id and row_number in (select row_number from affected) and blocking is null
having count(*) > 0
returning batch_number
"""
MOVE_TO_BATCH = """
update import_row set batch_number = :batch_number
where import_id = :import_id and row_number in (select row_number from affected) and blocking is null
"""
COUNT_DONE_BATCHES = f"""
update import_batch b set rows = c.rows,
    {", ".join(f"{bucket} = c.{bucket}" for bucket in matching.BUCKETS)}
from (
    select o.batch_number, count(rows.bucket) as rows,
        {", ".join(f"count(*) filter (where bucket = '{bucket}') as {bucket}" for bucket in matching.BUCKETS)}
    from affected_batch o
    left join (select r.batch_number, {matching.BUCKET} as bucket from import_row r
        where r.import_id = :import_id and r.batch_number in (select batch_number from affected_batch)) rows
      using (batch_number)
    group by 1) c
where b.import_id = :import_id and b.batch_number = c.batch_number
"""


def collect(tx: Connection, run: Import, row_numbers: Sequence[int]) -> None:
    """Name the rows to be planned again, before their values change."""
    values = {"import_id": run.id, "rows": list(row_numbers)}
    for script in TABLES.split(";"):
        tx.execute(text(script))
    tx.execute(text(ROWS), values)
    tx.execute(text(ANALYZE))
    if run.status == "imported":
        tx.execute(text(WHOLE_GROUPS), values)
    tx.execute(text(KEYS), values)


def plan_again(tx: Connection, run: Import) -> int:
    """Match, group and compare the collected rows again; how many of them can be imported now.

    After the import, those rows wait in a new batch; the caller starts it.
    """
    is_done = run.status == "imported"
    values = {
        "import_id": run.id,
        "channel": run.channel,
        "is_done": is_done,
        "on_existing": run.on_existing,
        **run.masks,
    }
    tx.execute(text(KEYS), values)
    if not is_done:
        _collect_same_keys(tx, run)
    tx.execute(text(ANALYZE))
    tx.execute(text(BATCHES_BEFORE), values)
    with platform_role(tx):
        tx.execute(text(MATCH), values)
    groups_before = list(tx.execute(text(GROUPS_BEFORE), values).scalars())
    tx.execute(text(UNGROUP), values)
    tx.execute(text(DROP_GROUPS), {**values, "groups": groups_before})
    groups = list(tx.execute(text(GROUP), values).scalars())
    for script in (JOIN_GROUPS, OTHER_PEOPLE):
        tx.execute(text(script), {**values, "groups": groups})
    telling_apart.mark_others(tx, run.id, groups)
    telling_apart.count_others(tx, run.id, groups)
    _refresh_facts(tx, run, groups)
    rows = _get_affected(tx)
    addresses.keep_rows(tx, run, rows)
    addresses.apply_to_addresses(tx, run, rows=rows)
    if is_done:
        return _move_to_extra_batch(tx, run, values)
    tx.execute(text(COUNT_BATCHES), values)
    return count_usable(tx, run.id)


def _collect_same_keys(tx: Connection, run: Import) -> None:
    keys = list(tx.execute(text("select match_key from affected_key")).scalars())
    with reading_by_index(tx, holds=len(keys) <= deciding.FEW_KEYS):
        tx.execute(text(SAME_KEYS), {"import_id": run.id, "keys": keys})


def _get_affected(tx: Connection) -> list[int]:
    return list(tx.execute(text("select row_number from affected order by 1")).scalars())


def _refresh_facts(tx: Connection, run: Import, groups: list[int]) -> None:
    affected = _get_affected(tx)
    with joining_by_hash(tx, holds=len(affected) > MANY_ROWS):
        if groups:
            deciding.apply_to_groups(tx, run, deciding.get_group_keys(tx, run.id, groups))
        deciding.refresh_facts(tx, run, OF_AFFECTED, {"affected": affected})
        hints.link_chosen(tx, run)
        deciding.refresh_standing_facts(tx, run, OF_AFFECTED, {"affected": affected})


def count_usable(tx: Connection, import_id: UUID) -> int:
    """How many of the collected rows nothing keeps out."""
    statement = """select count(*) from import_row where import_id = :import_id and blocking is null
        and row_number in (select row_number from affected)"""
    return tx.execute(text(statement), {"import_id": import_id}).scalar_one()


def _move_to_extra_batch(tx: Connection, run: Import, values: dict) -> int:
    tx.execute(text(SHARED_WITH_DONE), values)
    batch_number = tx.execute(text(EXTRA_BATCH), values).scalar_one_or_none()
    if batch_number is None:
        return 0
    moved = tx.execute(text(MOVE_TO_BATCH), {**values, "batch_number": batch_number}).rowcount
    tx.execute(text(COUNT_DONE_BATCHES), values)
    return moved
