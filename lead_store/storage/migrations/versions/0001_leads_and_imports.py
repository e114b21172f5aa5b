"""Organizations, leads, imports, and row-level security by organization."""

from alembic import op

revision = "0001"
down_revision = None

# The organization for which the transaction acts; null where none is set, so that nothing is seen.
SCOPE = """
create function current_organization() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('lead_store.organization_id', true), '')::uuid $$;
"""

LEADS = """
create table organization (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null,
    default_region text,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now()
);

create table lead (
    id uuid primary key,
    name text,
    email text,
    phone text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Identifiers are compared byte by byte: collation "C" makes the key's order that of the batches, and cheap.
create table channel_identity (
    channel text not null,
    channel_identifier text collate "C" not null,
    lead_id uuid not null references lead,
    created_at timestamptz not null default now(),
    primary key (channel, channel_identifier)
);
create index channel_identity_lead on channel_identity (lead_id);

create table lead_organization (
    organization_id uuid not null references organization,
    lead_id uuid not null references lead,
    name text,
    email text,
    phone text,
    external_id text,
    tags text[] not null default '{}',
    attributes jsonb not null default '{}',
    opted_out_at timestamptz,
    import_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, lead_id)
);
create index lead_organization_lead on lead_organization (lead_id);
create index lead_organization_external_id on lead_organization (organization_id, external_id)
    where external_id is not null;
comment on column lead_organization.import_id is 'The import that made the link, where one did.';
"""

IMPORTS = """
create table import (
    id uuid primary key,
    organization_id uuid not null references organization,
    created_by text not null,
    file_name text not null,
    object_key text not null,
    byte_count bigint not null,
    sha256 text not null,
    dialect jsonb,
    inspection jsonb,
    mapping jsonb,
    fingerprint text,
    region text,
    channel text not null default 'whatsapp' check (channel in ('whatsapp', 'sms', 'email')),
    on_existing text not null default 'update' check (on_existing in ('update', 'fill', 'skip')),
    rules jsonb not null default '{}',
    status text not null check (status in ('received', 'mapped', 'preparing', 'in_review', 'importing', 'paused',
        'imported', 'undoing', 'undone', 'cancelled', 'failed')),
    error jsonb,
    rows_read integer,
    created integer,
    updated integer,
    unchanged integer,
    merged integer,
    skipped integer,
    rejected integer,
    review jsonb,
    seconds jsonb not null default '{}',
    rejected_key text,
    notify_url text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    reviewed_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    constraint ledger_balances check (
        status <> 'imported'
        or coalesce(rows_read = created + updated + unchanged + merged + skipped + rejected, false))
);
create index import_organization on import (organization_id, created_at desc);

create table import_row (
    organization_id uuid not null,
    import_id uuid not null,
    row_number integer not null,
    batch_number integer not null,
    identifier text collate "C",
    variant text collate "C",
    name text,
    email text,
    phone text,
    external_id text,
    tags text[],
    attributes jsonb,
    opted_out boolean,
    raw text[],
    problems jsonb,
    blocking text,
    repair text,
    group_number integer,
    is_folded boolean not null default false,
    is_other_person boolean not null default false,
    decision text,
    lead_id uuid,
    is_known boolean not null default false,
    is_linked boolean not null default false,
    fills smallint not null default 0,
    changes smallint not null default 0,
    outcome text check (outcome in ('created', 'updated', 'unchanged', 'merged', 'skipped', 'rejected')),
    reason text
) partition by list (import_id);
comment on column import_row.variant is 'The other form under which the same WhatsApp person may be known.';
comment on column import_row.blocking is 'The problem that keeps the row out.';
comment on column import_row.is_folded is 'Not the row that stands for its group: its values go into that row.';
comment on column import_row.is_other_person is 'Its name plainly differs from that of the group''s first row.';
comment on column import_row.fills is 'Fields, as bits, that are blank in the store and filled here.';
comment on column import_row.changes is 'Fields, as bits, that differ from what is stored.';
comment on column import_row.outcome is 'The bucket where it came out differently from the plan, with its reason.';

create table import_group (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    group_number integer not null,
    match_key text collate "C" not null,
    rows integer not null,
    first_row integer,
    first_name text,
    other_people integer not null default 0,
    decision text,
    primary key (import_id, group_number)
);

create table import_batch (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    batch_number integer not null,
    rows integer not null,
    status text not null default 'pending' check (status in ('pending', 'running', 'done', 'failed', 'undone')),
    created integer not null default 0,
    updated integer not null default 0,
    unchanged integer not null default 0,
    merged integer not null default 0,
    skipped integer not null default 0,
    rejected integer not null default 0,
    attempts integer not null default 0,
    started_at timestamptz,
    finished_at timestamptz,
    error text,
    primary key (import_id, batch_number),
    constraint batch_balances check (
        status <> 'done' or rows = created + updated + unchanged + merged + skipped + rejected)
);

create table import_change (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    lead_id uuid not null,
    batch_number integer not null,
    target text not null check (target in ('lead', 'lead_organization')),
    before jsonb not null,
    after jsonb not null,
    changed_at timestamptz not null default now(),
    primary key (import_id, lead_id, target)
);
create index import_change_lead on import_change (lead_id);

create table import_history (
    organization_id uuid not null,
    import_id uuid not null references import on delete cascade,
    happened_at timestamptz not null default clock_timestamp(),
    who text not null,
    what text not null,
    details jsonb not null default '{}'
);
create index import_history_import on import_history (import_id, happened_at);

create table saved_mapping (
    organization_id uuid not null references organization,
    fingerprint text not null,
    mapping jsonb not null,
    region text,
    channel text not null,
    on_existing text not null,
    rules jsonb not null default '{}',
    saved_by text not null,
    saved_at timestamptz not null default now(),
    primary key (organization_id, fingerprint)
);
"""

