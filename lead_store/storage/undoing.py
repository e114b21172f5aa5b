"""Taking an import back, batch by batch: changed values return, created leads go, what others hold stays.

    close_pending_batches, keeping.keep_held_leads (once) > undo_batch (each) > finish_if_undone

A value returns where it still is what the import wrote; whatever was done to a lead since is kept, and
`import_kept` says so. What another organization holds goes without a word: that it does is nobody's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import images, import_queries, keeping, matching, upserting
from lead_store.storage.database import platform_role
from lead_store.storage.import_queries import Import

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


def _returns(field: str) -> str:
    """The value before the import where it is still the one that the import wrote."""
    return (
        f"{field} = case when {images.changed(field)} and s.{field} is not distinct from c.after ->> '{field}'"
        f" then c.before ->> '{field}' else s.{field} end"
    )


_UPDATED_AT = f"""updated_at = case when {images.IS_UNTOUCHED} then {images.updated_at("c.before")}
    when {images.IS_LATEST_OF_ANOTHER} then s.updated_at else now() end"""
_OPT_OUT_IS_HELD = """exists (select 1 from import_kept k
    where k.import_id = c.import_id and k.lead_id = c.lead_id and 'opted_out' = any(k.fields))"""

# An opt-out that the import brought goes only if nobody touched the lead since: it may have been confirmed. What is as
# it was before the import has the version of before; anything else, a version that nobody has seen.
RESTORE_LINKS = f"""
update lead_organization s set {", ".join(map(_returns, images.SCALARS))},
    tags = case when {images.changed("tags")}
        then tags_taken_back(s.tags, {images.BEFORE_TAGS}, {images.AFTER_TAGS}) else s.tags end,
    attributes = taken_back(s.attributes, c.before -> 'attributes', c.after -> 'attributes'),
    opted_out_at = case when {images.IS_UNTOUCHED} and not {_OPT_OUT_IS_HELD}
        then cast(c.before ->> 'opted_out_at' as timestamptz) else s.opted_out_at end,
    version = case when {images.IS_UNTOUCHED} and not {_OPT_OUT_IS_HELD} and c.before ? 'version'
        then cast(c.before ->> 'version' as bigint) else nextval('lead_version') end,
    {_UPDATED_AT}
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead_organization'
  and s.organization_id = (select current_organization()) and s.lead_id = c.lead_id
  and s.import_id is distinct from :import_id
"""
RESTORE_LEADS = f"""
update lead s set {", ".join(map(_returns, images.PROFILE))}, {_UPDATED_AT}
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'lead' and s.id = c.lead_id
"""

REMOVE_LINKS = """
with gone as (
    delete from lead_organization s using written w
    where w.is_created and s.organization_id = (select current_organization()) and s.lead_id = w.lead_id
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
        for script in (WRITTEN, COLLECT, LOCK, "analyze written", keeping.EDITED_FIELDS):
            tx.execute(text(script), values)
        images.hand_down(tx, values)
        restored = tx.execute(text(RESTORE_LINKS), values).rowcount
        tx.execute(text(RESTORE_LEADS), values)
        images.keep_latest(tx, values)
        for script in (
            keeping.EDITED_LINKS,
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


def count_dispatched(tx: Connection, import_id: UUID) -> Sequence[Any]:
    """Dispatches to the leads of the import: name, when, and how many people."""
    statement = """select name, created_at, accepted from dispatch where import_id = :import_id order by created_at"""
    return tx.execute(text(statement), {"import_id": import_id}).all()


def find_organization_id(tx: Connection, import_id: UUID) -> UUID | None:
    """Whose import this is: for the command line, which acts for whoever the import belongs to."""
    with platform_role(tx):
        return tx.execute(text("select organization_of_import(:id)"), {"id": import_id}).scalar_one()
