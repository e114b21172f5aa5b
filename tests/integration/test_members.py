"""Who gets in, and what each role may do, on a real PostgreSQL."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import text

from lead_store import access
from lead_store.access import Member, Organization, Person, Role
from lead_store.errors import Conflict, Invalid, LeadStoreError, NotAllowed, NotFound
from lead_store.storage import database


def has_code(code: str) -> Callable[[LeadStoreError], bool]:
    return lambda error: error.code == code


def someone(name: str = "ana", subject: str | None = None) -> Person:
    """A signed-in person with an address of their own."""
    return Person(f"{name}-{uuid4().hex[:8]}@example.org", name.capitalize(), "https://id.example.org", subject or name)


def join(organization: Organization, person: Person, role: Role) -> Member:
    """Invited and signed in."""
    with database.transaction(organization.id) as tx:
        access.add_member(tx, organization, person.email, role, "test")
    with database.transaction() as tx:
        return access.get_membership(tx, person, organization.slug)


@pytest.fixture
def owner(organization: Organization) -> Member:
    return join(organization, someone("owner"), Role.OWNER)


@pytest.fixture
def viewer(organization: Organization) -> Member:
    return join(organization, someone("viewer"), Role.VIEWER)


@pytest.fixture
def importer(organization: Organization) -> Member:
    return join(organization, someone("importer"), Role.IMPORTER)


def test_invited_person_comes_in_by_signing_in_with_that_address(organization, owner):
    ana = someone()
    with access.acting(owner, Role.OWNER) as tx:
        access.invite(tx, owner, f"  {ana.email.upper()} ", Role.VIEWER)
    with database.transaction() as tx:
        member = access.get_membership(tx, ana, organization.slug)
    assert (member.role, member.organization) == (Role.VIEWER, organization)
    with access.acting(owner) as tx:
        [joined] = [each for each in access.search_members(tx) if each.email == ana.email]
    assert joined.joined_at is not None


def test_another_account_with_the_same_address_does_not_inherit_the_place(organization, owner):
    ana = someone("ana", subject="1")
    join(organization, ana, Role.OWNER)
    successor = Person(ana.email, "Somebody else", ana.issuer, "2")
    with database.transaction() as tx, pytest.raises(NotFound):
        access.get_membership(tx, successor, organization.slug)


def test_other_organization_and_none_at_all_get_the_same_answer(owner):
    person = Person(owner.email, None, "https://id.example.org", "owner")
    answers = []
    for slug in ("demo", "no-such-organization"):
        with database.transaction() as tx, pytest.raises(NotFound) as refusal:
            access.get_membership(tx, person, slug)
        answers.append((refusal.value.code, refusal.value.detail))
    assert answers[0] == answers[1]


def test_signed_in_but_not_invited_is_member_of_nothing():
    with database.transaction() as tx:
        assert access.search_memberships(tx, someone("stranger")) == []


def test_local_user_owns_every_organization(organization):
    with database.transaction() as tx:
        memberships = access.search_memberships(tx, access.local_person())
    assert {"demo", organization.slug} <= {each.organization.slug for each in memberships}
    assert all(each.role is Role.OWNER for each in memberships)


def test_member_of_several_organizations_acts_for_each_in_its_own_role(organization):
    with database.transaction() as tx:
        second = access.create_organization(tx, f"second-{uuid4().hex[:8]}", "Second")
    ana = someone()
    join(organization, ana, Role.VIEWER)
    join(second, ana, Role.OWNER)
    with database.transaction() as tx:
        roles = {each.organization.slug: each.role for each in access.search_memberships(tx, ana)}
    assert roles == {organization.slug: Role.VIEWER, second.slug: Role.OWNER}


@pytest.mark.parametrize(
    ("role", "may_import", "may_manage"),
    [(Role.VIEWER, False, False), (Role.IMPORTER, True, False), (Role.OWNER, True, True)],
)
def test_what_each_role_may_do(organization, role, may_import, may_manage):
    member = join(organization, someone(), role)
    assert (member.may_import, member.may_manage) == (may_import, may_manage)
    with access.acting(member):
        pass
    for needed, is_allowed in ((Role.IMPORTER, may_import), (Role.OWNER, may_manage)):
        if is_allowed:
            with access.acting(member, needed):
                pass
        else:
            with (
                pytest.raises(NotAllowed, check=has_code("role_insufficient")),
                access.acting(member, needed),
            ):
                pass


def test_viewer_cannot_write_even_where_the_page_forgot_to_ask(viewer):
    with pytest.raises(NotAllowed, check=has_code("role_insufficient")), access.acting(viewer) as tx:
        tx.execute(text("update import set file_name = 'x'"))


def test_importer_does_not_manage_members(importer, viewer):
    for manage in (
        lambda tx: access.invite(tx, importer, "x@example.org", Role.VIEWER),
        lambda tx: access.change_role(tx, importer, importer.email, Role.OWNER),
        lambda tx: access.remove_member(tx, importer, viewer.email),
    ):
        with pytest.raises(NotAllowed), access.acting(importer) as tx:
            manage(tx)


def test_demotion_and_removal_take_effect_in_open_tabs(owner, importer):
    with access.acting(owner, Role.OWNER) as tx:
        access.change_role(tx, owner, importer.email, Role.VIEWER)
    with pytest.raises(NotAllowed), access.acting(importer, Role.IMPORTER):
        pass
    with access.acting(owner, Role.OWNER) as tx:
        access.remove_member(tx, owner, importer.email)
    with pytest.raises(NotFound), access.acting(importer):
        pass


@pytest.mark.parametrize(
    "go",
    [
        lambda tx, owner: access.remove_member(tx, owner, owner.email),
        lambda tx, owner: access.change_role(tx, owner, owner.email, Role.VIEWER),
    ],
    ids=["leaves", "steps down"],
)
def test_last_owner_stays_even_beside_an_open_invitation(owner, go):
    with access.acting(owner, Role.OWNER) as tx:
        access.invite(tx, owner, someone().email, Role.OWNER)
    with access.acting(owner, Role.OWNER) as tx, pytest.raises(Conflict, check=has_code("last_owner")):
        go(tx, owner)


def test_inviting_twice_is_a_conflict_whatever_the_letter_case(owner, viewer):
    with access.acting(owner, Role.OWNER) as tx, pytest.raises(Conflict, check=has_code("member_exists")):
        access.invite(tx, owner, viewer.email.upper(), Role.OWNER)


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a b@example.org", "ana@example.org\nbcc: eve@example.org"])
def test_what_is_no_address_cannot_be_invited(owner, email):
    with access.acting(owner, Role.OWNER) as tx, pytest.raises(Invalid, check=has_code("email_invalid")):
        access.invite(tx, owner, email, Role.VIEWER)


def test_unknown_member_is_not_found(owner):
    with access.acting(owner, Role.OWNER) as tx:
        for act in (access.remove_member, lambda *a: access.change_role(*a, Role.VIEWER)):
            with pytest.raises(NotFound):
                act(tx, owner, "nobody@example.org")
