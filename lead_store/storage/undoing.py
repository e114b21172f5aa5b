"""Taking an import back, batch by batch: changed values return, created leads go, what others hold stays.

    close_pending_batches, keep_held_leads (once) > undo_batch (each) > finish_if_undone

A value returns where it still is what the import wrote; whatever was done to a lead since is kept, and
`import_kept` says so. What another organization holds goes without a word: that it does is nobody's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import import_queries, matching, upserting
from lead_store.storage.database import platform_role
from lead_store.storage.import_queries import Import

SCALARS = ("name", "email", "phone", "external_id")

# A lead that a later import found already there is one that the later import would otherwise have created.
HOLD_BY_LATER_IMPORTS = """
insert into import_kept (organization_id, import_id, lead_id, reason)
select distinct current_organization(), cast(:import_id as uuid), s.lead_id, 'later_import'
from import i join import_row r on r.import_id = i.id
join lead_organization s on s.organization_id = current_organization() and s.lead_id = r.lead_id
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
from event e join lead_organization s on s.organization_id = current_organization() and s.lead_id = e.lead_id
where e.organization_id = current_organization() and e.received_at > :started_at and s.import_id = :import_id
on conflict do nothing
"""

# Batches that were never done are closed. One that a worker is doing right now is waited for here, since it holds its
# row: what it writes has to be taken back as well.
CLOSE_PENDING = """
update import_batch set status = 'undone', finished_at = clock_timestamp()
where import_id = :import_id and status = 'pending'
"""

# The rows of the batch that wrote something, kept until the transaction ends.
WRITTEN = """
create temporary table if not exists written (
    identifier text collate "C" not null, variant text collate "C", lead_id uuid not null, is_known boolean not null,
    is_created boolean not null, is_removed boolean not null default false
) on commit delete rows
"""
COLLECT = f"""
insert into written (identifier, variant, lead_id, is_known, is_created)
select identifier, variant, lead_id, is_known, bucket = 'created'
from (select r.*, {matching.BUCKET} as bucket from import_row r
      where r.import_id = :import_id and r.batch_number = :batch_number) rows
where bucket in ('created', 'updated')
"""
LOCK = upserting.LOCK_KEYS.replace("keys_of_source", "select identifier, variant from written")


def _changed(field: str) -> str:
    return f"c.after -> '{field}' is distinct from c.before -> '{field}'"


def _returns(field: str) -> str:
    """The value before the import where it is still the one that the import wrote."""
    return (
        f"{field} = case when {_changed(field)} and s.{field} is not distinct from c.after ->> '{field}'"
        f" then c.before ->> '{field}' else s.{field} end"
    )


def _updated_at(image: str) -> str:
    return f"cast({image} ->> 'updated_at' as timestamptz)"


_BEFORE_TAGS, _AFTER_TAGS = (
    f"array(select jsonb_array_elements_text(c.{image} -> 'tags'))" for image in ("before", "after")
)
_IS_UNTOUCHED = f"s.updated_at = {_updated_at('c.after')}"
_UPDATED_AT = f"updated_at = case when {_IS_UNTOUCHED} then {_updated_at('c.before')} else {{touched}} end"
_IS_LATEST_OF_ANOTHER = f"""exists (select 1 from import_change o where o.organization_id = current_organization()
    and o.lead_id = c.lead_id and o.target = c.target and o.import_id <> c.import_id
    and {_updated_at("o.after")} = s.updated_at)"""

_OPT_OUT_IS_HELD = """exists (select 1 from import_kept k
    where k.import_id = c.import_id and k.lead_id = c.lead_id and 'opted_out' = any(k.fields))"""

# A later import that changed the lead further began from what this one wrote. Taken back after it, it must not bring
# that back: its image of before becomes what was before this one too.
HAND_DOWN = f"""
update import_change o set before = o.before || jsonb_build_object(
    {
    ", ".join(
        f"'{field}', case when {_changed(field)} and o.before -> '{field}' = c.after -> '{field}'"
        f" then c.before -> '{field}' else o.before -> '{field}' end"
        for field in (*SCALARS, "updated_at")
    )
},
    'tags', tags_taken_back(array(select jsonb_array_elements_text(o.before -> 'tags')), {_BEFORE_TAGS}, {_AFTER_TAGS}),
    'attributes', taken_back(o.before -> 'attributes', c.before -> 'attributes', c.after -> 'attributes'))
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
  and o.organization_id = current_organization() and o.lead_id = c.lead_id and o.target = c.target
  and o.import_id <> c.import_id and {_updated_at("o.before")} >= {_updated_at("c.after")}
  and not exists (select 1 from import_change n where n.organization_id = current_organization()
      and n.lead_id = c.lead_id and n.target = c.target and n.import_id not in (c.import_id, o.import_id)
      and {_updated_at("n.before")} >= {_updated_at("c.after")}
      and {_updated_at("n.before")} < {_updated_at("o.before")})
