"""One person out of everything that an organization stored: the SQL of export and erasure.

Rows, events and batches keep their places, so that ledgers still balance and a repeated event is still known;
what they said of the person goes. Files lie in `files`.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.intake.phones import variant_of
from lead_store.storage import resolving, suppressing
from lead_store.storage.database import platform_role
from lead_store.storage.retaining import ENDED

IDENTITIES = "select channel, channel_identifier as identifier from channel_identity where lead_id = :lead_id"

# The lead's rows, and those of the same person that matched no lead at the time. An address of the profile does
# not make a row theirs: families share it.
IS_THEIRS = "(r.lead_id = :lead_id or r.identifier = any(:identifiers) or r.variant = any(:identifiers))"

UNFINISHED = f"""
select i.file_name from import i where i.status <> all(:ended)
  and exists (select 1 from import_row r where r.import_id = i.id and {IS_THEIRS})
order by i.created_at limit 1
"""

ROWS = f"""
select r.import_id, i.file_name, i.created_at as uploaded_at, r.row_number, r.identifier, r.name, r.email, r.phone,
    r.external_id, r.tags, r.attributes, r.opted_out, r.raw
from import_row r join import i on i.id = r.import_id where {IS_THEIRS} order by i.created_at, r.row_number
"""
CHANGES = """
select import_id, target, before, after, changed_at from import_change where lead_id = :lead_id order by changed_at
"""
EVENTS = """
select event_id, type, occurred_at, received_at, source, channel, channel_identifier, data from event
where lead_id = :lead_id order by occurred_at
"""
DISPATCHES = """
select d.id as dispatch_id, d.name, d.created_at, d.template_body, r.channel_identifier, r.status
from dispatch_recipient r join dispatch d on d.id = r.dispatch_id where r.lead_id = :lead_id order by d.created_at
"""

# An undo of the import finds nobody behind the new lead id, and so leaves the row alone.
BLANK_ROWS = f"""
update import_row r set identifier = 'erased:' || r.row_number, variant = null, name = null, email = null,
    phone = null, external_id = null, tags = null, attributes = null, raw = '{{}}', dropped = null,
    lead_id = gen_random_uuid(),
    problems = (select jsonb_agg(p - 'value') from jsonb_array_elements(r.problems) p)
where {IS_THEIRS}
returning r.import_id, r.row_number, r.group_number
"""
BLANK_GROUPS = """
update import_group g set match_key = 'erased:' || g.group_number, first_name = null
from jsonb_to_recordset(cast(:rows as jsonb)) as t(import_id uuid, row_number integer, group_number integer)
where g.import_id = t.import_id and g.group_number = t.group_number
"""
BLANK_EDITS = """
update import_edit e set old = null, new = null
from jsonb_to_recordset(cast(:rows as jsonb)) as t(import_id uuid, row_number integer, group_number integer)
where e.import_id = t.import_id and e.row_number = t.row_number
"""
BLANK_NAMES_OF_ADDRESSES = """
update import_address a set some_names = '{}'
from jsonb_to_recordset(cast(:rows as jsonb)) as t(import_id uuid, row_number integer, group_number integer)
where a.import_id = t.import_id and t.row_number = any(a.row_numbers)
"""
BLANK_EVENTS = """
update event set lead_id = gen_random_uuid(), channel_identifier = 'erased', data = '{}' where lead_id = :lead_id
"""
FORGET_DOMAIN_EVENTS = """
delete from domain_event where subject = cast(:lead_id as text) or data ->> 'leadId' = cast(:lead_id as text)
"""
FORGET_DECISIONS = """
delete from import_decision
where lead_id = :lead_id or (subject in ('group', 'conflict') and key = any(:identifiers))
"""
FORGET = (
    *(f"delete from {table} where lead_id = :lead_id" for table in (
        "import_hint", "import_kept", "import_change", "dispatch_recipient"
    )),
    FORGET_DECISIONS,
    FORGET_DOMAIN_EVENTS,
)  # fmt: skip

FILES = """
update import set rejected_key = null,
    inspection = inspection || jsonb_build_object('preview', '[]'::jsonb, 'columns', (
        select coalesce(jsonb_agg(c || '{"samples": []}'), '[]') from jsonb_array_elements(inspection -> 'columns') c))
from (select id, rejected_key as old_key from import where id = any(:import_ids)) before
where import.id = before.id
returning object_key, old_key
"""

REMOVE_LINK = """
delete from lead_organization where organization_id = current_organization() and lead_id = :lead_id
returning name, email, phone
"""
# The shared profile was filled by whoever came first: what only this organization said of the person goes.
BLANK_PROFILE = """
update lead set name = case when name = :name then null else name end,
    email = case when email = :email then null else email end,
    phone = case when phone = :phone then null else phone end, updated_at = now()
