"""A fresh home has one organization, `demo`."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("insert into organization (slug, name, default_region) values ('demo', 'Demo', 'BR')")
