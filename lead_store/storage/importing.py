"""One batch of an import: the planned rows through the upsert, what came out differently noted, buckets counted."""

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from lead_store.storage import matching, upserting
from lead_store.storage.database import platform_role
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import matching_by_key

# Only rows whose plan is to write go through the upsert, and those whose plan is to leave a lead as it is that has
# changed or gone since the review; all others need nothing but to be counted.
PLANNED = f"""
select f.row_number as ordinal, f.identifier, f.variant, f.name, f.email, f.phone, f.external_id, f.tags,
    f.attributes, f.opted_out, f.planned, f.lead_id as planned_lead, not f.is_known as planned_is_new,
    f.writes as planned_writes, f.stored_version as planned_version
from (
    select r.*, {matching.WRITES} as writes,
        case when not r.is_linked then 'created' when {matching.WRITES} <> 0 then 'updated' else 'unchanged' end
            as planned
    from ({matching.fold("r.batch_number = :batch_number")}) r
    where not r.is_linked or (:on_existing <> 'skip' and ({matching.WRITES} <> 0 or not exists (
        select 1 from lead_organization s where s.organization_id = (select current_organization())
          and s.lead_id = r.lead_id and s.version = r.stored_version offset 0)))
) f
"""

ROWS_WORTH_ANALYZING = 10_000

KEYS = """
select identifier, variant from import_row
where import_id = :import_id and batch_number = :batch_number and blocking is null and not is_folded
"""

DEVIATIONS = """
update import_row t set lead_id = i.lead_id, is_known = i.is_known,
    outcome = case when i.outcome <> i.planned then i.outcome end, reason = i.reason
from incoming i
where t.import_id = :import_id and t.row_number = i.ordinal
  and (i.outcome <> i.planned or i.lead_id <> i.planned_lead)
"""

# Rows that stand alike are counted by one number; in which bucket they are is told once for each that there is.
_ALIKE = f"""
select batch_number, blocking, {matching.FACTS}, rows from (
    select batch_number, facts, blocking, count(*) as rows from import_row where {{}} group by 1, 2, 3) counted
"""
_SUMMED = ", ".join(
    f"coalesce(sum(rows) filter (where bucket = '{bucket}'), 0)::int as {bucket}" for bucket in matching.BUCKETS
)
DONE = f"""
status = 'done', finished_at = clock_timestamp(), error = null,
    {", ".join(f"{bucket} = c.{bucket}" for bucket in matching.BUCKETS)}
"""
COUNT = f"""
update import_batch b set {DONE}
from (
    select {_SUMMED} from (
        select r.rows, {matching.BUCKET} as bucket
        from ({_ALIKE.format("import_id = :import_id and batch_number = :batch_number")}) r) rows
) c
where b.import_id = :import_id and b.batch_number = :batch_number
"""

# The batches in which nothing is to be written, counted in one go: of a file that was imported before, all of them.
_STANDS = "r.blocking is null and r.decision is null and not r.is_folded"
IDLE_COUNTS = f"""
select batch_number, {_SUMMED} from (
    select r.batch_number, r.rows, {matching.BUCKET} as bucket,
        {_STANDS} and (not r.is_linked or (:on_existing <> 'skip' and {matching.WRITES} <> 0)) as is_written
    from ({_ALIKE.format("import_id = :import_id")}) r) rows
group by 1 having not bool_or(is_written)
"""
# Those of them whose leads are no more as they were reviewed. A query by itself: PostgreSQL has all its cores at work
# on it, which it does not in a statement that writes.
CHANGED_BATCHES = f"""
select distinct r.batch_number
from import_row r left join lead_organization s
    on s.organization_id = (select current_organization()) and s.lead_id = r.lead_id
where r.import_id = :import_id and r.batch_number = any(:idle) and r.is_linked and :on_existing <> 'skip'
    and {_STANDS} and (s.version = r.stored_version) is not true
"""
TAKE_IDLE = """
select batch_number from import_batch
where import_id = :import_id and status = 'pending' and batch_number = any(:idle) order by 1 for update skip locked
"""
KEEP_IDLE_COUNTS = f"""
update import_batch b set attempts = attempts + 1, started_at = statement_timestamp(), {DONE}
from jsonb_to_recordset(:counts) as c(batch_number integer, {", ".join(f"{each} integer" for each in matching.BUCKETS)})
where b.import_id = :import_id and b.batch_number = c.batch_number
"""

FINISH = f"""
update import i set status = 'imported', finished_at = clock_timestamp(), updated_at = now(),
    {", ".join(f"{bucket} = b.{bucket}" for bucket in matching.BUCKETS)}
from (select {", ".join(f"coalesce(sum({bucket}), 0) as {bucket}" for bucket in matching.BUCKETS)}
      from import_batch where import_id = :import_id) b
where i.id = :import_id and i.status = 'importing'
  and not exists (select 1 from import_batch where import_id = :import_id and status <> 'done')
returning i.created
"""


def run_batch(tx: Connection, run: Import, batch_number: int) -> None:
    """Write the rows of one batch and count where each of its rows ended up; all in the caller's transaction."""
    values = {
        "import_id": run.id,
        "batch_number": batch_number,
        "on_existing": run.on_existing,
        **run.masks,
    }
    with platform_role(tx):
        has_deviations = upserting.upsert(
            tx,
            PLANNED,
            KEYS,
            values,
            channel=run.channel,
            masks=run.masks,
            import_id=run.id,
            batch_number=batch_number,
        )
        if has_deviations:
            tx.execute(text(DEVIATIONS), values)
    tx.execute(text(COUNT), values)


def count_idle_batches(tx: Connection, run: Import) -> None:
    """Count the pending batches that have nothing to write, without going through the upsert for each."""
    values = {"import_id": run.id, "on_existing": run.on_existing, **run.masks}
    counts = {row["batch_number"]: dict(row) for row in tx.execute(text(IDLE_COUNTS), values).mappings()}
    free = set(tx.execute(text(TAKE_IDLE), {**values, "idle": list(counts)}).scalars())
    if not free:
        return
    with matching_by_key(tx):
        changed = tx.execute(text(CHANGED_BATCHES), {**values, "idle": list(free)}).scalars()
        unchanged = [counts[number] for number in free.difference(changed)]
    keep = text(KEEP_IDLE_COUNTS).bindparams(bindparam("counts", type_=JSONB))
    tx.execute(keep, {**values, "counts": unchanged})


def finish_if_done(tx: Connection, run: Import) -> bool:
    """Close the ledger when the last batch is done; true for the one caller that closed it.

    The constraint `ledger_balances` holds that the buckets add up to the rows read.
    """
    created = tx.execute(text(FINISH), {"import_id": run.id}).scalar_one_or_none()
    if created is not None and created >= ROWS_WORTH_ANALYZING:
        tx.execute(text("select analyze_leads()"))  # The next review must know how large the store is now.
    return created is not None
