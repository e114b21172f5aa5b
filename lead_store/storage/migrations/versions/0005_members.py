"""Members of organizations with their roles, and invitations."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    pass
