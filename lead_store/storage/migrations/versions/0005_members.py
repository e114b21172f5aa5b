"""Members of organizations with their roles, and what was done about people's data."""

from alembic import op

revision = "0005"
down_revision = "0004"

# A member who has not signed in yet is an invitation: joined_at is null. From the first sign-in on, the member
# is that account (issuer, subject), so that whoever is given the same address later does not inherit the place.
MEMBERS = """
create table member (
    organization_id uuid not null references organization,
    email text not null check (email = lower(email)),
    role text not null check (role in ('owner', 'importer', 'viewer')),
    name text,
    issuer text,
    subject text,
    invited_by text not null,
    invited_at timestamptz not null default now(),
    joined_at timestamptz,
    last_seen_at timestamptz,
    primary key (organization_id, email),
    constraint joined_by_an_account check (
        (joined_at is null) = (subject is null) and (issuer is null) = (subject is null))
);
create index member_email on member (email);
alter table member enable row level security;
create policy own on member to lead_store_app using (organization_id = (select current_organization()));
create policy every on member to lead_store_platform using (true);
grant select, insert, update, delete on member to lead_store_app;
grant select, update on member to lead_store_platform;
"""

# What was done, by whom and to how much; never whose data it was, since this outlives the data.
PRIVACY = """
create table privacy_record (
    organization_id uuid not null references organization,
    happened_at timestamptz not null default clock_timestamp(),
    who text not null,
    what text not null check (what in ('exported', 'erased', 'removed by retention')),
    reference uuid,
    counts jsonb not null default '{}'
);
create index privacy_record_organization on privacy_record (organization_id, happened_at desc);
comment on column privacy_record.reference is 'The lead or the import; an erased lead''s id leads to nobody.';
alter table privacy_record enable row level security;
create policy own on privacy_record to lead_store_app, lead_store_platform
    using (organization_id = (select current_organization()));
grant select, insert on privacy_record to lead_store_app, lead_store_platform;

alter table import add removed_at timestamptz;
comment on column import.removed_at is 'When its file and its staged rows were removed; its ledger stays.';
"""

# A lead's own profile, and when it or an identity of it came to be, may come from another organization: whoever
# acts for one organization reads its own view instead. The before-images of profiles are for undo alone.
NOTHING_OF_OTHERS = """
revoke select on lead, channel_identity from lead_store_app;
grant select (id) on lead to lead_store_app;
grant select (channel, channel_identifier, lead_id) on channel_identity to lead_store_app;

drop policy own on import_change;
create policy own on import_change to lead_store_platform
    using (organization_id = (select current_organization()));
create policy own_view on import_change to lead_store_app
    using (organization_id = (select current_organization()) and target <> 'lead')
    with check (organization_id = (select current_organization()));
"""

# A lead goes only when nobody holds it. That somebody does is all that the platform's role may learn of others.
HOLDERS = """
create view lead_holder as select lead_id, organization_id, created_at from lead_organization;
grant select on lead_holder to lead_store_platform;
"""


def upgrade() -> None:
    op.execute(MEMBERS)
    op.execute(PRIVACY)
    op.execute(NOTHING_OF_OTHERS)
    op.execute(HOLDERS)
