"""What the review counts is noted range by range, as what changes later is."""

from alembic import op

revision = "0015"
down_revision = "0014"

# Of imports that are being reviewed meanwhile, the ranges that were matched before.
NOTE_MATCHED = """
do $$
declare
    run record;
    part text;
begin
    for run in select id, organization_id from import where status = 'preparing' and reviewed_at is not null loop
        part := 'import_row_' || replace(run.id::text, '-', '');
        continue when to_regclass(part) is null;
        execute format($q$
            insert into import_difference (organization_id, import_id, subject, key, rows)
            with problem as (select p, blocking from %1$I, jsonb_array_elements(problems) p where problems is not null),
            counted as (
                select 'facts' as subject, jsonb_build_object('blocking', blocking, 'decision', decision,
                    'outcome', outcome, 'is_folded', is_folded, 'is_linked', is_linked, 'fills', fills,
                    'changes', changes) as key, count(*) as rows
                from %1$I group by blocking, decision, outcome, is_folded, is_linked, fills, changes
                union all
                select 'problem', p -> 'code', count(*) from problem group by p -> 'code'
                union all
                select 'repair', to_jsonb(repair), count(*) from %1$I where repair is not null group by repair
                union all
                select 'phone_pattern', p -> 'pattern', count(*) from problem
                where blocking = 'phone_ambiguous' and p ? 'pattern' group by p -> 'pattern')
            select %2$L, %3$L, subject, key, rows from counted
        $q$, part, run.organization_id, run.id);
    end loop;
end $$;
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read format()'s % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    run(NOTE_MATCHED)
    run("grant insert on import_difference to lead_store_platform")
