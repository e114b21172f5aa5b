"""The one upsert: incoming people -> lead, channel_identity, lead_organization; for import batches and programs.

    lock the keys > match > write leads, identities, links

Whoever creates or changes leads does it here, within one transaction: the locks on the identifiers' keys make
two of them wait for each other, so that one person never becomes two leads, whichever form their number has.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from lead_store.storage import matching, suppressing
from lead_store.storage.planner import matching_by_key

# Keys are locked by their first characters: a batch in key order holds few locks, and batches that are not
# neighbours share none. In ascending order, so that no two transactions wait in a circle.
LOCK_PREFIX_LENGTH = 7

LOCK_KEYS = f"""
select pg_advisory_xact_lock(place) from (
    select distinct hashtextextended(:channel || left(least(identifier, variant), {LOCK_PREFIX_LENGTH}), 4721) as place
    from (keys_of_source) k order by 1) places
"""

# What all queries ask of each row comes first: it is found without going through the texts.
INCOMING = """
create temporary table if not exists incoming (
    ordinal integer not null,
    is_known boolean,
    fills smallint,
    changes smallint,
    planned_lead uuid,
    lead_id uuid,
    stored_version bigint,
    outcome text,
    planned text,
    reason text,
    identifier text collate "C" not null,
    name text, email text, phone text, external_id text, tags text[], attributes jsonb, opted_out boolean
) on commit delete rows
"""

# `planned` is what the review said; where the store now says otherwise, that is drift, and the row
# is left for a person to decide again. Of two leads of the organization, the planned one goes first: somebody
# decided so. No coalesce in the lead's join: under row-level security PostgreSQL takes
# it for a function that could leak, and reads all links of the organization for each person instead of one by key.
_GIVES_IDENTITY = f"""
coalesce(i.planned_writes & {matching.IDENTITY_BIT} <> 0, false)
    and not {matching.is_linked("a")} and not {matching.is_linked("b")}
"""
MATCH = f"""
insert into incoming
select ordinal, is_known, fills, changes, planned_lead, lead_id, stored_version, outcome, planned,
    case when planned <> outcome then 'drift' end,
    identifier, name, email, phone, external_id, tags, attributes, opted_out
from (
    select r.*, case
        when not r.is_linked and coalesce(r.planned, 'created') = 'created' then 'created'
        when r.is_linked and {matching.WRITES} = 0 then 'unchanged'
        when r.planned is null then 'updated'
        when r.planned = 'updated' and r.lead_id = r.planned_lead and {matching.WRITES} = r.planned_writes
            and r.stored_version = r.planned_version then 'updated'
        else 'skipped' end as outcome
    from (
        select r.*, coalesce(r.matched_lead, case when r.planned_is_new then r.planned_lead end,
                {matching.new_lead_id("r", "ordinal")}) as lead_id,
            r.matched_lead is not null as is_known, s.lead_id is not null as is_linked,
            s.version as stored_version, {matching.CHANGES_OF_ROW} as changes, {matching.FILLS_OF_ROW}
                | case when r.gives_identity and s.lead_id is not null then {matching.IDENTITY_BIT} else 0 end as fills
        from (
            select i.*, case when a.lead_id <> b.lead_id and b.lead_id = i.planned_lead then b.lead_id
                    when {_GIVES_IDENTITY} then i.planned_lead
                    else {matching.MATCHED_LEAD} end as matched_lead,
                {_GIVES_IDENTITY} as gives_identity
            from (incoming_source) i
            {matching.IDENTITIES_OF_ROW}
            offset 0
        ) r
        {matching.LINK_OF_ROW}
    ) r
) outcomes
order by least(identifier, variant)
"""
WRITES_TO_KNOWN = "outcome = 'updated' or (outcome = 'created' and is_known)"
SUMMARY = f"""
select count(*) filter (where outcome = 'created') as created, count(*) filter (where outcome = 'updated') as updated,
    count(*) filter (where {WRITES_TO_KNOWN}) as known,
    case when bool_or({WRITES_TO_KNOWN}) then (select count(*) - count(distinct lead_id) from incoming
        where {WRITES_TO_KNOWN}) else 0 end as repeated,
    count(*) filter (where planned <> outcome or planned_lead <> lead_id) as deviating from incoming
"""

# Two rows may name one lead by its two identifiers. The first one is written; the others wait until it is, and are then
# matched as if they came in a batch of their own, with those that were written set aside until the end. So are rows
# whose lead was changed by somebody else between matching and writing.
TAKE_REPEATED = f"""
delete from incoming i using (
    select ordinal, row_number() over (partition by lead_id order by ordinal) as place
    from incoming where {WRITES_TO_KNOWN}) r
