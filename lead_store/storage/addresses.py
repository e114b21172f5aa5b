"""Addresses that several people of a file have in common: found once, then decided by rule or one by one.

Such an address is profile data, never a key: each of the people may have it (`keep_apart`), one of them
(`one_owner`), none (`drop`), or the rows are left out (`reject`). Whose an identifier is, `deciding` knows.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from lead_store.storage import deciding
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import joining_by_hash, reading_by_index

# As many people with one address are no family: whatever its shape, it is a placeholder or a company's.
PLACEHOLDER_NAMES = 10
MANY_ROWS = 1_000
MANY_ADDRESSES = 1_000

# Rows up to which what is decided about some of them is worked out for these alone.
SOME_ROWS = 5_000


def _find(which: str, more_than: int) -> str:
    """Insert the addresses of some rows that as many stand in. Rows that are left out do not make an address a shared
    one, but a decision may bring them in."""
    return f"""
insert into import_address (organization_id, import_id, field, address, rows, names, some_names, row_numbers,
    is_placeholder)
select current_organization(), :import_id, 'profile_field', address, rows, names, coalesce(some_names, '{{}}'),
    row_numbers, is_placeholder(address) or names >= {PLACEHOLDER_NAMES}
from (
    select profile_key as address, count(*) filter (where is_counted) as rows,
        count(distinct lower(name)) filter (where is_counted) as names,
        (array_agg(distinct name) filter (where name is not null and is_counted))[1:5] as some_names,
        array_agg(row_number order by row_number) as row_numbers
    from (select r.*, blocking is null and not is_folded as is_counted from import_row r
        where import_id = :import_id and r.profile_field is not null) r
    where {which}
    group by 1 having count(*) filter (where is_counted) > {more_than}) found
on conflict do nothing
"""


# Addresses are counted by a short hash first, which fits into memory for millions; in a statement of its own, on which
# several cores can work. Collation "C": an address has ASCII letters where case may differ.
FIND_SUSPECTS = """
create temporary table suspect_address as
select hashtext(profile_key) as place from import_row r
where import_id = :import_id and r.profile_field is not null and blocking is null and not is_folded
group by 1 having count(*) > 1
"""
FIND_SHARED = _find("hashtext(profile_key) in (table suspect_address)", more_than=1)
# A placeholder of a known shape is one even where it stands alone.
FIND_PLACEHOLDERS = _find("is_placeholder(profile_key)", more_than=0)
COUNT_PLACEHOLDERS = "select count(*) from import_address where import_id = :import_id and is_placeholder and rows = 1"

# What the decision about a row may change: the other rows of its person, and where an address is to have one owner,
# the others who have it. Recursion ends early: behind it stands a limit. Under row-level security only a plain column
# is looked up in an index: here and below, the address of a row stands in a query of its own, which `offset 0` ends.
SCOPE = """
with recursive scope (row_number) as (
    select unnest(cast(:rows as integer[]))
    union
    select near.row_number from scope
    join import_row r on r.import_id = :import_id and r.row_number = scope.row_number
    cross join lateral (
        select o.row_number from import_row o where o.import_id = :import_id and o.group_number = r.group_number
        union all
        select unnest(a.row_numbers) from (select original_key as address offset 0) own join import_address a
          on a.import_id = :import_id and a.field = 'profile_field' and a.address = own.address
        where a.decision = 'one_owner') near)
select row_number from scope limit :limit
"""
KEEP_ROWS = """
update import_address a set row_numbers = a.row_numbers || new.row_numbers, rows = a.rows + cardinality(new.row_numbers)
from (
    select k.address, array_agg(r.row_number order by r.row_number) as row_numbers
    from (select row_number, profile_key as address from import_row r
          where import_id = :import_id and row_number = any(cast(:rows as integer[])) offset 0) r
    join import_address k on k.import_id = :import_id and k.field = 'profile_field' and k.address = r.address
    where r.row_number <> all(k.row_numbers)
    group by 1) new
where a.import_id = :import_id and a.field = 'profile_field' and a.address = new.address
"""
_WITHIN = "(cast(:rows as integer[]) is null or {row}.row_number = any(cast(:rows as integer[])))"

RESTORE = f"""
update import_row r set profile_field = coalesce(r.dropped ->> 'profile_field', r.profile_field), dropped = null,
    decision = case when r.reason = 'shared_address' then null else r.decision end,
    reason = nullif(r.reason, 'shared_address')
where r.import_id = :import_id and (r.dropped is not null or r.reason = 'shared_address')
  and {_WITHIN.format(row="r")}
returning r.row_number
"""
DECIDE = """
with decided as (
    select a.address, coalesce((select d.choice from import_decision d where d.import_id = :import_id
            and d.subject = a.field and d.key = a.address),
        case when a.is_placeholder then :placeholder_rule end,
        case when a.rows > 1 then :shared_rule else 'keep_apart' end) as decision
    from import_address a where a.import_id = :import_id
      and (cast(:addresses as text[]) is null or a.address = any(cast(:addresses as text[]))))
