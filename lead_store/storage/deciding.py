"""What follows from decisions, as facts of the rows they touch: groups of one identifier, and identity conflicts.

    store_decision or a rule > apply_to_groups, apply_to_conflicts

The decisions themselves are kept in `import_decision` and in the import's rules; facts can be made from them
again at any time. Shared profile addresses are decided in `addresses`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import matching
from lead_store.storage.database import platform_role
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import joining_by_hash, reading_by_index

# The rules of an import that say what becomes of rows, beside those of single fields.
DECIDING_RULES = frozenset({"duplicates", "shared_identifier", "shared_address", "placeholder"})

MANY_GROUPS = 500
# Up to so many, each is looked up in the summary of the keys; reading all rows costs less for more of them.
FEW_KEYS = 200

STORE = """
insert into import_decision (organization_id, import_id, subject, key, choice, row_number, lead_id, decided_by)
select current_organization(), :import_id, :subject, key, :choice, :row_number, :lead_id, :who
from unnest(cast(:keys as text[])) key
on conflict (import_id, subject, key) do update set choice = excluded.choice, row_number = excluded.row_number,
    lead_id = excluded.lead_id, decided_by = excluded.decided_by, decided_at = excluded.decided_at
"""

# A group's own decision goes before the rule for its kind. How its rows fold and whose the identifier is are two
# questions: `choice` answers the first where it names a way to fold, else the second.
GROUP_DECISIONS = """
update import_group g set decision = nullif(c.folding, 'merge_later'),
    is_one_person = c.is_one_person, owner_row = c.owner_row
from (
    select g.group_number,
        case when d.choice in ('merge_later', 'merge_first', 'merge_fill', 'keep_first', 'keep_last', 'reject_all')
                then d.choice
            when g.other_people > 0 and d.choice is null and :shared_rule = 'reject_all' then 'reject_all'
            else :duplicates_rule end as folding,
        case when g.other_people = 0 then false
            when d.choice is null then :shared_rule = 'one_person' else d.choice = 'one_person' end as is_one_person,
        case when d.choice = 'owner' and exists (select 1 from import_row o where o.import_id = g.import_id
            and o.row_number = d.row_number and o.group_number = g.group_number) then d.row_number end as owner_row
    from import_group g left join import_decision d
      on d.import_id = g.import_id and d.subject = 'group' and d.key = g.match_key
    where g.import_id = :import_id and (cast(:keys as text[]) is null or g.match_key = any(cast(:keys as text[])))
) c
where g.import_id = :import_id and g.group_number = c.group_number
  and (g.decision, g.is_one_person, g.owner_row)
      is distinct from (nullif(c.folding, 'merge_later'), c.is_one_person, c.owner_row)
returning g.group_number
"""

_CONFLICT = """'[{"code": "identity_conflict"}]'"""
_SHARED = """'[{"code": "shared_identifier"}]'"""

# One statement for rows of groups and for single rows in conflict: a single row is a group of one.
ROW_FACTS = f"""
update import_row t set blocking = f.blocking, decision = f.decision, is_folded = f.is_folded,
    lead_id = f.lead_id, is_known = f.is_known, is_linked = f.is_linked,
    problems = f.problems
