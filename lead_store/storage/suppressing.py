"""Opt-outs that outlive the person: who opted out and was erased is known again when they are imported anew.

Kept is a keyed hash of each identifier by which the organization itself reached the person, in both of its forms.
Everything runs as the platform's role.
"""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.intake.phones import variant_of

# A block of SHA-256: with two such keys, hashing twice is NMAC (Bellare, Canetti, Krawczyk 1996), the heart of HMAC.
KEY_BYTES = 64

_HASH = "sha256(k.outer_key || sha256(k.inner_key || convert_to({identifier}, 'UTF8')))"

# Of a row of `incoming`. The first part is asked once per statement: most organizations have nobody to remember.
IS_SUPPRESSED = f"""
((select exists (select 1 from suppression where organization_id = current_organization()))
 and exists (select 1 from suppression s join suppression_key k using (organization_id)
    where s.organization_id = current_organization()
      and s.identifier_hash = {_HASH.format(identifier="incoming.identifier")}))
"""

# What the organization itself knew the person by; a lead may have further identifiers that only others know, and an
# opt-out under one of those would tell so. An identity as old as the link was made with it.
OWN_IDENTIFIERS = """
select given.identifier from lead_organization l cross join lateral (
    select l.phone as identifier
    union select lower(l.email)
    union select i.channel_identifier from channel_identity i
        where i.lead_id = l.lead_id and i.created_at = l.created_at
    union select e.channel_identifier from event e where e.lead_id = l.lead_id
    union select r.identifier from import_row r where r.lead_id = l.lead_id
    union select d.channel_identifier from dispatch_recipient d where d.lead_id = l.lead_id) given
where l.organization_id = current_organization() and l.lead_id = :lead_id and l.opted_out_at is not null
  and given.identifier is not null
"""
MAKE_KEY = """
insert into suppression_key (organization_id, inner_key, outer_key)
values (current_organization(), :inner_key, :outer_key) on conflict do nothing
"""
SUPPRESS = f"""
insert into suppression (organization_id, identifier_hash)
select k.organization_id, {_HASH.format(identifier="given.identifier")}
from suppression_key k, unnest(cast(:identifiers as text[])) as given(identifier)
where k.organization_id = current_organization()
on conflict do nothing
"""


def keep_opt_out(tx: Connection, lead_id: UUID, identifiers: Sequence[str]) -> None:
    """Remember that the organization's lead opted out, where it did, before all else of it is erased.

    Args:
        identifiers: all that the lead has; addresses of its profile that are none of these may be a relative's.
    """
    own = tx.execute(text(OWN_IDENTIFIERS), {"lead_id": lead_id}).scalars().all()
    keys = {_forms(identifier) for identifier in identifiers}
    forms = sorted({form for identifier in own if _forms(identifier) in keys for form in _forms(identifier)})
    if forms:
        tx.execute(text(MAKE_KEY), {name: secrets.token_bytes(KEY_BYTES) for name in ("inner_key", "outer_key")})
        tx.execute(text(SUPPRESS), {"identifiers": forms})


def _forms(identifier: str) -> frozenset[str]:
    """An identifier with the other form under which the same person may be known."""
    return frozenset(filter(None, (identifier, variant_of(identifier))))
