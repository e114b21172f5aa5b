"""What a row costs in bulk, again: lead ids without text functions; indexes that few rows are in, made beforehand."""

from alembic import op

revision = "0014"
down_revision = "0013"

# The same place for the same beginning of a key as before, in half the time: overlay() of a text goes through its
# characters one by one, each time.
LEAD_IDS = r"""
do $do$
declare
    seed bigint := substring(pg_get_functiondef('new_lead_id(text, text, integer)'::regprocedure)
        from 'left\(match_key, 7\), (-?\d+)');
begin
    execute format($function$
        create or replace function new_lead_id(match_key text, draw text, number integer) returns uuid
        language sql immutable parallel safe as $$
            select encode(set_byte(set_byte(overlay(decode(md5(draw || number::text), 'hex')
                placing substring(int8send(hashtextextended(left(match_key, 7), %s)) from 6) from 1)
                , 6, 128), 8, 160), 'hex')::uuid
        $$ $function$, seed);
end $do$;
"""

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
    execute format('alter table %I alter organization_id set default %L, alter import_id set default %L,
        add constraint %I check (import_id = %L)', part, current_organization(), import, part || '_check', import);
    -- Few rows are in these, and they come from several connections at once.
    execute format('create index on %I (row_number) where problems @> ''[{"code": "identity_conflict"}]''', part);
    execute format('create index on %I (row_number) where reason = ''drift''', part);
    execute format('create index on %I (group_number, row_number) where group_number is not null', part);
    execute format('create index on %I (batch_number) where group_number is not null', part);
    execute format('grant select, insert on %I to lead_store_app, lead_store_platform', intake);
    execute format('grant select, insert, update on %I to lead_store_app, lead_store_platform', part);
end $$;
"""

# Indexes that all rows are in are quicker made at once than row by row. Few of the columns have many values: a smaller
# sample tells as much.
CLOSE_STAGING = """
create or replace function close_staging(import uuid) returns void
language plpgsql security definer set search_path = public set default_statistics_target = 30 as $$
declare
    bare text := replace(import::text, '-', '');
    part text := 'import_row_' || bare;
begin
    perform require_own_import(import);
    execute format('drop table %I', 'import_intake_' || bare);
    execute format('create unique index on %I (row_number)', part);
    execute format('create index on %I (facts, row_number)', part);
    -- Rows lie in the order of their keys, and so in that of their batches; pages of ranges that were matched at the
    -- same time lie among each other.
    execute format('create index on %I using brin (least(identifier, variant)) with (pages_per_range = 1)', part);
    execute format('create index on %I using brin (batch_number) with (pages_per_range = 1)', part);
    execute format('revoke all on %I from lead_store_app, lead_store_platform', part);
    execute format('drop policy own on %I', part);
    execute format('alter table %I reset (autovacuum_enabled)', part);
    execute format('analyze %I (row_number, batch_number, blocking, group_number, is_folded, is_linked,
        fills, changes, decision, outcome, facts)', part);
    execute format('alter table import_row attach partition %I for values in (%L)', part, import);
end $$;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read format()'s % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (LEAD_IDS, OPEN_STAGING, CLOSE_STAGING):
        run(script)
