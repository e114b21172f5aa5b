"""Addresses that several people of a file have in common: found once, then decided by rule or one by one.

Such an address is profile data, never a key: each of the people may have it (`keep_apart`), one of them
(`one_owner`), none (`drop`), or the rows are left out (`reject`). Whose an identifier is, `deciding` knows.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import deciding
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import joining_by_hash

# As many people with one address are no family: whatever its shape, it is a placeholder or a company's.
PLACEHOLDER_NAMES = 10
MANY_ROWS = 1_000

# Addresses are counted by a short hash first, which fits into memory for millions. Collation "C": an address has
# ASCII letters where case may differ. A placeholder of a known shape is one even where it stands alone.
FIND = f"""
with suspects as (
    select hashtext(profile_key) as place from import_row r
    where import_id = :import_id and r.profile_field is not null and blocking is null and not is_folded
    group by 1 having count(*) > 1)
insert into import_address (organization_id, import_id, field, address, rows, names, some_names, some_rows,
    is_placeholder)
select current_organization(), :import_id, 'profile_field', address, rows, names, coalesce(some_names, '{{}}'),
    some_rows, is_placeholder(address) or names >= {PLACEHOLDER_NAMES}
from (
    select profile_key as address, count(*) as rows, count(distinct lower(name)) as names,
        (array_agg(distinct name) filter (where name is not null))[1:5] as some_names,
        (array_agg(row_number order by row_number))[1:5] as some_rows
    from import_row r
    where import_id = :import_id and r.profile_field is not null and blocking is null and not is_folded
      and hashtext(profile_key) in (table suspects)
    group by 1 having count(*) > 1) shared
"""

RESTORE = """
update import_row r set profile_field = coalesce(r.dropped ->> 'profile_field', r.profile_field), dropped = null,
    decision = case when r.reason = 'shared_address' then null else r.decision end,
    reason = nullif(r.reason, 'shared_address')
where r.import_id = :import_id and (r.dropped is not null or r.reason = 'shared_address')
returning r.row_number
"""
DECIDE = """
with decided as (
    select a.address, coalesce((select d.choice from import_decision d where d.import_id = :import_id
            and d.subject = a.field and d.key = a.address),
        case when a.is_placeholder then :placeholder_rule end, :shared_rule) as decision
    from import_address a where a.import_id = :import_id)
update import_address a set decision = d.decision from decided d
where a.import_id = :import_id and a.address = d.address and a.decision is distinct from d.decision
"""
IS_DECIDED = """
select exists (select 1 from import_address where import_id = :import_id and decision <> 'keep_apart')
"""
# The person of the first row, or of the row that was chosen, is the one owner; rows that fold together are one
# person. That a person is rejected takes all rows of that person along.
APPLY = """
with shared as (
    select r.row_number, coalesce(r.group_number, -r.row_number) as person, a.decision, a.address, d.row_number as owner
    from import_address a
    join import_row r on r.import_id = a.import_id and profile_key = a.address
    left join import_decision d on d.import_id = a.import_id and d.subject = a.field and d.key = a.address
    where a.import_id = :import_id and a.field = 'profile_field' and a.decision <> 'keep_apart'
      and r.blocking is null and r.decision is null
), owned as (
    select s.*, first_value(s.person) over (partition by s.address
        order by s.row_number is distinct from s.owner, s.row_number) as owning_person
    from shared s
), decided as (
    select row_number, person, decision from owned
    where decision in ('drop', 'reject') or (decision = 'one_owner' and person <> owning_person)
)
update import_row r set
    profile_field = case when d.decision = 'reject' then r.profile_field end,
    dropped = case when d.decision <> 'reject' then jsonb_build_object('profile_field', r.profile_field) end,
    decision = case when d.decision = 'reject' then 'reject' end,
    reason = case when d.decision = 'reject' then 'shared_address' end
from decided d where r.import_id = :import_id and r.row_number = d.row_number
returning r.row_number
"""
REJECT_WHOLE_PEOPLE = """
update import_row r set decision = 'reject', reason = 'shared_address'
where r.import_id = :import_id and r.decision is null and r.blocking is null and r.group_number in (
    select o.group_number from import_row o where o.import_id = :import_id and o.reason = 'shared_address'
      and o.group_number is not null)
"""
TOUCHED = """
(r.group_number is null and r.row_number = any(cast(:rows as integer[]))
 or r.group_number in (select o.group_number from import_row o where o.import_id = :import_id
    and o.group_number is not null and o.row_number = any(cast(:rows as integer[]))))
"""


def get_field(run: Import) -> str:
    """The profile field whose addresses may be shared: the one that is not the channel's identifier."""
    return "phone" if run.channel == "email" else "email"


def find_addresses(tx: Connection, run: Import) -> None:
    """Find the shared addresses of an import anew."""
    tx.execute(text("delete from import_address where import_id = :import_id"), {"import_id": run.id})
    tx.execute(_of_field(FIND, run), {"import_id": run.id})


def apply_to_addresses(tx: Connection, run: Import) -> int:
    """Make facts of what is decided about shared addresses; how many rows are touched by that."""
    values: dict[str, Any] = {
        "import_id": run.id,
        "shared_rule": run.rules.get("shared_address", "keep_apart"),
        "placeholder_rule": run.rules.get("placeholder"),
    }
    touched = _execute_if_decided(tx, run, RESTORE, values)
    with joining_by_hash(tx):
        tx.execute(text(DECIDE), values)
    touched |= _execute_if_decided(tx, run, APPLY, values)
    if touched:
        with joining_by_hash(tx, holds=len(touched) > MANY_ROWS):
            tx.execute(text(REJECT_WHOLE_PEOPLE), values)
            deciding.refresh_standing_facts(tx, run, TOUCHED, {"rows": sorted(touched)})
    return len(touched)


def _execute_if_decided(tx: Connection, run: Import, statement: str, values: dict[str, Any]) -> set[int]:
    """Row numbers that the statement touched; it reads all rows, so it is left out where nothing is decided."""
    if not tx.execute(text(IS_DECIDED), values).scalar_one():
        return set()
    with joining_by_hash(tx):
        return set(tx.execute(_of_field(statement, run), values).scalars())


def search_addresses(
    tx: Connection, run: Import, *, only_placeholders: bool = False, offset: int = 0, limit: int = 20
) -> list[dict[str, Any]]:
    """Shared addresses, the most shared first: rows, names, some of both, and what is decided."""
    statement = f"""
        select address, rows, names, some_names, some_rows, is_placeholder, coalesce(decision, 'keep_apart') as decision
        from import_address where import_id = :import_id and field = :field {"and is_placeholder" * only_placeholders}
        order by rows desc, address limit :limit offset :offset"""
    values = {"import_id": run.id, "field": get_field(run), "limit": limit, "offset": offset}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def count_addresses(tx: Connection, import_id: UUID) -> dict[str, int]:
    """Shared addresses, their rows, and how many of them look like placeholders."""
    statement = """
        select count(*) as groups, coalesce(sum(rows), 0)::int as rows,
            count(*) filter (where is_placeholder) as placeholders
        from import_address where import_id = :import_id"""
    return dict(tx.execute(text(statement), {"import_id": import_id}).mappings().one())


def _of_field(statement: str, run: Import) -> Any:
    field = get_field(run)
    key = 'lower(r.email collate "C")' if field == "email" else 'r.phone collate "C"'
    return text(statement.replace("profile_key", key).replace("profile_field", field))
