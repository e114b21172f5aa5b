"""Versions of an organization's view of a lead; shared addresses by their index; each name of a group compared once."""

from alembic import op

revision = "0012"
down_revision = "0011"

# Times tell when a transaction began, not in which order they ended, and an undo brings them back. A number that no
# other state of the lead ever has tells whether it is the one that was looked at. Each session takes a thousand of the
# sequence at once, so they say nothing of the order. Leads of before begin with 0, which needs no table to be written
# anew. Whoever updates a row sets `version = default`: a trigger would cost 5 microseconds for each.
VERSIONS = """
create sequence lead_version cache 1000;
grant usage on sequence lead_version to lead_store_app, lead_store_platform;

alter table lead_organization add version bigint not null default 0;
alter table lead_organization alter version set default nextval('lead_version');
comment on column lead_organization.version is 'Another one after each change of the row, but for an undo that takes'
    ' back all of a change: that returns to the version of before.';
"""

# Reviews that are under way know their leads as of when they were reviewed. Those whose rows are still being matched
# have them in a table that is no partition yet.
STORED_VERSIONS = """
alter table import_row add stored_version bigint;
comment on column import_row.stored_version is 'That of the lead with which the row was compared.';

do $do$
declare
    run record;
    part text;
begin
    for run in select id, reviewed_at from import where reviewed_at is not null
            and status in ('preparing', 'in_review', 'importing', 'paused', 'failed') loop
        part := 'import_row_' || replace(run.id::text, '-', '');
        continue when to_regclass(part) is null;
        if not (select relispartition from pg_class where oid = to_regclass(part)) then
            execute format('alter table %I add stored_version bigint', part);
        end if;
        execute format('update %I r set stored_version = s.version from lead_organization s
            where r.is_linked and s.organization_id = r.organization_id and s.lead_id = r.lead_id
              and s.updated_at <= %L', part, run.reviewed_at);
    end loop;
end $do$;
"""

# Addresses of rows are compared in collation "C", which an index in another one does not serve.
# Whether one looks like a placeholder is asked of a million at once, and a back reference costs more than all else.
ADDRESSES = r"""
create or replace function is_placeholder(address text) returns boolean language sql immutable parallel safe as $$
    select case when address like '%@%' then
        address ~ ('^((n\.?/?a|none|null|nil|nada|nao|no|sem|nomail|noemail|no-?e?-?mail|nao-?tem|sem-?e?-?mail'
            || '|e?-?mail|teste?|exemplo|example|usuario|user|abc|123\d*|asdf\w*)@)')
        or split_part(address, '@', 1) = split_part(split_part(address, '@', 2), '.', 1)
        or (ltrim(address, left(address, 1)) like '@%' and address ~ '^\w{3,}@')
    else regexp_replace(address, '\D', '', 'g') ~ '(\d)\1{6,}$' end
$$;

alter table import_address alter address type text collate "C";
create index import_address_decided on import_address (import_id) where decision <> 'keep_apart';

create function analyze_addresses() returns void
language plpgsql security definer set search_path = public as $$
begin
    analyze import_address (import_id, field, address, decision);
end $$;
revoke all on function analyze_addresses() from public;
grant execute on function analyze_addresses() to lead_store_app;
"""

# The names of a group, in the order of its rows, that do not go with all of those before them that are its first
# person's: as keys of an object, null where there are none. The latest of these says most, so it is compared first.
OTHER_NAMES = """
drop aggregate own_names(text);
drop function with_own_name(text[], text);
create function other_names(names text[]) returns jsonb language plpgsql immutable parallel safe as $$
declare
    name text;
    place integer;
    own text[] := '{}';
    others text[] := '{}';
begin
    foreach name in array names loop
        place := cardinality(own);
        while place > 0 and not names_differ(name, own[place]) loop
            place := place - 1;
        end loop;
        if place = 0 then
            own := own || name;
        else
            others := others || name;
        end if;
    end loop;
    return (select jsonb_object_agg(other, true) from unnest(others) other);
end $$;
"""

# What an undo takes from one image goes from those that followed it, field by field, as long as each still shows it. An
# opt-out stays. A link that comes out as it was before has the version of before; as nobody saw it, a new one.
HANDED_DOWN = """
create function image_taken_back(present jsonb, before jsonb, after jsonb) returns jsonb language plpgsql as $$
declare
    field text;
    times text[] := array['updated_at', 'version'];
    result jsonb := present;
begin
    foreach field in array array['name', 'email', 'phone', 'external_id', 'updated_at'] loop
        if after -> field is distinct from before -> field and present -> field = after -> field then
            result := result || jsonb_build_object(field, before -> field);
        end if;
    end loop;
    if after -> 'tags' is distinct from before -> 'tags' then
        result := result || jsonb_build_object('tags', tags_taken_back(
            array(select jsonb_array_elements_text(present -> 'tags')),
            array(select jsonb_array_elements_text(before -> 'tags')),
            array(select jsonb_array_elements_text(after -> 'tags'))));
    end if;
    if after -> 'attributes' is distinct from before -> 'attributes' then
        result := result || jsonb_build_object(
            'attributes', taken_back(present -> 'attributes', before -> 'attributes', after -> 'attributes'));
    end if;
    if result <> present and present ? 'version' and result - times <> present - times then
        result := result || jsonb_build_object('version', case when result - times = before - times
            then before -> 'version' else to_jsonb(nextval('lead_version')) end);
    end if;
    return result;
end $$;

create function handed_down(before jsonb, after jsonb, befores jsonb[], afters jsonb[])
returns table (new_before jsonb, new_after jsonb) language plpgsql as $$
begin
    for place in 1 .. cardinality(befores) loop
        new_before := image_taken_back(befores[place], before, after);
        new_after := image_taken_back(afters[place], new_before, befores[place]);
        return next;
        before := new_after;
        after := afters[place];
    end loop;
end $$;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read format()'s % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (VERSIONS, STORED_VERSIONS, ADDRESSES, OTHER_NAMES, HANDED_DOWN):
        run(script)
