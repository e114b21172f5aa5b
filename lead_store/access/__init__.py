"""Who may act for which organization.

organizations    the tenants
roles            what a member may do: look, import, manage
members          invited by e-mail address, joined by signing in, removed
sign_in          how people sign in (OIDC), and who a signed-in person is
local_user       the one user where no sign-in is configured, on this machine alone
"""

from lead_store.access.loopback import (
    LOCAL_HOSTS,
    LoopbackOnly,
    find_listening_addresses,
    refuse_open_addresses,
    require_loopback,
)
from lead_store.access.members import (
    acting,
    add_member,
    change_role,
    get_membership,
    invite,
    remove_member,
    search_members,
    search_memberships,
)
from lead_store.access.organizations import (
    check_region,
    create_organization,
    get_organization,
    search_organizations,
)
from lead_store.access.page_headers import PageHeaders, SignInCookies
from lead_store.access.roles import Member, Role
from lead_store.access.sign_in import Person, get_sign_in, local_person, recognise
from lead_store.storage.organization_queries import Organization

__all__ = [
    "LOCAL_HOSTS",
    "LoopbackOnly",
    "Member",
    "Organization",
    "PageHeaders",
    "Person",
    "Role",
    "SignInCookies",
    "acting",
    "add_member",
    "change_role",
    "check_region",
    "create_organization",
    "find_listening_addresses",
    "get_membership",
    "get_organization",
    "get_sign_in",
    "invite",
    "local_person",
    "recognise",
    "refuse_open_addresses",
    "remove_member",
    "require_loopback",
    "search_members",
    "search_memberships",
    "search_organizations",
]