# The rows of an import come in by COPY, which row-level security does not allow; so they are copied into a
# plain table of their own, ordered and matched from there into the partition, and the plain table dropped.
STAGING = """
create function require_own_import(import uuid) returns void
language plpgsql security definer set search_path = public as $$
begin
    if not exists (select 1 from import i
                   where i.id = require_own_import.import and i.organization_id = current_organization()) then
        raise insufficient_privilege using message = 'another organization''s import';
    end if;
end $$;

create function open_staging(import uuid) returns void
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
    execute format('create table %I (like import_row including defaults including constraints)', part);
    execute format('alter table %I alter organization_id set default %L, alter import_id set default %L',
        part, current_organization(), import);
    execute format('grant select, insert on %I to lead_store_app, lead_store_platform', intake);
    execute format('grant select, insert, update on %I to lead_store_app, lead_store_platform', part);
end $$;

create function analyze_intake(import uuid) returns void
language plpgsql security definer set search_path = public as $$
begin
    perform require_own_import(import);
    execute format('analyze %I (identifier, variant, blocking)', 'import_intake_' || replace(import::text, '-', ''));
    analyze import_group (import_id, match_key);
end $$;

create function analyze_leads() returns void
language plpgsql security definer set search_path = public as $$
begin
    analyze lead (id), channel_identity (channel, channel_identifier, lead_id), lead_organization
        (organization_id, lead_id);
end $$;

create function close_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    bare text := replace(import::text, '-', '');
    part text := 'import_row_' || bare;
begin
    perform require_own_import(import);
    execute format('drop table %I', 'import_intake_' || bare);
    execute format('create unique index on %I (row_number)', part);
    -- Rows lie in the order of their batches.
    execute format('create index on %I using brin (batch_number) with (pages_per_range = 16)', part);
    execute format('create index on %I (group_number, row_number) where group_number is not null', part);
    execute format('create index on %I (row_number) where blocking is not null', part);
    execute format('revoke all on %I from lead_store_app, lead_store_platform', part);
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I add constraint %I check (import_id = %L)', part, part || '_check', import);
    execute format('analyze %I (row_number, batch_number, blocking, group_number, is_folded, is_linked,
        fills, changes, decision, outcome)', part);
    execute format('alter table import_row attach partition %I for values in (%L)', part, import);
end $$;

create function drop_staging(import uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    bare text := replace(import::text, '-', '');
begin
    perform require_own_import(import);
    execute format('drop table if exists %I', 'import_intake_' || bare);
    execute format('drop table if exists %I', 'import_row_' || bare);
end $$;
"""