from (
    select p.*,
        case when p.is_conflict and coalesce(p.conflict_choice, 'reject') = 'reject' then 'identity_conflict'
            when p.is_other then 'shared_identifier' end as blocking,
        case when p.folding = 'reject_all' then 'reject'
            when p.conflict_choice = 'keep_two' then 'skip'
            when p.folding in ('keep_first', 'keep_last') and not p.is_other and p.row_number <> p.standing_row
                then 'skip' end as decision,
        coalesce(p.folding, '') not in ('keep_first', 'keep_last') and not p.is_other
            and p.row_number <> p.standing_row as is_folded,
        case when p.conflict_choice = 'attach' then p.conflict_lead else p.old_lead end as lead_id,
        p.old_known or p.conflict_choice is not distinct from 'attach' as is_known,
        p.old_linked or p.conflict_choice is not distinct from 'attach' as is_linked,
        nullif(case when p.is_other = (p.old_problems @> {_SHARED}) then p.old_problems
            when p.is_other then p.old_problems || jsonb_build_array(jsonb_build_object(
                'code', 'shared_identifier', 'column', null, 'value', p.identifier))
            else (select coalesce(jsonb_agg(problem), '[]') from jsonb_array_elements(p.old_problems) problem
                where problem ->> 'code' <> 'shared_identifier') end, '[]') as problems
    from (
        select m.*, case when m.folding = 'keep_last'
                then max(m.row_number) filter (where not m.is_other) over same_key
            when m.owner_row is not null then m.owner_row
            else min(m.row_number) filter (where not m.is_other) over same_key end as standing_row
        from (
            select r.row_number, r.identifier, r.group_number, g.decision as folding, g.owner_row,
                r.lead_id as old_lead, r.is_known as old_known, r.is_linked as old_linked,
                coalesce(r.problems, '[]') as old_problems, coalesce(r.problems, '[]') @> {_CONFLICT} as is_conflict,
                c.choice as conflict_choice, c.lead_id as conflict_lead,
                coalesce(r.group_number, -r.row_number) as person,
                case when g.group_number is null or g.is_one_person then false
                    when g.owner_row is null then r.is_other_person
                    else coalesce(lower(r.name) <> lower(o.name) and names_differ(r.name, o.name), false)
                    end as is_other
            from import_row r
            left join import_group g on g.import_id = :import_id and g.group_number = r.group_number
            left join import_decision c on c.import_id = :import_id and c.subject = 'conflict'
                and c.key = least(r.identifier, r.variant)
            left join import_row o on o.import_id = :import_id and o.row_number = g.owner_row
            where r.import_id = :import_id and (touched)
        ) m
        window same_key as (partition by m.person)
    ) p
) f
where t.import_id = :import_id and t.row_number = f.row_number
returning t.row_number
"""

# The row that stands for a person, with the values that fold into it, against what is stored.
STANDING_FACTS = f"""
update import_row t set stored_version = f.version, fills = f.fills, changes = f.changes
from (select r.row_number, s.version, {matching.CHANGES} as changes,
        {matching.FILLS} | case when h.lead_id is null then 0 else {matching.IDENTITY_BIT} end as fills
      from ({matching.fold("r.is_linked and (touched)")}) r
      left join import_hint h on h.import_id = :import_id and h.row_number = r.row_number
        and h.decision = 'link' and h.lead_id = r.lead_id
      join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = r.lead_id) f
where t.import_id = :import_id and t.row_number = f.row_number
  and (t.stored_version, t.fills, t.changes) is distinct from (f.version, f.fills, f.changes)
"""
OF_GROUPS = "r.group_number = any(cast(:groups as integer[]))"
OF_KEYS = "least(r.identifier, r.variant) = any(cast(:keys as text[]))"


def store_decision(
    tx: Connection,
    import_id: UUID,
    subject: str,
    keys: Sequence[str],
    choice: str,
    who: str,
    *,
    row_number: int | None = None,
    lead_id: UUID | None = None,
) -> None:
    """Remember what was decided about each of `keys`; a later decision replaces an earlier one."""
    values = {
        "import_id": import_id,
        "subject": subject,
        "keys": list(keys),
        "choice": choice,
        "who": who,
        "row_number": row_number,
        "lead_id": lead_id,
    }
    tx.execute(text(STORE), values)


def apply_to_groups(tx: Connection, run: Import, keys: Sequence[str] | None = None) -> list[int]:
    """Make facts of what is decided about groups, those with the given identifiers or all; the rows touched by that."""
    values = {
        "import_id": run.id,
        "keys": None if keys is None else list(keys),
        "duplicates_rule": run.rules.get("duplicates", "merge_later"),
        "shared_rule": run.rules.get("shared_identifier", "first_owner"),
    }
    with joining_by_hash(tx, holds=keys is None or len(keys) > MANY_GROUPS):
        groups = [row.group_number for row in tx.execute(text(GROUP_DECISIONS), values)]
    if not groups:
        return []
    with joining_by_hash(tx, holds=len(groups) > MANY_GROUPS):
        return refresh_facts(tx, run, OF_GROUPS, {"groups": groups})


def apply_to_conflicts(tx: Connection, run: Import, keys: Sequence[str]) -> list[int]:
    """Make facts of what is decided about rows whose identifiers, `keys`, belong to two leads; those rows."""
    with reading_by_index(tx, holds=len(keys) <= FEW_KEYS):
        return refresh_facts(tx, run, OF_KEYS, {"keys": list(keys)})


def refresh_facts(tx: Connection, run: Import, touched: str, values: Mapping[str, Any]) -> list[int]:
    """Find the facts of some rows again, as their decisions stand now; the numbers of these rows.

    Args:
        touched: a condition on `r`, an import_row; the rows of a group meet it together.
    """
    bound = {"import_id": run.id, **values}
    rows = list(tx.execute(text(ROW_FACTS.replace("touched", touched)), bound).scalars())
    refresh_standing_facts(tx, run, touched, values)
    return rows


def refresh_standing_facts(tx: Connection, run: Import, touched: str, values: Mapping[str, Any]) -> None:
    """Compare the people of some rows with what is stored again; for when values of theirs changed."""
    tx.execute(text(STANDING_FACTS.replace("touched", touched)), {"import_id": run.id, **values})


CONFLICTS = """
select r.row_number, least(r.identifier, r.variant) as key, r.identifier, r.variant, r.name, r.email, r.external_id,
    r.tags, r.attributes, d.choice, d.lead_id as chosen_lead,
    a.lead_id as first_lead, b.lead_id as second_lead, to_jsonb(la) as first_stored, to_jsonb(lb) as second_stored
