"""Events that happened to people: the table event."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

# In the order of their ids, so that two calls with the same events do not wait for each other in a circle.
INSERT = """
insert into event (organization_id, event_id, type, occurred_at, source, lead_id, channel, channel_identifier, data)
select current_organization(), g.* from jsonb_to_recordset(cast(:events as jsonb)) as g(event_id text, type text,
    occurred_at timestamptz, source text, lead_id uuid, channel text, channel_identifier text, data jsonb)
order by g.event_id
on conflict (organization_id, event_id) do nothing
returning event_id
"""


def find_leads_of(tx: Connection, event_ids: Sequence[str]) -> dict[str, UUID]:
    """Of these events those that are kept, each with its lead."""
    statement = "select event_id, lead_id from event where event_id = any(:event_ids)"
    return {row.event_id: row.lead_id for row in tx.execute(text(statement), {"event_ids": list(event_ids)})}


def insert_events(tx: Connection, events: Sequence[Mapping[str, Any]]) -> set[str]:
    """Keep events; the ids of those that were not there before."""
    if not events:
        return set()
    return set(tx.execute(text(INSERT), {"events": json.dumps(events)}).scalars())
