"""What keeps each screen and decision of a review quick at a million rows; and lead ids that tell nothing."""

from alembic import op

revision = "0007"
down_revision = "0006"

# The facts on which a row's bucket depends, as one number: an index on it finds any page of any bucket. A column and
# not an expression, which row-level security would keep away from the index. Seven bits of a hash of `blocking` keep
# its codes apart for the most part; whoever wants one code checks it as well.
FACTS = """
alter table import_row add facts integer generated always as (
    fills::integer + (changes::integer << 8) + (is_folded::integer << 15) + (is_linked::integer << 16)
    + (case decision when 'skip' then 1 when 'reject' then 2 else 0 end << 17)
    + (case outcome when 'created' then 1 when 'updated' then 2 when 'unchanged' then 3 when 'merged' then 4
        when 'skipped' then 5 when 'rejected' then 6 else 0 end << 19)
    + case when blocking is null then 0 else (1 << 22) + ((hashtext(blocking) & 127) << 23) end) stored;
create index import_row_facts on import_row (facts, row_number);
create index import_row_conflict on import_row (row_number) where problems @> '[{"code": "identity_conflict"}]';
create index import_row_drift on import_row (row_number) where reason = 'drift';
create index import_row_key on import_row using brin (least(identifier, variant)) with (pages_per_range = 16);
"""

OPEN_STAGING = """
create or replace function open_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    intake text := 'import_intake_' || replace(import::text, '-', '');
    part text := 'import_row_' || replace(import::text, '-', '');
begin
    perform drop_staging(import);
    execute format('create unlogged table %I (row_number integer, identifier text collate "C",
        variant text collate "C", name text, email text, phone text, external_id text, tags text[],
        attributes text, opted_out boolean, raw text[], problems text, blocking text, repair text)
        with (autovacuum_enabled = false)', intake);
    execute format('create table %I (like import_row including defaults including generated including constraints)',
        part);
    execute format('alter table %I alter organization_id set default %L, alter import_id set default %L',
        part, current_organization(), import);
    execute format('grant select, insert on %I to lead_store_app, lead_store_platform', intake);
    execute format('grant select, insert, update on %I to lead_store_app, lead_store_platform', part);
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
    -- Rows lie in the order of their keys, and so in that of their batches.
    execute format('create index on %I using brin (least(identifier, variant)) with (pages_per_range = 16)', part);
    execute format('create index on %I using brin (batch_number) with (pages_per_range = 16)', part);
    execute format('create index on %I (group_number, row_number) where group_number is not null', part);
    execute format('revoke all on %I from lead_store_app, lead_store_platform', part);
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I add constraint %I check (import_id = %L)', part, part || '_check', import);
    execute format('analyze %I (row_number, batch_number, blocking, group_number, is_folded, is_linked,
        fills, changes, decision, outcome, facts)', part);
    execute format('alter table import_row attach partition %I for values in (%L)', part, import);
end $$;
"""

# Whoever changes staged rows, the difference to what the review counted is noted here, until it is counted in.
DIFFERENCES = """
create table import_difference (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    subject text not null check (subject in ('facts', 'problem', 'repair', 'phone_pattern')),
    key jsonb not null,
    rows integer not null
);
create index import_difference_import on import_difference (import_id);

create function note_difference() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into import_difference (organization_id, import_id, subject, key, rows)
    with changed as (select r.*, -1 as rows from before r union all select r.*, 1 from after r),
    problem as (
        select organization_id, import_id, blocking, p, rows
        from changed, jsonb_array_elements(problems) p where problems is not null)
    select organization_id, import_id, 'facts', jsonb_build_object('blocking', blocking, 'decision', decision,
        'outcome', outcome, 'is_folded', is_folded, 'is_linked', is_linked, 'fills', fills, 'changes', changes),
        sum(rows)
    from changed group by organization_id, import_id, blocking, decision, outcome, is_folded, is_linked, fills, changes
    having sum(rows) <> 0
    union all
    select organization_id, import_id, 'problem', p -> 'code', sum(rows) from problem
    group by organization_id, import_id, p -> 'code' having sum(rows) <> 0
    union all
    select organization_id, import_id, 'repair', to_jsonb(repair), sum(rows) from changed where repair is not null
    group by organization_id, import_id, repair having sum(rows) <> 0
    union all
    select organization_id, import_id, 'phone_pattern', p -> 'pattern', sum(rows) from problem
    where blocking = 'phone_ambiguous' and p ? 'pattern'
    group by organization_id, import_id, p -> 'pattern' having sum(rows) <> 0;
    return null;
end $$;
revoke all on function note_difference() from public;

create trigger note_difference after update on import_row
referencing old table as before new table as after for each statement execute function note_difference();

alter table import_difference enable row level security;
create policy own on import_difference to lead_store_app, lead_store_platform
    using (organization_id = (select current_organization()));
grant select, delete on import_difference to lead_store_app;
"""

ADDRESS_ROWS = """
alter table import_address add row_numbers integer[] not null default '{}';
update import_address set row_numbers = some_rows;
alter table import_address drop some_rows;
comment on column import_address.row_numbers is 'The rows that have, or had, the address, in the order of the file.';
"""

# A time-ordered id would tell an organization to whom a person is new that the lead is older. Random ones would cost
# a page of each index for each person. So ids lie beside those of people whose identifiers begin alike, as those of a
# batch do: in a place that a hash of the beginning gives, whose seed each database draws for itself.
LEAD_IDS = """
drop function new_lead_id();
do $do$ begin
    execute format($function$
        create function new_lead_id(match_key text) returns uuid language sql volatile parallel safe as $$
            select (lpad(to_hex(hashtextextended(left(match_key, 7), %s) & 16777215), 6, '0')
                || substr(gen_random_uuid()::text, 7))::uuid
        $$ $function$, ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 17))::bit(64)::bigint);
end $do$;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read colons and % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (FACTS, OPEN_STAGING, CLOSE_STAGING, DIFFERENCES, ADDRESS_ROWS, LEAD_IDS):
        run(script)
