"""Members and invitations. One organization's run as the app; a person's own, across organizations, as the platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from lead_store.errors import NotFound
from lead_store.storage.database import platform_role
from lead_store.storage.organization_queries import Organization

COLUMNS = "email, role, name, invited_by, invited_at, joined_at, last_seen_at"


@dataclass(frozen=True)
class MemberRow:
    """A member, or an invitation where `joined_at` is None."""

    email: str
    role: str
    name: str | None
    invited_by: str
    invited_at: datetime
    joined_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Membership:
    """One organization of a person, and the account that the place is bound to, if any."""

    organization: Organization
    email: str
    role: str
    name: str | None
    issuer: str | None
    subject: str | None


def insert_member(tx: Connection, email: str, role: str, invited_by: str) -> bool:
    """Store an invitation; False where the address is a member or invited already."""
    statement = """
        insert into member (organization_id, email, role, invited_by)
        values (current_organization(), :email, :role, :invited_by) on conflict do nothing"""
    values = {"email": email, "role": role, "invited_by": invited_by}
    return tx.execute(text(statement), values).rowcount == 1


def search_members(tx: Connection) -> list[MemberRow]:
    """The organization's members and invitations by address."""
    rows = tx.execute(text(f"select {COLUMNS} from member order by email")).mappings()
    return [MemberRow(**row) for row in rows]


def find_member(tx: Connection, email: str) -> MemberRow | None:
    """The organization's member with this address."""
    statement = f"select {COLUMNS} from member where email = :email"
    row = tx.execute(text(statement), {"email": email}).mappings().one_or_none()
    return MemberRow(**row) if row else None


def get_member(tx: Connection, email: str) -> MemberRow:
    """The organization's member with this address. Raises NotFound."""
    found = find_member(tx, email)
    if found is None:
        raise NotFound(f"{email} is not a member of this organization.", code="member_not_found")
    return found


def lock_owners(tx: Connection) -> list[str]:
    """The addresses of the owners who have joined, none of whom can be changed by others until the end."""
    statement = """select email from member where role = 'owner' and joined_at is not null
        order by email for update"""
    return list(tx.execute(text(statement)).scalars())


def update_role(tx: Connection, email: str, role: str) -> bool:
    """Change what a member may do; False where there is no such member."""
    statement = "update member set role = :role where email = :email"
    return tx.execute(text(statement), {"email": email, "role": role}).rowcount == 1


def delete_member(tx: Connection, email: str) -> bool:
    """Remove a member or take an invitation back; False where there is none."""
    return tx.execute(text("delete from member where email = :email"), {"email": email}).rowcount == 1


def search_memberships(tx: Connection, email: str) -> list[Membership]:
    """The organizations to which an address belongs or is invited, by name."""
    statement = """
        select m.email, m.role, m.name as member_name, m.issuer, m.subject, o.id, o.slug, o.name, o.default_region,
            o.settings
        from member m join organization o on o.id = m.organization_id where m.email = :email
        order by lower(o.name), o.slug"""
    with platform_role(tx):
        rows = tx.execute(text(statement), {"email": email}).mappings().all()
    return [_membership(dict(row)) for row in rows]


def bind_account(tx: Connection, organization_ids: list[UUID], email: str, account: dict[str, Any]) -> None:
    """Take up invitations: from now on these places belong to this account (issuer, subject, name)."""
    statement = """
        update member set issuer = :issuer, subject = :subject, name = :name, joined_at = now(), last_seen_at = now()
        where email = :email and organization_id = any(:organization_ids) and subject is null"""
    with platform_role(tx):
        tx.execute(text(statement), {**account, "email": email, "organization_ids": organization_ids})


def note_visit(tx: Connection, email: str) -> None:
    """Keep when a person was last here, to the quarter of an hour, so that not each click writes."""
    statement = """update member set last_seen_at = now()
        where email = :email and last_seen_at < now() - interval '15 minutes'"""
    with platform_role(tx):
        tx.execute(text(statement), {"email": email})


def _membership(row: dict[str, Any]) -> Membership:
    own = {name: row.pop(name) for name in ("email", "role", "issuer", "subject")}
    return Membership(name=row.pop("member_name"), **own, organization=Organization(**row))