where r.ordinal = i.ordinal and r.place > 1 returning i.ordinal
"""
ASIDE = "create temporary table if not exists aside (like incoming) on commit delete rows"
SET_ASIDE = "with written as (delete from incoming returning *) insert into aside select * from written"
BRING_BACK = "with written as (delete from aside returning *) insert into incoming select * from written"
WAITING_SOURCE = "select * from (incoming_source) again where ordinal = any(:waiting)"

# What foreign keys would check row by row holds by construction here: links and identities name leads that this
# transaction has made or, like the organization, holds against deletion. Where the login may, PostgreSQL is told
# not to check each again; half the time of a bulk insert goes there.
HOLD = """
select (select count(*) from (select 1 from organization where id = current_organization() for key share) o)
    + (select count(*) from (select 1 from lead l where l.id in (select lead_id from incoming where is_known)
        for key share) l)
"""
TRUST_KEYS = """
select set_config('session_replication_role', :role, true)
where has_parameter_privilege('session_replication_role', 'set')
"""

LEADS = """
insert into lead (id, name, email, phone)
select lead_id, name, email, phone from incoming where outcome = 'created' and not is_known
"""
IDENTITIES = """
insert into channel_identity (channel, channel_identifier, lead_id)
select :channel, identifier, lead_id from incoming where outcome = 'created' and not is_known
"""
# A person linked the row to a lead whom the organization knows under another identifier. One that somebody elsewhere
# has stays theirs, and nothing tells so.
GIVEN_IDENTITIES = f"""
with given as (
    insert into channel_identity (channel, channel_identifier, lead_id)
    select :channel, identifier, lead_id from incoming
    where outcome = 'updated' and fills & {matching.IDENTITY_BIT} <> 0
    on conflict (channel, channel_identifier) do nothing returning *)
insert into import_change (organization_id, import_id, lead_id, batch_number, target, key, before, after)
select current_organization(), cast(:import_id as uuid), lead_id, :batch_number, 'channel_identity',
    channel_identifier, '{{}}', to_jsonb(given)
from given where cast(:import_id as uuid) is not null
"""
LINKS = f"""
insert into lead_organization (organization_id, lead_id, name, email, phone, external_id, tags, attributes,
    opted_out_at, import_id)
select current_organization(), lead_id, name, email, phone, external_id, coalesce(tags, '{{}}'),
    coalesce(attributes, '{{}}'), case when opted_out or {suppressing.IS_SUPPRESSED} then now() end,
    cast(:import_id as uuid)
from incoming where outcome = 'created'
"""

# Attributes: with the right to change, the file's values win key by key; without, only missing keys are added.
# An opt-out, once stored, is never taken away. A lead has identifiers on other channels, whose locks are others: one
# that was changed there since it was matched is left alone here. How many were is the answer.
UPDATE_LINKS = f"""
with written as (
    update lead_organization s set
        name = case when r.writes & 1 <> 0 then r.name else s.name end,
        email = case when r.writes & 2 <> 0 then r.email else s.email end,
        phone = case when r.writes & 4 <> 0 then r.phone else s.phone end,
        external_id = case when r.writes & 8 <> 0 then r.external_id else s.external_id end,
        tags = case when r.writes & 16 <> 0 then distinct_tags(s.tags || r.tags) else s.tags end,
        attributes = case when r.writes & 32 = 0 then s.attributes
            when :overwrite_mask & 32 <> 0 then s.attributes || r.attributes
            else r.attributes || s.attributes end,
        opted_out_at = case when r.writes & 64 <> 0 then coalesce(s.opted_out_at, now()) else s.opted_out_at end,
        version = default, updated_at = now()
    from (select r.*, {matching.WRITES} as writes, to_jsonb(o) as before
          from incoming r join lead_organization o on o.lead_id = r.lead_id
          where o.organization_id = (select current_organization()) and r.outcome = 'updated') r
    where s.organization_id = (select current_organization()) and s.lead_id = r.lead_id and s.version = r.stored_version
    returning s.lead_id, r.before, to_jsonb(s) as after
), noted as (
    insert into import_change (organization_id, import_id, lead_id, batch_number, target, before, after)
    select current_organization(), cast(:import_id as uuid), lead_id, :batch_number, 'lead_organization', before, after
    from written where cast(:import_id as uuid) is not null
    on conflict (import_id, lead_id, target, key) do update set after = excluded.after, changed_at = excluded.changed_at
)
select (select count(*) from incoming where outcome = 'updated') - (select count(*) from written)
"""
# Of the rows to be updated, those whose link is not of this transaction.
TAKE_OVERTAKEN = """
delete from incoming i where outcome = 'updated' and not exists (select 1 from lead_organization s
    where s.organization_id = (select current_organization()) and s.lead_id = i.lead_id
      and s.xmin = pg_current_xact_id()::xid)
