"""What is found about the copied rows of an import: groups, matches, fields filled and changed, batches.

    split > find_facts, range by range > compare_groups

A range holds all rows of the people whose keys it covers, so each can be done in a transaction of its own, by any
worker. What the facts mean for the ledger is said in `matching`.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from lead_store.storage import matching
from lead_store.storage.database import platform_role
from lead_store.storage.planner import joining_by_hash, matching_by_key
from lead_store.storage.staging import intake_table, part_table

# What a range costs by itself is little beside as many batches.
BATCHES_PER_RANGE = 2
# As many tell well enough where a range should end.
SAMPLED_ROWS = 20_000

BOUNDS = """
select percentile_disc(cast(:shares as float8[])) within group (order by match_key)
from intake_table tablesample system (:percent) where match_key <> ''
"""
SIZES = """
select width_bucket(match_key, cast(:bounds as text[]) collate "C") as number, count(*) as rows
from intake_table group by 1
"""

# Rows with the same key are the same person on the channel: the smaller of an identifier's two forms; rows that cannot
# be used have none. A group's first name is that of its first row that has one: a blank name differs from nobody. The
# groups of a range stand by themselves while its rows look theirs up: among those of all imports, an index may be taken
# that leads to all of them.
RANGE_GROUP = """
create temporary table if not exists range_group (
    match_key text collate "C" primary key,
    group_number integer not null,
    rows integer not null,
    first_row integer not null,
    first_name text
) on commit delete rows
"""
GROUPS = """
insert into range_group (match_key, group_number, rows, first_row, first_name)
select match_key, :first_group + row_number() over (order by match_key), rows, first_row,
    (select name from intake_table named where named.match_key = groups.match_key and name is not null
        order by named.row_number limit 1)
from (select match_key, count(*) as rows, min(row_number) as first_row
      from intake_table where match_key <> '' and in_range group by 1 having count(*) > 1) groups
"""
KEEP_GROUPS = """
insert into import_group (organization_id, import_id, group_number, match_key, rows, first_row, first_name)
select current_organization(), :import_id, group_number, match_key, rows, first_row, first_name from range_group
"""

# The rows come in the order of their keys, which numbers the batches, lays the rows down side by side in them, and lets
# each be matched beside the one before it. What the review counts of them is noted at once, in the form in which
# `note_difference` notes what changes later.
ROWS = f"""
with written as (
insert into part_table (row_number, batch_number, identifier, variant, name, email, phone, external_id, tags,
    attributes, opted_out, raw, problems, blocking, repair, group_number, is_folded, is_other_person,
    lead_id, is_known, is_linked, stored_version, fills, changes)
select row_number, :first_batch + place / :rows_per_batch, identifier, variant, name,
    email, phone, external_id, tags, attributes, opted_out, raw,
    case when new_code is null then problems else coalesce(problems, '[]') || jsonb_build_array(
        jsonb_build_object('code', new_code, 'column', null, 'value', identifier)) end,
    coalesce(blocking, new_code), repair, group_number,
    group_number is not null and row_number <> first_row and not is_other_person, is_other_person,
    coalesce(matched_lead, {matching.new_lead_id("facts", "row_number")}), matched_lead is not null, is_linked,
    stored_version, fills, changes
from (
    select r.*, s.lead_id is not null as is_linked, s.version as stored_version,
        {matching.FILLS_OF_ROW} as fills, {matching.CHANGES_OF_ROW} as changes,
        case when r.is_conflict then 'identity_conflict' when r.is_other_person then 'shared_identifier' end
            as new_code
    from (
        select i.row_number, i.identifier, i.variant, i.name, i.email, i.phone, i.external_id, i.tags,
            i.attributes::jsonb as attributes, i.opted_out, i.raw, i.problems::jsonb as problems, i.blocking,
            i.repair, g.group_number, g.first_row, i.place,
            g.group_number is not null and lower(i.name) <> lower(g.first_name)
                and names_differ(i.name, g.first_name) as is_other_person,
            {matching.MATCHED_LEAD} as matched_lead, {matching.IS_CONFLICT} as is_conflict
        from (select i.*, rank() over (order by match_key) - 1 as place from intake_table i where in_range offset 0) i
        left join lateral (select * from range_group g
            where i.match_key in (select match_key from range_group) and g.match_key = i.match_key offset 0) g
            on true
        {matching.IDENTITIES_OF_ROW}
        offset 0
    ) r
    {matching.LINK_OF_ROW}
    offset 0
) facts
returning batch_number, facts, blocking, repair, problems
), problem as (
    select p, blocking from written, jsonb_array_elements(problems) p where problems is not null
), counted as (
    select 'facts' as subject, (select to_jsonb(told) from (select blocking, {matching.FACTS}) told) as key, rows
    from (select facts, blocking, count(*) as rows from written group by 1, 2) alike
    union all
    select 'problem', p -> 'code', count(*) from problem group by p -> 'code'
    union all
    select 'repair', to_jsonb(repair), count(*) from written where repair is not null group by repair
    union all
    select 'phone_pattern', p -> 'pattern', count(*) from problem
    where blocking = 'phone_ambiguous' and p ? 'pattern' group by p -> 'pattern'
), noted as (
    insert into import_difference (organization_id, import_id, subject, key, rows)
    select current_organization(), cast(:import_id as uuid), subject, key, rows from counted
)
insert into import_batch (organization_id, import_id, batch_number, rows)
select current_organization(), cast(:import_id as uuid), batch_number, count(*) from written group by batch_number
"""

# The row that stands for a group is compared with the values that the group folds into.
GROUP_FACTS = f"""
update import_row t set stored_version = f.version, fills = f.fills, changes = f.changes
from (select r.row_number, s.version, {matching.FILLS} as fills, {matching.CHANGES} as changes
      from ({matching.fold("r.group_number is not null and r.is_linked")}) r
      join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = r.lead_id) f
