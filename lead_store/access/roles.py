"""What a member of an organization may do. Who is a member is left to `members`."""

from dataclasses import dataclass
from enum import StrEnum

from lead_store.errors import NotAllowed
from lead_store.storage.organization_queries import Organization


class Role(StrEnum):
    """Each may do all that the one before it may."""

    VIEWER = "viewer"  # Looks at imports, leads and reports; changes nothing.
    IMPORTER = "importer"  # Also uploads, decides, imports, undoes and dispatches.
    OWNER = "owner"  # Also invites and removes members, makes API keys, sets webhooks and retention.

    def includes(self, other: "Role") -> bool:
        """True where this role may do what `other` may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


REFUSALS = {
    Role.IMPORTER: "You may look here, but not change anything. Ask an owner of {name} to let you import.",
    Role.OWNER: "Only owners of {name} may do this. Ask one of them.",
}


@dataclass(frozen=True)
class Member:
    """A person who acts for one organization, in a role."""

    organization: Organization
    email: str
    role: Role
    name: str | None = None
    is_local: bool = False

    @property
    def may_import(self) -> bool:
        """True for importers and owners."""
        return self.role.includes(Role.IMPORTER)

    @property
    def may_manage(self) -> bool:
        """True for owners."""
        return self.role.includes(Role.OWNER)

    def require(self, role: Role) -> None:
        """Go on only for those who have the role. Raises NotAllowed `role_insufficient`."""
        if not self.role.includes(role):
            raise NotAllowed(
                REFUSALS[role].format(name=self.organization.name), code="role_insufficient", role=self.role.value
            )
