"""How a file was read, where a person chose it: for the next file that, by itself, would be read as that one was."""

from alembic import op

revision = "0018"
down_revision = "0017"

REMEMBERED = """
alter table saved_mapping add reading jsonb not null default '{}', add read_alone text,
    add judged_alone jsonb not null default '{}';
"""


def upgrade() -> None:
    op.execute(REMEMBERED)