update import_address a set decision = d.decision from decided d
where a.import_id = :import_id and a.address = d.address and a.decision is distinct from d.decision
"""
ROWS_OF = """
select distinct unnest(row_numbers) from import_address
where import_id = :import_id and address = any(cast(:addresses as text[]))
"""
IS_DECIDED = """
select exists (select 1 from import_address where import_id = :import_id and decision <> 'keep_apart')
"""
# The person of the first row, or of the row that was chosen, is the one owner; rows that fold together are one
# person. That a person is rejected takes all rows of that person along.
APPLY = f"""
with shared as (
    select r.row_number, coalesce(r.group_number, -r.row_number) as person, a.decision, a.address, d.row_number as owner
    from (select row_number, group_number, profile_key as address from import_row r
          where import_id = :import_id and blocking is null and decision is null and {_WITHIN.format(row="r")}
          offset 0) r
    join import_address a on a.import_id = :import_id and a.field = 'profile_field' and a.address = r.address
    left join import_decision d on d.import_id = a.import_id and d.subject = a.field and d.key = a.address
    where a.decision <> 'keep_apart'
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
REJECT_WHOLE_PEOPLE = f"""
update import_row r set decision = 'reject', reason = 'shared_address'
where r.import_id = :import_id and r.decision is null and r.blocking is null and r.group_number in (
    select o.group_number from import_row o where o.import_id = :import_id and o.reason = 'shared_address'
      and o.group_number is not null and {_WITHIN.format(row="o")})
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
    with joining_by_hash(tx):
        tx.execute(_of_field(FIND_SUSPECTS, run), {"import_id": run.id})
        found = tx.execute(_of_field(FIND_SHARED, run), {"import_id": run.id}).rowcount
    tx.execute(text("drop table suspect_address"))
    if found > MANY_ADDRESSES:
        tx.execute(text("select analyze_addresses()"))  # Else each is looked for among all of the file.
    if run.rules.get("placeholder") == "drop":
        find_placeholders(tx, run)


def find_placeholders(tx: Connection, run: Import) -> int:
    """Find the placeholders that stand alone, which takes a look at each address; how many there are."""
    tx.execute(_of_field(FIND_PLACEHOLDERS, run), {"import_id": run.id})
    return tx.execute(text(COUNT_PLACEHOLDERS), {"import_id": run.id}).scalar_one()


def apply_to_addresses(
    tx: Connection, run: Import, *, rows: Sequence[int] | None = None, addresses: Sequence[str] | None = None
) -> int:
    """Make facts of what is decided about shared addresses; how many rows are touched by that.

    Args:
        rows: where only these have changed since; all otherwise.
        addresses: where only these are decided about anew; all otherwise.
    """
    values: dict[str, Any] = {
        "import_id": run.id,
        "shared_rule": run.rules.get("shared_address", "keep_apart"),
        "placeholder_rule": run.rules.get("placeholder"),
        "addresses": addresses,
    }
    if addresses is not None:
        rows = tx.execute(text(ROWS_OF), values).scalars().all()
    was_decided = _is_decided(tx, values)
    before = None if rows is None or not was_decided else _find_scope(tx, run, rows)
    if rows is None or addresses is not None:
        with joining_by_hash(tx, holds=addresses is None):
            tx.execute(text(DECIDE), values)
    if not (was_decided or _is_decided(tx, values)):
        return 0
    after = None if rows is None else _find_scope(tx, run, rows)
    scope = None if (was_decided and before is None) or after is None else sorted({*(before or ()), *after})
    values["rows"] = scope
    with joining_by_hash(tx, holds=scope is None):
        touched = set(tx.execute(_of_field(RESTORE, run), values).scalars())
        touched |= set(tx.execute(_of_field(APPLY, run), values).scalars())
    if touched:
        with joining_by_hash(tx, holds=len(touched) > MANY_ROWS):
            tx.execute(text(REJECT_WHOLE_PEOPLE), values)
            deciding.refresh_standing_facts(tx, run, TOUCHED, {"rows": sorted(touched)})
    return len(touched)


def keep_rows(tx: Connection, run: Import, rows: Sequence[int]) -> None:
    """Count rows to the shared addresses that they have since their cells were corrected."""
    tx.execute(_of_field(KEEP_ROWS, run), {"import_id": run.id, "rows": rows})


def _is_decided(tx: Connection, values: dict[str, Any]) -> bool:
    """Whether any address is to be anything but kept: else there is nothing to be found in a million rows."""
    return tx.execute(text(IS_DECIDED), values).scalar_one()


def _find_scope(tx: Connection, run: Import, rows: Sequence[int]) -> list[int] | None:
    """The rows that have to be looked at when some changed; None where they are so many that all may be as well."""
    if len(rows) > SOME_ROWS:
        return None
    values = {"import_id": run.id, "rows": list(rows), "limit": SOME_ROWS + 1}
    with reading_by_index(tx):
        scope = tx.execute(_of_field(SCOPE, run), values).scalars().all()
    return None if len(scope) > SOME_ROWS else list(scope)


def search_addresses(
    tx: Connection, run: Import, *, only_placeholders: bool = False, offset: int = 0, limit: int = 20
) -> list[dict[str, Any]]:
    """Shared addresses, the most shared first: rows, names, some of both, and what is decided.

    Among placeholders are those that stand alone, once they are found.
    """
    statement = f"""
        select address, rows, names, some_names, row_numbers[1:5] as some_rows, is_placeholder,
            coalesce(decision, 'keep_apart') as decision
        from import_address where import_id = :import_id and field = :field
            and {"is_placeholder" if only_placeholders else "rows > 1"}
        order by rows desc, address limit :limit offset :offset"""
    values = {"import_id": run.id, "field": get_field(run), "limit": limit, "offset": offset}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def _of_field(statement: str, run: Import) -> Any:
    field = get_field(run)
    named = statement.replace("original_key", _key("coalesce(r.dropped ->> 'profile_field', r.profile_field)"))
    return text(named.replace("profile_key", _key("r.profile_field")).replace("profile_field", field))


def _key(value: str) -> str:
    """What addresses are compared by."""
    return f'lower(({value}) collate "C")'