where id = :lead_id
"""
REMOVE_UNHELD = (
    """delete from channel_identity where lead_id = :lead_id
        and not exists (select 1 from lead_holder h where h.lead_id = :lead_id)""",
    """delete from lead where id = :lead_id
        and not exists (select 1 from lead_holder h where h.lead_id = :lead_id)""",
)


def lock_identifiers(tx: Connection, lead_id: UUID) -> list[str]:
    """All identifiers of a lead, on whatever channel; until the transaction ends, no import or program takes it up.

    The locks are those of the upsert: a link made in between would be to a lead that is about to go.
    """
    with platform_role(tx):
        found = tx.execute(text(IDENTITIES), {"lead_id": lead_id}).all()
        people = [{"channel": each.channel, "identifier": each.identifier} for each in found]
        for each in people:
            each["variant"] = variant_of(each["identifier"])
        tx.execute(text(resolving.LOCK_PREFIXES), {"people": json.dumps(people)})
    return [each["identifier"] for each in people]


def find_leads(tx: Connection, identifier: str) -> list[UUID]:
    """The leads with this identifier on any channel, whoever holds them; for the operator of the platform."""
    statement = "select distinct lead_id from channel_identity where channel_identifier = :identifier"
    with platform_role(tx):
        return list(tx.execute(text(statement), {"identifier": identifier}).scalars())


def find_holders(tx: Connection, lead_id: UUID) -> list[UUID]:
    """The organizations that have the lead; for the operator of the platform."""
    statement = "select organization_id from lead_holder where lead_id = :lead_id order by 1"
    with platform_role(tx):
        return list(tx.execute(text(statement), {"lead_id": lead_id}).scalars())


def find_unfinished(tx: Connection, lead_id: UUID, identifiers: Sequence[str]) -> str | None:
    """The file of an import that is not at its end and has the person among its rows."""
    values = {"lead_id": lead_id, "identifiers": list(identifiers), "ended": list(ENDED)}
    return tx.execute(text(UNFINISHED), values).scalar_one_or_none()


def collect(tx: Connection, lead_id: UUID, identifiers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What is stored of the person beside the link: rows of files, changes, events, dispatches."""
    values = {"lead_id": lead_id, "identifiers": list(identifiers)}
    queries = {"rows": ROWS, "changes": CHANGES, "events": EVENTS, "dispatches": DISPATCHES}
    return {name: [dict(row) for row in tx.execute(text(query), values).mappings()] for name, query in queries.items()}


def erase(tx: Connection, lead_id: UUID, identifiers: Sequence[str]) -> tuple[dict[str, int], list[UUID]]:
    """Blank or remove all that the organization stored of the person, but its files; that they opted out is kept.

    Returns:
        How much of each kind there was, and the imports in whose files the person stands.
    """
    values: dict[str, Any] = {"lead_id": lead_id, "identifiers": list(identifiers)}
    with platform_role(tx):
        suppressing.keep_opt_out(tx, lead_id, identifiers)
    found = [dict(row) for row in tx.execute(text(BLANK_ROWS), values).mappings()]
    values["rows"] = json.dumps(found, default=str)
    events = tx.execute(text(BLANK_EVENTS), values).rowcount
    with platform_role(tx):
        for script in (BLANK_GROUPS, BLANK_EDITS, BLANK_NAMES_OF_ADDRESSES, *FORGET):
            tx.execute(text(script), values)
        link = tx.execute(text(REMOVE_LINK), values).mappings().one_or_none()
        if link:
            tx.execute(text(BLANK_PROFILE), {**values, **link})
    remove_unheld(tx, lead_id)
    counts = {"rows": len(found), "events": events, "links": int(link is not None)}
    return counts, sorted({row["import_id"] for row in found})


def remove_unheld(tx: Connection, lead_id: UUID) -> None:
    """Remove the lead and its identities where no organization has it any more."""
    with platform_role(tx):
        for script in REMOVE_UNHELD:
            tx.execute(text(script), {"lead_id": lead_id})


def forget_files(tx: Connection, import_ids: Sequence[UUID]) -> list[str]:
    """Forget what the imports keep of their files' cells; the keys of the objects, for the caller to delete."""
    rows = tx.execute(text(FILES), {"import_ids": list(import_ids)}).all()
    return [key for row in rows for key in row if key]


def insert_record(tx: Connection, who: str, what: str, reference: UUID | None, counts: dict[str, int]) -> None:
    """Keep what was done about people's data, without saying whose."""
    statement = """insert into privacy_record (organization_id, who, what, reference, counts)
        values (current_organization(), :who, :what, :reference, cast(:counts as jsonb))"""
    values = {"who": who, "what": what, "reference": reference, "counts": json.dumps(counts)}
    tx.execute(text(statement), values)


def search_records(tx: Connection, *, limit: int) -> list[dict[str, Any]]:
    """What was done about people's data, newest first."""
    statement = """select happened_at, who, what, reference, counts from privacy_record
        order by happened_at desc limit :limit"""
    return [dict(row) for row in tx.execute(text(statement), {"limit": limit}).mappings()]
