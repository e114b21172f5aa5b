"""Leads as an organization sees them: its own view of people, and the identities by which they are reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.errors import NotFound

COLUMNS = "lead_id, name, email, phone, external_id, tags, attributes, opted_out_at, import_id, created_at, updated_at"


# Most pages are full of leads that were made last: those are gone through first, in the order of the index. Whoever is
# looked for among all of them is found by all cores.
NEAR = 20_000
_BEFORE = """
organization_id = current_organization() and (created_at, lead_id) < (
    coalesce((select created_at from lead_organization
        where organization_id = current_organization() and lead_id = :after), 'infinity'),
    coalesce(cast(:after as uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
"""
SEARCH_NEAR = f"""
select {COLUMNS} from (
    select * from lead_organization where {_BEFORE} order by created_at desc, lead_id desc limit :near) near
where is_meant order by created_at desc, lead_id desc limit :limit
"""
SEARCH = f"""
select {COLUMNS} from (select * from lead_organization where {_BEFORE} and (is_meant) offset 0) found
order by created_at desc, lead_id desc limit :limit
"""
HOLDS = "lower(name) like lower(:pattern) or lower(email) like lower(:pattern) or phone like :pattern"


@dataclass(frozen=True)
class Lead:
    """A person as one organization knows them."""

    lead_id: UUID
    name: str | None
    email: str | None
    phone: str | None
    external_id: str | None
    tags: list[str]
    attributes: dict[str, Any]
    opted_out_at: datetime | None
    import_id: UUID | None
    created_at: datetime
    updated_at: datetime


def get_lead(tx: Connection, lead_id: UUID) -> Lead:
    """The organization's view of a lead. Raises NotFound for one that it does not have."""
    statement = f"""select {COLUMNS} from lead_organization
        where organization_id = current_organization() and lead_id = :lead_id"""
    row = tx.execute(text(statement), {"lead_id": lead_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such lead in this organization.", code="lead_not_found")
    return Lead(**row)


def search_leads(tx: Connection, words: str, *, after: UUID | None, limit: int) -> list[Lead]:
    """A page of leads, those made last first: those whose own id the words are, or else, if there are none, those
    whose name, e-mail or phone holds them.

    Args:
        after: the last lead of the page before; where it is gone, the first page is shown again.
    """
    values = {"after": after, "words": words, "pattern": f"%{_literal(words)}%", "limit": limit, "near": NEAR}
    if not words:
        return _search(tx, SEARCH_NEAR, "true", values)
    # By the index, which a condition with an alternative beside it would not use: millions of leads would be read.
    if named := _search(tx, SEARCH, "external_id = :words", values):
        return named
    near = _search(tx, SEARCH_NEAR, HOLDS, values)
    return near if len(near) == limit else _search(tx, SEARCH, HOLDS, values)


def _search(tx: Connection, script: str, condition: str, values: dict[str, Any]) -> list[Lead]:
    rows = tx.execute(text(script.replace("is_meant", condition)), values).mappings()
    return [Lead(**row) for row in rows]


def search_identities(tx: Connection, lead_id: UUID) -> list[dict[str, Any]]:
    """How the organization reaches the lead: channel and identifier of each that it gave itself.

    A lead may have further ones that only other organizations know.
    """
    statement = """
        select i.channel, i.channel_identifier from channel_identity i
        join lead_organization l on l.organization_id = current_organization() and l.lead_id = i.lead_id
        where i.lead_id = :lead_id and (
            i.channel_identifier in (l.phone, lower(l.email))
            or exists (select 1 from event e where e.organization_id = current_organization()
                and e.lead_id = i.lead_id and e.channel_identifier = i.channel_identifier)
            or exists (select 1 from import_change c where c.organization_id = current_organization()
                and c.lead_id = i.lead_id and c.target = 'channel_identity' and c.key = i.channel_identifier))
        order by i.channel, i.channel_identifier"""
    return [dict(row) for row in tx.execute(text(statement), {"lead_id": lead_id}).mappings()]


def _literal(words: str) -> str:
    """The words as a LIKE pattern that means just them."""
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