"""
# The last of such imports finds the lead as it left it, but for what was taken back here.
KEEP_LATEST = f"""
update import_change o set after = to_jsonb(s)
from import_change c join lead_organization s on s.organization_id = current_organization() and s.lead_id = c.lead_id
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
  and o.organization_id = current_organization() and o.lead_id = c.lead_id and o.target = c.target
  and o.import_id <> c.import_id and {_updated_at("o.after")} = s.updated_at
"""
# An opt-out that the import brought goes only if nobody touched the lead since: it may have been confirmed.
RESTORE_LINKS = f"""
update lead_organization s set {", ".join(map(_returns, SCALARS))},
    tags = case when {_changed("tags")} then tags_taken_back(s.tags, {_BEFORE_TAGS}, {_AFTER_TAGS}) else s.tags end,
    attributes = taken_back(s.attributes, c.before -> 'attributes', c.after -> 'attributes'),
    opted_out_at = case when {_IS_UNTOUCHED} and not {_OPT_OUT_IS_HELD}
        then cast(c.before ->> 'opted_out_at' as timestamptz) else s.opted_out_at end,
    {_UPDATED_AT.format(touched=f"case when {_IS_LATEST_OF_ANOTHER} then s.updated_at else now() end")}
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
  and s.organization_id = current_organization() and s.lead_id = c.lead_id
  and s.import_id is distinct from :import_id
"""
RESTORE_LEADS = f"""
update lead s set {", ".join(map(_returns, SCALARS[:3]))}, {_UPDATED_AT.format(touched="now()")}
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead' and s.id = c.lead_id
"""

# Told before anything returns: the fields that the import changed and somebody changed since.
KEEP_EDITED_FIELDS = f"""
insert into import_kept (organization_id, import_id, lead_id, reason, fields)
select current_organization(), cast(:import_id as uuid), lead_id, 'edited_since', fields
from (
    select c.lead_id, array_remove(array[
        {
    ", ".join(
        f"case when {_changed(field)} and s.{field} is distinct from c.after ->> '{field}' then '{field}' end"
        for field in SCALARS
    )
},
        case when {_changed("tags")} and not s.tags @> {_AFTER_TAGS} then 'tags' end,
        case when exists (
            select 1 from jsonb_object_keys(c.after -> 'attributes') key
            where c.after -> 'attributes' -> key is distinct from c.before -> 'attributes' -> key
              and s.attributes -> key is distinct from c.after -> 'attributes' -> key) then 'attributes' end,
        case when {_changed("opted_out_at")} and not {_IS_UNTOUCHED} then 'opted_out' end], null) as fields
    from import_change c join lead_organization s
      on s.organization_id = current_organization() and s.lead_id = c.lead_id
    where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
      and s.import_id is distinct from :import_id and not {_IS_UNTOUCHED}
) compared
where fields <> '{{}}'
on conflict (import_id, lead_id) do update set fields = excluded.fields
"""

# Links that the import made and somebody changed since; that it changed them again itself does not count.
KEEP_EDITED_LINKS = """
insert into import_kept (organization_id, import_id, lead_id, reason)
select current_organization(), cast(:import_id as uuid), s.lead_id,
    case when exists (select 1 from import_change o where o.lead_id = s.lead_id and o.target = 'lead_organization'
        and o.import_id <> :import_id and o.organization_id = current_organization()
        and cast(o.after ->> 'updated_at' as timestamptz) = s.updated_at) then 'later_import'
    else 'edited_since' end
from written w join lead_organization s on s.organization_id = current_organization() and s.lead_id = w.lead_id
where w.is_created and s.import_id = :import_id and s.updated_at <> s.created_at
  and not exists (select 1 from import_change c where c.import_id = :import_id and c.lead_id = s.lead_id
      and c.target = 'lead_organization' and cast(c.after ->> 'updated_at' as timestamptz) = s.updated_at)
on conflict do nothing
"""
REMOVE_LINKS = """
with gone as (
    delete from lead_organization s using written w
    where w.is_created and s.organization_id = current_organization() and s.lead_id = w.lead_id
      and s.import_id = :import_id
      and not exists (select 1 from import_kept k where k.import_id = :import_id and k.lead_id = s.lead_id)
    returning s.lead_id
)
update written w set is_removed = true from gone where w.lead_id = gone.lead_id
"""

# An identifier that the import gave to a lead whom the organization had before.
REMOVE_GIVEN_IDENTITIES = """
delete from channel_identity i using import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'channel_identity'
  and i.channel = :channel and i.channel_identifier = c.key and i.lead_id = c.lead_id
  and not exists (select 1 from lead_holder s where s.lead_id = i.lead_id
      and s.organization_id <> current_organization() and s.created_at > i.created_at)
"""
REMOVE_IDENTITIES = """
delete from channel_identity i using written w
where w.is_removed and not w.is_known and i.channel = :channel and i.channel_identifier = w.identifier
  and i.lead_id = w.lead_id
  and not exists (select 1 from lead_holder s where s.lead_id = w.lead_id)
  and not exists (select 1 from channel_identity o where o.lead_id = w.lead_id
      and (o.channel, o.channel_identifier) <> (i.channel, i.channel_identifier))
