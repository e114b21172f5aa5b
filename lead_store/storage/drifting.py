"""Rows that came out differently from the review, since their lead changed in between; shown with both values."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from lead_store.storage import matching
from lead_store.storage.import_queries import Import

DRIFTED = "r.reason = 'drift'"
PAGE = f"""
select d.row_number, d.outcome, d.identifier, r.name, r.email, r.phone, r.external_id, r.tags, r.attributes,
    r.opted_out, d.lead_id, to_jsonb(s) as stored,
    {matching.FILLS} | {matching.CHANGES} as differences
from (select r.* from import_row r where r.import_id = :import_id and {DRIFTED} and r.row_number > :after
      order by r.row_number limit :limit) d
join import_row r on r.import_id = :import_id and r.row_number = d.row_number
left join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = d.lead_id
order by d.row_number
"""


def search_drift(tx: Connection, run: Import, *, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """A page of drifted rows: what the file says, what is stored now, and the bits of the fields that differ."""
    values = {"import_id": run.id, "after": after, "limit": limit}
    return [dict(row) for row in tx.execute(text(PAGE), values).mappings()]


def get_drifted(tx: Connection, run: Import) -> list[int]:
    """The numbers of all drifted rows about which nothing was decided."""
    statement = f"select r.row_number from import_row r where r.import_id = :import_id and {DRIFTED}"
    return list(tx.execute(text(statement), {"import_id": run.id}).scalars())


def leave(tx: Connection, run: Import, row_numbers: Sequence[int]) -> int:
    """Settle drifted rows as they are; how many."""
    statement = f"""update import_row r set reason = 'left' where r.import_id = :import_id and {DRIFTED}
        and r.row_number = any(cast(:rows as integer[]))"""
    return tx.execute(text(statement), {"import_id": run.id, "rows": list(row_numbers)}).rowcount
