"""Leads that an undo leaves, whole or in some fields, and why: noted in `import_kept`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import images
from lead_store.storage.images import changed
from lead_store.storage.import_queries import Import

# A lead that a later import found already there is one that the later import would otherwise have created.
HOLD_BY_LATER_IMPORTS = """
insert into import_kept (organization_id, import_id, lead_id, reason)
select distinct current_organization(), cast(:import_id as uuid), s.lead_id, 'later_import'
from import i join import_row r on r.import_id = i.id
join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = r.lead_id
where s.import_id = :import_id and i.id <> :import_id and i.started_at > :started_at
  and i.status in ('importing', 'paused', 'imported', 'cancelled', 'failed')
  and r.is_linked and r.blocking is null and r.decision is null and r.outcome is null
  and exists (select 1 from import_batch b
              where b.import_id = i.id and b.batch_number = r.batch_number and b.status = 'done')
on conflict do nothing
"""
# An opt-out that a later import states again stays, though that import found nothing to change.
HOLD_OPT_OUTS = """
insert into import_kept (organization_id, import_id, lead_id, reason, fields)
select distinct current_organization(), c.import_id, c.lead_id, 'later_import', array['opted_out']
from import_change c
join import_row r on r.lead_id = c.lead_id and r.opted_out and r.blocking is null and r.decision is null
join import i on i.id = r.import_id and i.id <> c.import_id and i.started_at > :started_at
  and i.status in ('importing', 'paused', 'imported', 'cancelled', 'failed')
join import_batch b on b.import_id = i.id and b.batch_number = r.batch_number and b.status = 'done'
where c.import_id = :import_id and c.target = 'lead_organization'
  and c.after -> 'opted_out_at' is distinct from c.before -> 'opted_out_at'
on conflict do nothing
"""
HOLD_BY_LATER_EVENTS = """
insert into import_kept (organization_id, import_id, lead_id, reason)
select distinct current_organization(), cast(:import_id as uuid), s.lead_id, 'later_event'
from event e join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = e.lead_id
where e.organization_id = current_organization() and e.received_at > :started_at and s.import_id = :import_id
on conflict do nothing
"""

# Told before anything returns: the fields that the import changed and somebody changed since.
EDITED_FIELDS = f"""
insert into import_kept (organization_id, import_id, lead_id, reason, fields)
select current_organization(), cast(:import_id as uuid), lead_id, 'edited_since', fields
from (
    select c.lead_id, array_remove(array[
        {
    ", ".join(
        f"case when {changed(field)} and s.{field} is distinct from c.after ->> '{field}' then '{field}' end"
        for field in images.SCALARS
    )
},
        case when {changed("tags")} and not s.tags @> {images.AFTER_TAGS} then 'tags' end,
        case when exists (
            select 1 from jsonb_object_keys(c.after -> 'attributes') key
            where c.after -> 'attributes' -> key is distinct from c.before -> 'attributes' -> key
              and s.attributes -> key is distinct from c.after -> 'attributes' -> key) then 'attributes' end,
        case when {changed("opted_out_at")} and not {images.IS_UNTOUCHED} then 'opted_out' end], null) as fields
    from import_change c join lead_organization s
      on s.organization_id = (select current_organization()) and s.lead_id = c.lead_id
    where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
      and s.import_id is distinct from :import_id and not {images.IS_UNTOUCHED}
) compared
where fields <> '{{}}'
on conflict (import_id, lead_id) do update set fields = excluded.fields
"""

# Links that the import made and somebody changed since; that it changed them again itself does not count.
EDITED_LINKS = """
insert into import_kept (organization_id, import_id, lead_id, reason)
select current_organization(), cast(:import_id as uuid), s.lead_id,
    case when exists (select 1 from import_change o where o.lead_id = s.lead_id and o.target = 'lead_organization'
        and o.import_id <> :import_id and o.organization_id = current_organization()
        and cast(o.after ->> 'updated_at' as timestamptz) = s.updated_at) then 'later_import'
    else 'edited_since' end
from written w join lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = w.lead_id
where w.is_created and s.import_id = :import_id and s.updated_at <> s.created_at
  and not exists (select 1 from import_change c where c.import_id = :import_id and c.lead_id = s.lead_id
      and c.target = 'lead_organization' and cast(c.after ->> 'updated_at' as timestamptz) = s.updated_at)
on conflict do nothing
"""


def keep_held_leads(tx: Connection, run: Import) -> None:
    """Note which of the leads that the import created are held by a later import or event; safe to repeat."""
    values = {"import_id": run.id, "started_at": run.started_at}
    for script in (HOLD_BY_LATER_IMPORTS, HOLD_OPT_OUTS, HOLD_BY_LATER_EVENTS):
        tx.execute(text(script), values)


def search_kept(tx: Connection, import_id: UUID, *, after: UUID | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Leads that the undo left, whole or in some fields, and why; from behind lead `after`."""
    statement = """
        select k.lead_id, k.reason, k.fields, s.name, coalesce(s.phone, s.email) as address
        from import_kept k left join lead_organization s
          on s.organization_id = (select current_organization()) and s.lead_id = k.lead_id
        where k.import_id = :import_id and (cast(:after as uuid) is null or k.lead_id > :after)
        order by k.lead_id limit :limit"""
    values = {"import_id": import_id, "after": after, "limit": limit}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]