# Two names are plainly different people unless each word of the shorter one stands in the longer one, whole
# or as an initial. Case, accents, order, particles and missing middle names make no difference; a blank name
# differs from nobody.
NAMES = r"""
create function name_words(name text) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(word), '{}') from regexp_split_to_table(
        regexp_replace(lower(normalize(name, NFKD)), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+') word
    where word <> '' and word not in ('da', 'de', 'do', 'das', 'dos', 'e', 'del', 'la', 'las', 'los', 'y', 'di',
        'du', 'des', 'le', 'van', 'von', 'der', 'den', 'und', 'mr', 'mrs', 'ms', 'dr', 'dra', 'sr', 'sra', 'jr')
$$;

create function words_within(shorter text[], longer text[]) returns boolean
language sql immutable parallel safe as $$
    select not exists (
        select 1 from unnest(shorter) s
        where not exists (select 1 from unnest(longer) l
            where l = s or (length(s) = 1 and starts_with(l, s)) or (length(l) = 1 and starts_with(s, l))))
$$;

create function names_differ(one text, other text) returns boolean language sql immutable parallel safe as $$
    select case when cardinality(a) = 0 or cardinality(b) = 0 then false
        when cardinality(a) <= cardinality(b) then not words_within(a, b)
        else not words_within(b, a) end
    from (select name_words(one) as a, name_words(other) as b) words
$$;
"""

# Time-ordered ids (RFC 9562, version 7) keep the keys' pages together. PostgreSQL has them from 18 on.
LEAD_IDS = """
do $do$ begin
    if current_setting('server_version_num')::int >= 180000 then
        execute 'create function new_lead_id() returns uuid language sql volatile parallel safe as
            $$ select uuidv7() $$';
    else
        execute 'create function new_lead_id() returns uuid language sql volatile parallel safe as $$
            select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6), 52, 1), 53, 1), ''hex'')::uuid $$';
    end if;
end $do$;
"""

# How the rows of one person fold into one: attributes key by key, tags side by side, in the order given.
FOLDING = """
create aggregate merged_attributes(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
create aggregate joined_tags(text[]) (sfunc = array_cat, stype = text[], initcond = '{}');

create function distinct_tags(tags text[]) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(tag order by place), '{}')
    from (select tag, min(place) as place from unnest(tags) with ordinality as t(tag, place) group by tag) once
$$;
"""

SCOPED_TABLES = (
    "lead_organization",
    "import",
    "import_row",
    "import_group",
    "import_batch",
    "import_change",
    "import_history",
    "saved_mapping",
)

SECURITY = """
alter table organization enable row level security;
create policy own on organization to lead_store_app using (id = (select current_organization()));
create policy every on organization to lead_store_platform using (true);

alter table lead enable row level security;
create policy linked on lead for select to lead_store_app using (exists (
    select 1 from lead_organization l
    where l.lead_id = lead.id and l.organization_id = (select current_organization())));
create policy every on lead to lead_store_platform using (true);

alter table channel_identity enable row level security;
create policy linked on channel_identity for select to lead_store_app using (exists (
    select 1 from lead_organization l
    where l.lead_id = channel_identity.lead_id and l.organization_id = (select current_organization())));
create policy every on channel_identity to lead_store_platform using (true);

grant select on organization, lead, channel_identity to lead_store_app;
grant select, insert, update on organization to lead_store_platform;
grant select, insert, update, delete on lead, channel_identity to lead_store_platform;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read format()'s % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (SCOPE, LEADS, IMPORTS, STAGING, NAMES, LEAD_IDS, FOLDING):
        run(script)
    for table in SCOPED_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy own on {table} to lead_store_app, lead_store_platform"
            " using (organization_id = (select current_organization()))"
        )
        op.execute(f"grant select, insert, update, delete on {table} to lead_store_app, lead_store_platform")
    run(SECURITY)
