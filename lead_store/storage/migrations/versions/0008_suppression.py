"""What remains of erased people who had opted out: a keyed hash of how each was reached."""

from alembic import op

revision = "0008"
down_revision = "0007"

SUPPRESSION = """
create table suppression_key (
    organization_id uuid primary key references organization,
    inner_key bytea not null,
    outer_key bytea not null
);
comment on table suppression_key is 'Keys of NMAC-SHA-256: one pair for each organization, so that no two can compare.';

create table suppression (
    organization_id uuid not null references organization,
    identifier_hash bytea not null,
    created_at timestamptz not null default now(),
    primary key (organization_id, identifier_hash)
);
"""


def upgrade() -> None:
    op.execute(SUPPRESSION)
    for table in ("suppression_key", "suppression"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy own on {table} to lead_store_app, lead_store_platform"
            " using (organization_id = (select current_organization()))"
        )
        op.execute(f"grant select on {table} to lead_store_app")
        op.execute(f"grant select, insert on {table} to lead_store_platform")
