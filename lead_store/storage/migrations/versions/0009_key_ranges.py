"""Rows that are read in one transaction and matched in others, a range of keys each, at the same time."""

from alembic import op

revision = "0009"
down_revision = "0008"

# Between those transactions the tables of an import are there for all sessions to see, and before they become a
# partition they stand outside of import_row's policies: until they are sealed, only the transaction that made them
# sees them; from then on they have a policy of their own. An unlogged table is empty after a crash: whoever finds it
# so has the file read again.
OPEN_STAGING = """
create or replace function open_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    intake text := 'import_intake_' || replace(import::text, '-', '');
    part text := 'import_row_' || replace(import::text, '-', '');
begin
    perform drop_staging(import);
    execute format('create unlogged table %I (
        match_key text collate "C" generated always as (coalesce(least(identifier, variant), '''')) stored,
        row_number integer, identifier text collate "C",
        variant text collate "C", name text, email text, phone text, external_id text, tags text[],
        attributes text, opted_out boolean, raw text[], problems text, blocking text, repair text)
        with (autovacuum_enabled = false)', intake);
    execute format('create table %I (like import_row including defaults including generated including constraints)
        with (autovacuum_enabled = false)', part);
    execute format('alter table %I alter organization_id set default %L, alter import_id set default %L',
        part, current_organization(), import);
    execute format('grant select, insert on %I to lead_store_app, lead_store_platform', intake);
    execute format('grant select, insert, update on %I to lead_store_app, lead_store_platform', part);
end $$;

create function seal_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    name text;
begin
    perform require_own_import(import);
    foreach name in array array['import_intake_', 'import_row_'] loop
        name := name || replace(import::text, '-', '');
        execute format('alter table %I enable row level security', name);
        execute format('create policy own on %I to lead_store_app, lead_store_platform
            using ((select current_organization()) = %L)', name, current_organization());
    end loop;
    name := 'import_intake_' || replace(import::text, '-', '');
    execute format('create index on %I (match_key)', name);
    execute format('analyze %I (match_key)', name);
end $$;
drop function analyze_intake(uuid);
"""

CLOSE_STAGING = """
create or replace function close_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    bare text := replace(import::text, '-', '');
    part text := 'import_row_' || bare;
begin
    perform require_own_import(import);
    execute format('drop table %I', 'import_intake_' || bare);
    execute format('create unique index on %I (row_number)', part);
    execute format('create index on %I (facts, row_number)', part);
    execute format('create index on %I (row_number) where problems @> ''[{"code": "identity_conflict"}]''', part);
    execute format('create index on %I (row_number) where reason = ''drift''', part);
    -- Rows lie in the order of their keys, and so in that of their batches.
    execute format('create index on %I using brin (least(identifier, variant)) with (pages_per_range = 16)', part);
    execute format('create index on %I using brin (batch_number) with (pages_per_range = 16)', part);
    execute format('create index on %I (group_number, row_number) where group_number is not null', part);
    execute format('revoke all on %I from lead_store_app, lead_store_platform', part);
    execute format('drop policy own on %I', part);
    execute format('alter table %I reset (autovacuum_enabled)', part);
    execute format('alter table %I add constraint %I check (import_id = %L)', part, part || '_check', import);
    execute format('analyze %I (row_number, batch_number, blocking, group_number, is_folded, is_linked,
        fills, changes, decision, outcome, facts)', part);
    execute format('alter table import_row attach partition %I for values in (%L)', part, import);
end $$;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read format()'s % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (OPEN_STAGING, CLOSE_STAGING):
        run(script)
