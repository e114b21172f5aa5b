"""API keys, imports asked for by programs, events, deliveries to webhooks, and dispatches."""

from alembic import op

revision = "0004"
down_revision = "0003"

KEYS = """
create table api_key (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organization,
    name text not null,
    prefix text not null unique,
    secret_hash bytea not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_key_organization on api_key (organization_id, created_at desc);
comment on column api_key.secret_hash is 'SHA-256 of the whole key; the key itself is shown once and kept nowhere.';

-- Calls that a key may still make now. Unlogged: after a crash every key simply starts with a full allowance.
create unlogged table api_allowance (
    api_key_id uuid primary key,
    calls double precision not null,
    refilled_at timestamptz not null
);

create table idempotency_key (
    organization_id uuid not null references organization,
    call text not null,
    key text not null,
    body_hash text not null,
    target_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (organization_id, call, key)
);
create index idempotency_key_age on idempotency_key (created_at);

create table import_request (
    id uuid primary key,
    organization_id uuid not null references organization,
    requested_by text not null,
    object_key text not null,
    etag text not null,
    options jsonb not null,
    is_waiting boolean not null default false,
    error jsonb,
    created_at timestamptz not null default now()
);
create index import_request_object on import_request (organization_id, object_key, etag, created_at desc);
comment on column import_request.id is 'Also the id of the import that the request becomes.';
comment on column import_request.is_waiting is 'A person has to match the columns; error says why.';
"""

EVENTS = """
create table event (
    organization_id uuid not null references organization,
    event_id text not null,
    type text not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null default now(),
    source text not null,
    lead_id uuid not null,
    channel text not null,
    channel_identifier text not null,
    data jsonb not null default '{}',
    primary key (organization_id, event_id)
);
create index event_lead on event (lead_id, occurred_at);
comment on column event.event_id is 'Given by the sender: the same id is the same event, however often it is sent.';

create table domain_event (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organization,
    type text not null,
    subject text not null,
    data jsonb not null,
    occurred_at timestamptz not null default clock_timestamp(),
    unique (organization_id, type, subject)
);
comment on table domain_event is 'What the domain tells others (the outbox), once per type and subject.';
"""

WEBHOOKS = """
create table webhook (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organization,
    url text not null,
    event_types text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    unique (organization_id, url)
);

create table signing_secret (
    organization_id uuid not null references organization,
    secret text not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    primary key (organization_id, secret)
);
comment on column signing_secret.expires_at is 'Set when a newer one took over: until then both sign.';

create table delivery (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organization,
    domain_event_id uuid not null references domain_event on delete cascade,
    url text not null,
    status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    unique (domain_event_id, url)
);
create index delivery_organization on delivery (organization_id, created_at desc);

create table delivery_attempt (
    organization_id uuid not null,
    delivery_id uuid not null references delivery on delete cascade,
    attempt integer not null,
    attempted_at timestamptz not null default clock_timestamp(),
    seconds double precision not null,
    status_code integer,
    error text,
    primary key (delivery_id, attempt)
);
"""

# A recipient's lead is not referenced: an undone import may remove the lead, and the account of the dispatch stays.
DISPATCHES = """
create table dispatch (
    id uuid primary key,
    organization_id uuid not null references organization,
    import_id uuid not null,
    channel text not null,
    name text not null,
    template_name text,
    template_body text not null,
    status text not null default 'handing_over' check (status in ('handing_over', 'handed_over', 'failed')),
    accepted integer not null,
    opted_out integer not null,
    missing_variable integer not null,
    total integer not null,
    error jsonb,
    created_by text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    constraint audience_balances check (total = accepted + opted_out + missing_variable)
);
create index dispatch_organization on dispatch (organization_id, created_at desc);
create index dispatch_import on dispatch (import_id);

create table dispatch_recipient (
    organization_id uuid not null,
    dispatch_id uuid not null references dispatch on delete cascade,
    lead_id uuid not null,
    channel_identifier text not null,
    batch_number integer not null,
    status text not null default 'waiting' check (status in ('waiting', 'handed_over', 'opted_out')),
    primary key (dispatch_id, lead_id)
);
create index dispatch_recipient_batch on dispatch_recipient (dispatch_id, batch_number);
create index dispatch_recipient_lead on dispatch_recipient (lead_id);
comment on column dispatch_recipient.status is 'opted_out: between the freezing of the audience and the handing over.';
"""

# Counts over all organizations, and nothing but counts: the scrape of /metrics acts for nobody.
METRICS = """
create function program_metrics() returns table (metric text, label text, value double precision)
language sql stable security definer set search_path = public as $$
    select 'imports', status, count(*)::float8 from import group by status
    union all
    select 'queued_jobs', task_name, count(*)::float8 from procrastinate_jobs
    where status in ('todo', 'doing') group by task_name
    union all
    select 'deliveries', status, count(*)::float8 from delivery group by status
    union all
    select unnest(array['batches_done', 'batch_rows', 'batch_seconds']), '',
        unnest(array[count(*), coalesce(sum(rows), 0),
            coalesce(sum(extract(epoch from finished_at - started_at)), 0)])::float8
    from import_batch where status in ('done', 'undone')
    union all
    select 'batch_attempts_repeated', '', coalesce(sum(greatest(attempts - 1, 0)), 0)::float8 from import_batch
$$;
revoke all on function program_metrics() from public;
grant execute on function program_metrics() to lead_store_app;
"""

SCOPED_TABLES = (
    "api_key",
    "idempotency_key",
    "import_request",
    "event",
    "domain_event",
    "webhook",
    "signing_secret",
    "delivery",
    "delivery_attempt",
    "dispatch",
    "dispatch_recipient",
)

# Whose a key is becomes known only by finding it.
SECURITY = """
create policy every on api_key to lead_store_platform using (true);
grant select, insert, update, delete on api_allowance to lead_store_platform;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read colons and % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (KEYS, EVENTS, WEBHOOKS, DISPATCHES, METRICS):
        run(script)
    for table in SCOPED_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy own on {table} to lead_store_app, lead_store_platform"
            " using (organization_id = (select current_organization()))"
        )
        op.execute(f"grant select, insert, update, delete on {table} to lead_store_app, lead_store_platform")
    run(SECURITY)
