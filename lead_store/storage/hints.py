"""Soft duplicates: new people who are probably leads whom the organization knows under another identifier.

Hints only: nobody is merged unless a person links them. Found by blocking keys, never by comparing all pairs.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from lead_store.storage import matching
from lead_store.storage.import_queries import Import

# New people of the file, and leads of the organization whom the file does not name under their own identifier. New is
# who is new to the organization: that a number belongs to somebody elsewhere must not take its hint away.
_PEOPLE = """
newcomer as materialized (
    select row_number, lower(name) as name, name as full_name, lower(email) as email, external_id, phone
    from import_row r where import_id = :import_id and not is_linked and blocking is null
      and decision is null and not is_folded),
known as materialized (
    select s.lead_id, lower(s.name) as name, s.name as full_name, lower(s.email) as email, s.external_id, s.phone
    from lead_organization s where s.organization_id = current_organization()
      and not exists (select 1 from import_row k where k.import_id = :import_id and k.is_linked
          and k.lead_id = s.lead_id))
"""

# A number that is one digit off has one half unharmed: each half together with the name is a blocking key.
_HALVES = """
select n.row_number, k.lead_id, 'one_digit' from newcomer n join known k
  on k.name = n.name and {half}(k.phone, 8) = {half}(n.phone, 8) and length(k.phone) = length(n.phone)
where k.phone <> n.phone and digits_that_differ(k.phone, n.phone) = 1
"""
FIND = f"""
with {_PEOPLE}, found (row_number, lead_id, reason) as (
    select n.row_number, k.lead_id, 'same_external_id' from newcomer n join known k using (external_id)
    where not names_differ(n.full_name, k.full_name)
    union all
    select n.row_number, k.lead_id, 'same_email' from newcomer n join known k using (email)
    where n.name is not null and not names_differ(n.full_name, k.full_name) and not exists (
        select 1 from import_address a where a.import_id = :import_id and a.address = n.email)
    union all {_HALVES.format(half="left")}
    union all {_HALVES.format(half="right")}
)
insert into import_hint (organization_id, import_id, row_number, lead_id, reason)
select distinct on (row_number) current_organization(), cast(:import_id as uuid), row_number, lead_id, reason
from found order by row_number, array_position(array['same_external_id', 'same_email', 'one_digit'], reason), lead_id
"""

# Two rows cannot both be linked to one lead, so the first one that was chosen has it.
LINK = """
update import_row t set lead_id = h.lead_id, is_known = true, is_linked = true
from (
    select distinct on (h.lead_id) h.row_number, h.lead_id from import_hint h
    where h.import_id = :import_id and h.decision = 'link'
      and exists (select 1 from lead_organization s
          where s.organization_id = current_organization() and s.lead_id = h.lead_id)
    order by h.lead_id, h.row_number) h
join import_row o on o.import_id = :import_id and o.row_number = h.row_number
where t.import_id = :import_id and not t.is_linked and not o.is_linked and o.blocking is null
  and (t.row_number = h.row_number or t.group_number = o.group_number) and t.blocking is null
"""
PAGE = f"""
select h.row_number, h.reason, h.decision, h.lead_id, r.identifier, r.name, r.email, r.phone, r.external_id, r.tags,
    r.attributes, to_jsonb(s) as stored, {matching.CHANGES} as changes
from import_hint h
join import_row r on r.import_id = h.import_id and r.row_number = h.row_number
join lead_organization s on s.organization_id = current_organization() and s.lead_id = h.lead_id
where h.import_id = :import_id and h.row_number > :after order by h.row_number limit :limit
"""


def find_hints(tx: Connection, run: Import) -> int:
    """Find the hints of an import anew; how many there are."""
    forget_hints(tx, run)
    return tx.execute(text(FIND), {"import_id": run.id}).rowcount


def forget_hints(tx: Connection, run: Import) -> None:
    """Drop the hints of rows that are staged anew."""
    tx.execute(text("delete from import_hint where import_id = :import_id"), {"import_id": run.id})


def decide(tx: Connection, run: Import, row_numbers: Sequence[int] | None, choice: str) -> list[int]:
    """Keep what was decided about hints, all or those of some rows; the rows."""
    statement = """update import_hint set decision = :choice where import_id = :import_id
        and (cast(:rows as integer[]) is null or row_number = any(cast(:rows as integer[]))) returning row_number"""
    rows = None if row_numbers is None else list(row_numbers)
    return list(tx.execute(text(statement), {"import_id": run.id, "rows": rows, "choice": choice}).scalars())


def link_chosen(tx: Connection, run: Import) -> None:
    """Let the rows that were linked stand for the leads they were linked to."""
    tx.execute(text(LINK), {"import_id": run.id})


def search_hints(tx: Connection, run: Import, *, after: int = 0, limit: int = 20) -> list[dict[str, Any]]:
    """New people with the lead that each probably is, in the file's order."""
    values = {"import_id": run.id, "after": after, "limit": limit}
    return [dict(row) for row in tx.execute(text(PAGE), values).mappings()]
