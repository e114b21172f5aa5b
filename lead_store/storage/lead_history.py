"""Which import set which value of a lead, as the organization sees it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

HISTORY = """
select i.id as import_id, i.file_name, i.created_by as who, s.created_at as happened_at, 'created' as what,
    null as before, null as after, false as is_undone
from lead_organization s join import i on i.id = s.import_id
where s.organization_id = current_organization() and s.lead_id = :lead_id
union all
select i.id, i.file_name, i.created_by, c.changed_at, 'changed', c.before, c.after,
    coalesce(b.status = 'undone', false)
from import_change c join import i on i.id = c.import_id
left join import_batch b on b.import_id = c.import_id and b.batch_number = c.batch_number
where c.organization_id = current_organization() and c.lead_id = :lead_id and c.target = 'lead_organization'
order by happened_at desc
"""
FIELDS = ("name", "email", "phone", "external_id", "tags", "attributes", "opted_out_at")


def get_lead_history(tx: Connection, lead_id: UUID) -> list[dict[str, Any]]:
    """Imports that made or changed the lead, latest first; `changes` has (field, old, new) per field."""
    rows = tx.execute(text(HISTORY), {"lead_id": lead_id}).mappings()
    return [{**row, "changes": _changes(row["before"] or {}, row["after"] or {})} for row in rows]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(field, before.get(field), after.get(field)) for field in FIELDS if before.get(field) != after.get(field)]
