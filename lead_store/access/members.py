"""Members of an organization: invited by an owner, joined by signing in, changed and removed by owners.

Who the signed-in person is, `sign_in` tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from lead_store.access.roles import Member, Role
from lead_store.access.sign_in import Person
from lead_store.errors import Conflict, Invalid, NotFound
from lead_store.storage import database, member_queries, organization_queries
from lead_store.storage.member_queries import MemberRow, Membership
from lead_store.storage.organization_queries import Organization


def search_memberships(tx: Connection, person: Person) -> list[Member]:
    """The organizations for which a person may act, by name; open invitations are taken up on the way.

    A place that is bound to another account with the same address is not theirs.
    """
    if person.is_local:
        everything = organization_queries.search_organizations(tx)
        return [Member(each, person.email, Role.OWNER, person.name, is_local=True) for each in everything]
    found = member_queries.search_memberships(tx, person.email)
    invited = [each.organization.id for each in found if each.subject is None]
    if invited:
        account = {"issuer": person.issuer, "subject": person.subject, "name": person.name}
        member_queries.bind_account(tx, invited, person.email, account)
    member_queries.note_visit(tx, person.email)
    return [_as_member(each) for each in found if _is_theirs(each, person)]


def get_membership(tx: Connection, person: Person, slug_or_id: str) -> Member:
    """The person as a member of this organization.

    Raises:
        NotFound: there is no such organization, or it is not theirs: the answer is the same.
    """
    for member in search_memberships(tx, person):
        if slug_or_id.lower() in (member.organization.slug, str(member.organization.id)):
            return member
    raise NotFound(
        "There is no such organization, or you are not a member of it. Ask one of its owners to invite you.",
        code="organization_not_found",
    )


@contextmanager
def acting(member: Member, role: Role = Role.VIEWER) -> Iterator[Connection]:
    """A transaction in which the member acts for the organization, for pages.

    The place is looked up anew, so that one who was removed or demoted in the meantime stops at once, in whatever
    tab. For viewers the database itself refuses to write.

    Args:
        role: what is needed for the action.

    Raises:
        NotAllowed: the member has not got that role.
        NotFound: the person is no member any more.
    """
    with database.transaction(member.organization.id) as tx:
        now = member if member.is_local else _look_up(tx, member)
        now.require(role)
        with nullcontext() if now.may_import else database.looking_only(tx):
            yield tx


def invite(tx: Connection, member: Member, email: str, role: Role) -> MemberRow:
    """Let the person with this address in, from their next sign-in on.

    Raises:
        NotAllowed: only owners invite.
        Invalid: `email_invalid`.
        Conflict: `member_exists`.
    """
    member.require(Role.OWNER)
    return add_member(tx, member.organization, email, role, member.email)


def add_member(tx: Connection, organization: Organization, email: str, role: Role, who: str) -> MemberRow:
    """Invite without being a member: the operator lets the first owner in, from the command line.

    Raises:
        Invalid: `email_invalid`.
        Conflict: `member_exists`.
    """
    address = clean_email(email)
    if not member_queries.insert_member(tx, address, role.value, who):
        raise Conflict(f"{address} is already a member of {organization.name}, or invited.", code="member_exists")
    return member_queries.get_member(tx, address)


def search_members(tx: Connection) -> list[MemberRow]:
    """The organization's members and invitations by address."""
    return member_queries.search_members(tx)


def change_role(tx: Connection, member: Member, email: str, role: Role) -> None:
    """Change what somebody may do.

    Raises:
        NotAllowed: only owners do.
        NotFound: no such member.
        Conflict: `last_owner`; an organization keeps one owner who has joined.
    """
    member.require(Role.OWNER)
    if role is not Role.OWNER:
        _require_other_owner(tx, email)
    if not member_queries.update_role(tx, email, role.value):
        raise _no_member(email)


def remove_member(tx: Connection, member: Member, email: str) -> None:
    """End a membership, or take an invitation back; their open tabs stop working at the next click.

    Raises:
        NotAllowed: only owners do.
        NotFound: no such member.
        Conflict: `last_owner`.
    """
    member.require(Role.OWNER)
    _require_other_owner(tx, email)
    if not member_queries.delete_member(tx, email):
        raise _no_member(email)


def clean_email(email: str) -> str:
    """The address as it is stored and compared: without blanks, in lower case. Raises Invalid."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as cause:
        raise Invalid(f"{email.strip()!r} is not an e-mail address. {cause}", code="email_invalid") from cause


def _require_other_owner(tx: Connection, email: str) -> None:
    if member_queries.lock_owners(tx) == [email]:
        raise Conflict(
            f"{email} is the only owner who has signed in. Make somebody else an owner first, and let them sign in.",
            code="last_owner",
        )


def _look_up(tx: Connection, member: Member) -> Member:
    found = member_queries.find_member(tx, member.email)
    if found is None:
        raise NotFound(f"You are no longer a member of {member.organization.name}.", code="organization_not_found")
    return Member(member.organization, member.email, Role(found.role), found.name)


def _is_theirs(place: Membership, person: Person) -> bool:
    return place.subject is None or (place.issuer, place.subject) == (person.issuer, person.subject)


def _as_member(place: Membership) -> Member:
    return Member(place.organization, place.email, Role(place.role), place.name)


def _no_member(email: str) -> NotFound:
    return NotFound(f"{email} is not a member of this organization.", code="member_not_found")
