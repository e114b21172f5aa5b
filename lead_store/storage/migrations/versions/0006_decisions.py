"""Decisions, edits, hints and undo of imports."""

from alembic import op

revision = "0006"
down_revision = "0005"

# What a person decided is kept apart from the facts that follow from it, so that a review made anew finds it again.
DECISIONS = """
create table import_decision (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    subject text not null check (subject in ('group', 'email', 'phone', 'conflict', 'hint', 'drift')),
    key text collate "C" not null,
    choice text not null,
    row_number integer,
    lead_id uuid,
    decided_by text not null,
    decided_at timestamptz not null default clock_timestamp(),
    primary key (import_id, subject, key)
);
comment on column import_decision.key is 'The identifier of a group or conflict, a shared address, or a row number.';
comment on column import_decision.row_number is 'The row that was chosen, where one was.';
comment on column import_decision.lead_id is 'The lead that was chosen, where one was.';

alter table import_group add owner_row integer, add is_one_person boolean not null default false;
comment on column import_group.owner_row is 'The row whose person has the identifier, where a person chose it.';

alter table import_row add dropped jsonb;
comment on column import_row.dropped is 'Profile addresses that a decision left out, by field, to be put back.';

create table import_address (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    field text not null check (field in ('email', 'phone')),
    address text not null,
    rows integer not null,
    names integer not null,
    some_names text[] not null,
    some_rows integer[] not null,
    is_placeholder boolean not null,
    decision text,
    primary key (import_id, field, address)
);
create index import_address_rows on import_address (import_id, field, rows desc, address);
comment on table import_address is 'Profile addresses that several people of the file have in common.';

create table import_edit (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    row_number integer not null,
    column_index integer not null,
    old text,
    new text,
    edited_by text not null,
    edited_at timestamptz not null default clock_timestamp()
);
create index import_edit_row on import_edit (import_id, row_number);

create table import_hint (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    row_number integer not null,
    lead_id uuid not null,
    reason text not null check (reason in ('same_email', 'same_external_id', 'one_digit')),
    decision text check (decision in ('link', 'leave')),
    primary key (import_id, row_number)
);
"""

# What people type where an address is demanded: a word for nothing, the same before and after the @, one digit
# or letter repeated. An address of ten people with different names is taken for one whatever its shape.
PLACEHOLDERS = r"""
create function is_placeholder(address text) returns boolean language sql immutable parallel safe as $$
    select case when address like '%@%' then
        split_part(address, '@', 1) ~ ('^(n\.?/?a|none|null|nil|nada|nao|no|sem|nomail|noemail|no-?e?-?mail|'
            || 'nao-?tem|sem-?e?-?mail|e?-?mail|teste?|asdf\w*|exemplo|example|usuario|user|abc|123\d*|(\w)\2{2,})$')
        or split_part(address, '@', 1) = split_part(split_part(address, '@', 2), '.', 1)
    else regexp_replace(address, '\D', '', 'g') ~ '(\d)\1{6,}$' end
$$;
"""

# Staged rows lie in the order of their batches until decisions and corrections touch them; each batch would then
# read all rows that were touched.
BATCHES = """
create function index_batches(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    part text := 'import_row_' || replace(import::text, '-', '');
begin
    perform require_own_import(import);
    execute format('create index if not exists %I on %I (batch_number)', part || '_batch', part);
    execute format('analyze %I (batch_number)', part);
end $$;
revoke all on function index_batches(uuid) from public;
grant execute on function index_batches(uuid) to lead_store_app;
"""

DIGITS = """
create function digits_that_differ(one text, other text) returns integer
language sql immutable parallel safe as $$
    select count(*)::integer from generate_series(1, length(one)) place
    where substr(one, place, 1) <> substr(other, place, 1)
$$;
"""

# Changes are taken back by comparing: what is still as the import left it returns to what it was before.
UNDO = """
alter table import add undo_started_at timestamptz;
alter table import_batch add removed integer not null default 0, add restored integer not null default 0;

alter table import_change add key text not null default '';
alter table import_change drop constraint import_change_pkey;
alter table import_change add primary key (import_id, lead_id, target, key);
alter table import_change drop constraint import_change_target_check;
alter table import_change add constraint import_change_target_check
    check (target in ('lead', 'lead_organization', 'channel_identity'));
create index import_change_batch on import_change (import_id, batch_number);
comment on column import_change.key is 'Of a channel_identity that the import gave to a lead: the identifier.';

create table import_kept (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    lead_id uuid not null,
    reason text not null check (reason in ('edited_since', 'later_import', 'later_event')),
    fields text[] not null default '{}',
    primary key (import_id, lead_id)
);
comment on table import_kept is 'Leads that an undo left, whole or in some fields, and why.';

create function taken_back(present jsonb, before jsonb, after jsonb) returns jsonb
language sql immutable parallel safe as $$
    select case when present = after then before else coalesce((
        select jsonb_object_agg(key, value) from (
            select key, case when after -> key is distinct from before -> key
                    and present -> key is not distinct from after -> key
                then before -> key else present -> key end as value
            from jsonb_object_keys(present || before) key) each
        where value is not null), '{}') end
$$;

create function tags_taken_back(present text[], before text[], after text[]) returns text[]
language sql immutable parallel safe as $$
    select case when present = after then before else array(
        select tag from unnest(present) with ordinality as t(tag, place)
        where tag <> all(after) or tag = any(before) order by place) end
$$;

create function organization_of_import(import uuid) returns uuid
language sql stable security definer set search_path = public as $$
    select i.organization_id from import i where i.id = organization_of_import.import
$$;
revoke all on function organization_of_import(uuid) from public;
grant execute on function organization_of_import(uuid) to lead_store_platform;
"""

SCOPED_TABLES = ("import_decision", "import_address", "import_edit", "import_hint", "import_kept")


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read colons and % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (DECISIONS, PLACEHOLDERS, BATCHES, DIGITS, UNDO):
        run(script)
    for table in SCOPED_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy own on {table} to lead_store_app, lead_store_platform"
            " using (organization_id = (select current_organization()))"
        )
        op.execute(f"grant select, insert, update, delete on {table} to lead_store_app, lead_store_platform")
