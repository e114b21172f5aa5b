"""What a row costs in bulk: lead ids without a draw from the system for each; groups and batches found by index."""

from alembic import op

revision = "0013"
down_revision = "0012"

# Each draw from the system's random source is a call into it, and took longer than all else about an id. One draw is
# hashed with each row's number instead. An id is of version 8 (RFC 9562): it lies beside those of people whose
# identifiers begin alike, in a place whose seed each database draws for itself, and tells nothing else.
LEAD_IDS = """
drop function new_lead_id(text);
do $do$ begin
    execute format($function$
        create function new_lead_id(match_key text, draw text, number integer) returns uuid
        language sql immutable parallel safe as $$
            select overlay(overlay(overlay(md5(draw || number::text)
                placing lpad(to_hex(hashtextextended(left(match_key, 7), %s) & 16777215), 6, '0') from 1 for 6)
                placing '8' from 13 for 1) placing 'a' from 17 for 1)::uuid
        $$ $function$, ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 17))::bit(64)::bigint);
end $do$;
"""

# Keys and row numbers together: who stands in a file twice is seen in the index alone.
SEAL_STAGING = """
create or replace function seal_staging(import uuid) returns void
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
    execute format('create index on %I (match_key, row_number)', name);
    execute format('analyze %I (match_key)', name);
end $$;
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
    -- Rows lie in the order of their keys, and so in that of their batches; pages of ranges that were matched at the
    -- same time lie among each other.
    execute format('create index on %I using brin (least(identifier, variant)) with (pages_per_range = 1)', part);
    execute format('create index on %I using brin (batch_number) with (pages_per_range = 1)', part);
    execute format('create index on %I (group_number, row_number) where group_number is not null', part);
    execute format('create index on %I (batch_number) where group_number is not null', part);
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
    for script in (LEAD_IDS, SEAL_STAGING, CLOSE_STAGING):
        run(script)