where t.import_id = :import_id and t.row_number = f.row_number
  and (t.stored_version, t.fills, t.changes) is distinct from (f.version, f.fills, f.changes)
"""
OTHER_PEOPLE = """
update import_group g set other_people = counted.rows
from (select group_number, count(*) as rows from import_row
      where import_id = :import_id and group_number is not null and is_other_person group by 1) counted
where g.import_id = :import_id and g.group_number = counted.group_number
"""
MATCHED = "select coalesce(sum(rows), 0) from import_batch where import_id = :import_id"
IS_MATCHED = "select exists (select 1 from import_batch where import_id = :import_id and batch_number = :first_batch)"


@dataclass(frozen=True)
class KeyRange:
    """The rows with `low` <= key < `high`, null where there is no such bound; those without a key are in the first.

    Groups and batches are numbered from `first_group` + 1 and `first_batch` on.
    """

    low: str | None = None
    high: str | None = None
    first_group: int = 0
    first_batch: int = 0

    def as_arguments(self) -> dict[str, Any]:
        """For a job, whose arguments are JSON."""
        return asdict(self)

    @property
    def condition(self) -> str:
        """Of the columns of the intake table."""
        bounds = [f"match_key {sign} :{name}" for sign, name in ((">=", "low"), ("<", "high")) if getattr(self, name)]
        return " and ".join(bounds) or "true"


def split(tx: Connection, import_id: UUID, rows: int, rows_per_batch: int) -> list[KeyRange]:
    """Ranges of about as many rows each; one where there are not many."""
    count = rows // (BATCHES_PER_RANGE * rows_per_batch)
    if count < 2:
        return [KeyRange()]
    values = {"shares": [place / count for place in range(1, count)], "percent": 100 * min(1, SAMPLED_ROWS / rows)}
    bounds = sorted(set(tx.execute(_named(BOUNDS, import_id), values).scalar_one() or ()))
    sizes = {row.number: row.rows for row in tx.execute(_named(SIZES, import_id), {"bounds": bounds})}
    ranges, first_group, first_batch = [], 0, 0
    for number, (low, high) in enumerate(pairwise([None, *bounds, None])):
        size = sizes.get(number, 0)
        if size:
            ranges.append(KeyRange(low, high, first_group, first_batch))
        first_group += size
        first_batch += -(-size // rows_per_batch)
    return ranges


def find_facts(tx: Connection, import_id: UUID, channel: str, rows_per_batch: int, key_range: KeyRange) -> None:
    """Groups, matches, facts, batches and counts of the copied rows in a range; nothing where that was done before."""
    values = {
        "import_id": import_id,
        "channel": channel,
        "rows_per_batch": rows_per_batch,
        **key_range.as_arguments(),
    }
    if tx.execute(text(IS_MATCHED), values).scalar_one():
        return
    with platform_role(tx), matching_by_key(tx):
        tx.execute(text(RANGE_GROUP))
        tx.execute(_named(GROUPS, import_id, key_range), values)
        tx.execute(text(KEEP_GROUPS), values)
        tx.execute(_named(ROWS, import_id, key_range), values)


def count_matched(tx: Connection, import_id: UUID) -> int:
    """Rows of which the facts are found."""
    return tx.execute(text(MATCHED), {"import_id": import_id}).scalar_one()


def compare_groups(tx: Connection, import_id: UUID) -> None:
    """What the rows of each group come to together, once they are a partition."""
    tx.execute(text(GROUP_FACTS), {"import_id": import_id})
    with joining_by_hash(tx):
        tx.execute(text(OTHER_PEOPLE), {"import_id": import_id})


def _named(script: str, import_id: UUID, key_range: KeyRange | None = None) -> TextClause:
    named = script.replace("intake_table", intake_table(import_id)).replace("part_table", part_table(import_id))
    return text(named.replace("in_range", key_range.condition) if key_range else named)