from import_row r
join channel_identity a on a.channel = :channel and a.channel_identifier = r.identifier
join channel_identity b on b.channel = :channel and b.channel_identifier = r.variant
join lead_organization la on la.organization_id = (select current_organization()) and la.lead_id = a.lead_id
join lead_organization lb on lb.organization_id = (select current_organization()) and lb.lead_id = b.lead_id
left join import_decision d on d.import_id = r.import_id and d.subject = 'conflict'
  and d.key = least(r.identifier, r.variant)
where r.import_id = :import_id and r.row_number > :after and a.lead_id <> b.lead_id
  and r.problems @> '[{"code": "identity_conflict"}]' and (r.blocking = 'identity_conflict' or d.choice is not null)
order by r.row_number limit :limit
"""


def search_conflicts(tx: Connection, run: Import, *, after: int = 0, limit: int = 20) -> list[dict[str, Any]]:
    """Rows whose identifiers belong to two leads, with both leads as the organization knows them."""
    values = {"import_id": run.id, "channel": run.channel, "after": after, "limit": limit}
    # Row-level security would look up each link of each identity instead.
    with platform_role(tx), reading_by_index(tx):
        return [dict(row) for row in tx.execute(text(CONFLICTS), values).mappings()]


def count_undecided(tx: Connection, import_id: UUID) -> int:
    """Groups of several people about whom nothing was decided."""
    statement = """
        select count(*) from import_group g where g.import_id = :import_id and g.other_people > 0
          and not exists (select 1 from import_decision d where d.import_id = g.import_id
              and d.subject = 'group' and d.key = g.match_key)"""
    return tx.execute(text(statement), {"import_id": import_id}).scalar_one()


def index_batches(tx: Connection, import_id: UUID) -> None:
    """Let batches find their rows by an index, where rows do not lie in the order of their batches any more."""
    tx.execute(text("select index_batches(:import_id)"), {"import_id": import_id})


def has_decisions(tx: Connection, import_id: UUID) -> bool:
    """Whether anything was decided by itself."""
    statement = """select exists (select 1 from import_decision where import_id = :import_id)
        or exists (select 1 from import_hint where import_id = :import_id and decision is not null)"""
    return tx.execute(text(statement), {"import_id": import_id}).scalar_one()


def get_keys(tx: Connection, import_id: UUID, subject: str) -> list[str]:
    """What was decided about, by its keys."""
    statement = "select key from import_decision where import_id = :import_id and subject = :subject"
    return list(tx.execute(text(statement), {"import_id": import_id, "subject": subject}).scalars())


def get_leads_of_key(tx: Connection, run: Import, key: str) -> set[UUID]:
    """The organization's leads to whom the identifiers of the rows with this key belong."""
    statement = """
        select distinct s.lead_id from import_row r
        join channel_identity c on c.channel = :channel and c.channel_identifier in (r.identifier, r.variant)
        join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = c.lead_id
        where r.import_id = :import_id and least(r.identifier, r.variant) = :key"""
    values = {"import_id": run.id, "channel": run.channel, "key": key}
    with reading_by_index(tx):
        return set(tx.execute(text(statement), values).scalars())


def get_group_keys(tx: Connection, import_id: UUID, groups: Sequence[int]) -> list[str]:
    """The identifiers of some groups."""
    statement = """select match_key from import_group where import_id = :import_id
        and group_number = any(cast(:groups as integer[]))"""
    return list(tx.execute(text(statement), {"import_id": import_id, "groups": list(groups)}).scalars())