returning i.ordinal
"""

# A lead's own profile belongs to no organization: it is only filled where it is blank.
FILL_LEADS = """
with written as (
    update lead l set name = coalesce(l.name, r.name), email = coalesce(l.email, r.email),
        phone = coalesce(l.phone, r.phone), updated_at = now()
    from (select r.*, to_jsonb(o) as before from incoming r join lead o on o.id = r.lead_id
          where (r.outcome = 'updated' or (r.outcome = 'created' and r.is_known))
            and ((o.name is null and r.name is not null) or (o.email is null and r.email is not null)
              or (o.phone is null and r.phone is not null))) r
    where l.id = r.lead_id
    returning l.id, r.before, to_jsonb(l) as after
)
insert into import_change (organization_id, import_id, lead_id, batch_number, target, before, after)
select current_organization(), cast(:import_id as uuid), id, :batch_number, 'lead', before, after
from written where cast(:import_id as uuid) is not null
on conflict (import_id, lead_id, target, key) do update set after = excluded.after, changed_at = excluded.changed_at
"""


def upsert(
    tx: Connection,
    source: str,
    keys: str,
    values: Mapping[str, Any],
    *,
    channel: str,
    masks: Mapping[str, int],
    import_id: Any = None,
    batch_number: int | None = None,
    holds_locks: bool = False,
) -> bool:
    """Bring incoming people into the store; `incoming` then tells, until commit, what happened to each.

    Runs as the platform role. Wants at most one row per person.

    Args:
        source: a query with the columns ordinal, identifier, variant, name, email, phone, external_id, tags,
            attributes, opted_out, planned, planned_lead, planned_is_new, planned_writes, planned_version; `planned`
            and the four after it are null where nothing was reviewed.
        keys: a query with at least the identifiers and variants of `source`, quick to run.
        values: what the queries bind.
        channel: the channel of all identifiers.
        masks: fill_mask and overwrite_mask, see `matching.get_masks`.
        import_id: the import to which links and before-images are attributed, if any.
        holds_locks: the caller has locked the keys against imports and other programs (see `resolving`).

    Returns:
        Whether any row came out differently from what was planned.
    """
    bound = {**values, **masks, "channel": channel, "import_id": import_id, "batch_number": batch_number}
    tx.execute(text(INCOMING))
    with matching_by_key(tx):
        if not holds_locks:
            tx.execute(text(LOCK_KEYS.replace("keys_of_source", keys)), bound)
        tx.execute(text(MATCH.replace("incoming_source", source)), bound)
        found = tx.execute(text(SUMMARY)).one()
        tx.execute(text(HOLD))
        waiting = _write_once(tx, bound, found)
        if waiting:
            found = _write_in_rounds(tx, source, bound, waiting)
    return found.deviating > 0


def _write_in_rounds(tx: Connection, source: str, bound: Mapping[str, Any], waiting: list[int]) -> Any:
    """Match and write the rows that wait, by their ordinals, until none does; the summary of all."""
    again = MATCH.replace("incoming_source", WAITING_SOURCE.replace("incoming_source", source))
    tx.execute(text(ASIDE))
    while waiting:
        tx.execute(text(SET_ASIDE))
        tx.execute(text(again), {**bound, "waiting": waiting})
        waiting = _write_once(tx, bound, tx.execute(text(SUMMARY)).one())
    tx.execute(text(BRING_BACK))
    return tx.execute(text(SUMMARY)).one()


def _write_once(tx: Connection, bound: Mapping[str, Any], found: Any) -> list[int]:
    """Write what `incoming` holds, each lead at most once; the rows that have to wait are taken out."""
    waiting = list(tx.execute(text(TAKE_REPEATED)).scalars()) if found.repeated else []
    if found.created:
        tx.execute(text(TRUST_KEYS), {"role": "replica"})
        for script in (LEADS, IDENTITIES, LINKS):
            tx.execute(text(script), bound)
        tx.execute(text(TRUST_KEYS), {"role": "origin"})
    if found.updated:
        if tx.execute(text(UPDATE_LINKS), bound).scalar_one():
            waiting += tx.execute(text(TAKE_OVERTAKEN)).scalars()
        tx.execute(text(GIVEN_IDENTITIES), bound)
    if found.known:
        tx.execute(text(FILL_LEADS), bound)
    return waiting
