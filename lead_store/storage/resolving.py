"""People given by programs, through the one upsert; what comes back is who each of them is."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.storage import matching, upserting
from lead_store.storage.database import platform_role

# Nothing was reviewed, so the columns of the plan are null.
GIVEN = """
select g.ordinal, g.channel, g.identifier, g.variant, g.name, g.email, g.phone, g.external_id, g.tags, g.attributes,
    g.opted_out, null as planned, null::uuid as planned_lead, false as planned_is_new,
    null::smallint as planned_writes, null::bigint as planned_version
from jsonb_to_recordset(cast(:people as jsonb)) as g(ordinal integer, channel text, identifier text collate "C",
    variant text collate "C", name text, email text, phone text, external_id text, tags text[], attributes jsonb,
    opted_out boolean)
"""
GIVEN_ON_CHANNEL = f"{GIVEN} where g.channel = :channel"

# The locks of the upsert, but of all channels at once: taken channel by channel, they could make two calls wait
# in a circle.
LOCK_PREFIXES = upserting.LOCK_KEYS.replace(":channel", "k.channel").replace("keys_of_source", GIVEN)

# Half of a city shares a prefix. Calls with few people lock theirs for imports alone, and each person among
# themselves, so that calls about other people do not wait for each other. Prefixes first, both in ascending order.
SHARE_PREFIXES = LOCK_PREFIXES.replace("pg_advisory_xact_lock", "pg_advisory_xact_lock_shared")
LOCK_PEOPLE = f"""
select pg_advisory_xact_lock(place) from (
    select distinct hashtextextended(k.channel || least(identifier, variant), 4722) as place
    from ({GIVEN}) k order by 1) places
"""
# Each person is an entry of PostgreSQL's table of locks, which with its own settings holds some 6,400.
FEW_PEOPLE = 100

FOUND = "select ordinal, lead_id, outcome = 'created' as is_created from incoming"


def resolve(tx: Connection, people: Iterable[Mapping[str, Any]]) -> dict[int, tuple[UUID, bool]]:
    """Find or create the lead of each person; blanks of the organization's view are filled, nothing is changed.

    Args:
        people: at most one per person, with the keys ordinal, channel, identifier, variant, name, email, phone,
            external_id, attributes, opted_out.

    Returns:
        ordinal -> the lead, and whether it is new to the organization.
    """
    given = list(people)
    values = {"people": json.dumps(given)}
    masks = matching.get_masks("fill", {})
    found: dict[int, tuple[UUID, bool]] = {}
    with platform_role(tx):
        for lock in (SHARE_PREFIXES, LOCK_PEOPLE) if len(given) <= FEW_PEOPLE else (LOCK_PREFIXES,):
            tx.execute(text(lock), values)
        for channel in sorted({person["channel"] for person in given}):
            upserting.upsert(
                tx, GIVEN_ON_CHANNEL, GIVEN_ON_CHANNEL, values, channel=channel, masks=masks, holds_locks=True
            )
            for row in tx.execute(text(FOUND)):
                found[row.ordinal] = (row.lead_id, row.is_created)
            tx.execute(text("delete from incoming"))
    return found