"""
REMOVE_LEADS = """
delete from lead l using written w
where w.is_removed and not w.is_known and l.id = w.lead_id
  and not exists (select 1 from lead_holder s where s.lead_id = l.id)
  and not exists (select 1 from channel_identity i where i.lead_id = l.id)
"""

COUNT = """
update import_batch set status = 'undone', finished_at = clock_timestamp(), error = null,
    removed = (select count(*) from written where is_removed), restored = :restored
where import_id = :import_id and batch_number = :batch_number
"""
FINISH = """
update import set status = 'undone', updated_at = now()
where id = :import_id and status = 'undoing'
  and not exists (select 1 from import_batch where import_id = :import_id and status in ('done', 'running'))
"""


@dataclass(frozen=True)
class Effect:
    """What an undo did, in leads."""

    removed: int
    restored: int
    kept: int


def close_pending_batches(tx: Connection, import_id: UUID) -> None:
    """Let no further batch of the import begin, and wait for those that are being done; safe to repeat."""
    tx.execute(text(CLOSE_PENDING), {"import_id": import_id})


def keep_held_leads(tx: Connection, run: Import) -> None:
    """Note which of the leads that the import created are held by a later import or event; safe to repeat."""
    values = {"import_id": run.id, "started_at": run.started_at}
    for script in (HOLD_BY_LATER_IMPORTS, HOLD_OPT_OUTS, HOLD_BY_LATER_EVENTS):
        tx.execute(text(script), values)


def undo_batch(tx: Connection, run: Import, batch_number: int) -> None:
    """Take back what one batch wrote, in the caller's transaction, under the locks that the upsert takes."""
    values = {
        "import_id": run.id,
        "batch_number": batch_number,
        "channel": run.channel,
        "on_existing": run.on_existing,
        **run.masks,
    }
    with platform_role(tx):
        for script in (WRITTEN, COLLECT, LOCK, "analyze written", KEEP_EDITED_FIELDS):
            tx.execute(text(script), values)
        tx.execute(text(HAND_DOWN), values)
        restored = tx.execute(text(RESTORE_LINKS), values).rowcount
        for script in (
            KEEP_LATEST,
            RESTORE_LEADS,
            KEEP_EDITED_LINKS,
            REMOVE_LINKS,
            REMOVE_GIVEN_IDENTITIES,
            REMOVE_IDENTITIES,
            REMOVE_LEADS,
        ):
            tx.execute(text(script), values)
        tx.execute(text(COUNT), {**values, "restored": restored})


def take_done_batch(tx: Connection, import_id: UUID) -> int | None:
    """Lock the next batch to be taken back, the last first; None where none is left."""
    statement = """
        update import_batch set status = 'running', started_at = clock_timestamp()
        where import_id = :import_id and batch_number = (
            select batch_number from import_batch where import_id = :import_id and status = 'done'
            order by batch_number desc limit 1 for update skip locked)
        returning batch_number"""
    batch_number = tx.execute(text(statement), {"import_id": import_id}).scalar_one_or_none()
    import_queries.show_running(tx, import_id, batch_number)
    return batch_number


def finish_if_undone(tx: Connection, import_id: UUID) -> bool:
    """Close the undo when no batch is left; true for the one caller that closed it."""
    return tx.execute(text(FINISH), {"import_id": import_id}).rowcount == 1


def get_effect(tx: Connection, import_id: UUID) -> Effect:
    """What the undo did so far."""
    statement = """
        select coalesce(sum(removed), 0) as removed, coalesce(sum(restored), 0) as restored,
            (select count(*) from import_kept where import_id = :import_id) as kept
        from import_batch where import_id = :import_id and status = 'undone'"""
    row = tx.execute(text(statement), {"import_id": import_id}).one()
    return Effect(row.removed, row.restored, row.kept)


def search_kept(tx: Connection, import_id: UUID, *, after: UUID | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Leads that the undo left, whole or in some fields, and why; from behind lead `after`."""
    statement = """
        select k.lead_id, k.reason, k.fields, s.name, coalesce(s.phone, s.email) as address
        from import_kept k left join lead_organization s
          on s.organization_id = current_organization() and s.lead_id = k.lead_id
        where k.import_id = :import_id and (cast(:after as uuid) is null or k.lead_id > :after)
        order by k.lead_id limit :limit"""
    values = {"import_id": import_id, "after": after, "limit": limit}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def count_dispatched(tx: Connection, import_id: UUID) -> Sequence[Any]:
    """Dispatches to the leads of the import: name, when, and how many people."""
    statement = """select name, created_at, accepted from dispatch where import_id = :import_id order by created_at"""
    return tx.execute(text(statement), {"import_id": import_id}).all()


def find_organization_id(tx: Connection, import_id: UUID) -> UUID | None:
    """Whose import this is: for the command line, which acts for whoever the import belongs to."""
    with platform_role(tx):
        return tx.execute(text("select organization_of_import(:id)"), {"id": import_id}).scalar_one()
