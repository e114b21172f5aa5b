"""What the review counts is noted range by range, as what changes later is."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("grant insert on import_difference to lead_store_platform")
