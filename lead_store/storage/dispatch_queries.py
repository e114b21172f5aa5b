"""Dispatches and whom they go to: the tables dispatch and dispatch_recipient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, bindparam, text

from lead_store.errors import NotFound
from lead_store.storage import matching
from lead_store.storage.import_queries import Import


@dataclass(frozen=True)
class Dispatch:
    """A message to the leads of an import; its audience is frozen when it is made."""

    id: UUID
    organization_id: UUID
    import_id: UUID
    channel: str
    name: str
    template_name: str | None
    template_body: str
    status: str
    accepted: int
    opted_out: int
    missing_variable: int
    total: int
    error: dict[str, Any] | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None


COLUMNS = ", ".join(Dispatch.__dataclass_fields__)
RECIPIENTS_PER_BATCH = 1_000

# The people whom the import accepted, and what the organization knows of them now. A row that was merged into
# another one is there with that one. `required` are attributes that the template cannot do without.
AUDIENCE = f"""
create temporary table audience on commit drop as
select distinct on (s.lead_id) s.lead_id, c.channel_identifier,
    case when s.opted_out_at is not null then 'opted_out'
         when not (s.attributes ?& cast(:required_attributes as text[]) and {{required_fields}}) then 'missing_variable'
         else 'accepted' end as standing
from import_row r
join lead_organization s on s.organization_id = current_organization() and s.lead_id = r.lead_id
join channel_identity c on c.channel = :channel and c.lead_id = s.lead_id
    and c.channel_identifier in (r.identifier, r.variant)
where r.import_id = :import_id and ({matching.BUCKET}) in ('created', 'updated', 'unchanged')
order by s.lead_id, c.channel_identifier = r.identifier desc
"""
INSERT = f"""
insert into dispatch (organization_id, id, import_id, channel, name, template_name, template_body, created_by,
    accepted, opted_out, missing_variable, total)
select current_organization(), :id, :import_id, :channel, :name, :template_name, :template_body, :created_by,
    count(*) filter (where standing = 'accepted'), count(*) filter (where standing = 'opted_out'),
    count(*) filter (where standing = 'missing_variable'), count(*)
from audience
returning {COLUMNS}
"""
RECIPIENTS = """
insert into dispatch_recipient (organization_id, dispatch_id, lead_id, channel_identifier, batch_number)
select current_organization(), :id, lead_id, channel_identifier,
    (row_number() over (order by lead_id) - 1) / :recipients_per_batch
from audience where standing = 'accepted'
"""
FIELDS = ("name", "email", "phone", "external_id")


def find_audience(
    tx: Connection, run: Import, channel: str, required_fields: Sequence[str], required_attributes: Sequence[str]
) -> dict[str, int]:
    """Find, until `tx` ends, whom a message would go to; how many by standing: accepted, opted_out, missing_variable.

    Args:
        required_fields: of FIELDS, those that a recipient must have.
        required_attributes: and the attributes.
    """
    bound = {
        **run.masks,
        "channel": channel,
        "import_id": run.id,
        "on_existing": run.on_existing,
        "required_attributes": list(required_attributes),
    }
    filled = " and ".join(f"s.{field} is not null" for field in FIELDS if field in required_fields) or "true"
    tx.execute(text("drop table if exists audience"))
    tx.execute(text(AUDIENCE.replace("{required_fields}", filled)), bound)
    found = tx.execute(text("select standing, count(*) as people from audience group by standing"))
    counts = {row.standing: row.people for row in found}
    return {standing: counts.get(standing, 0) for standing in ("accepted", "opted_out", "missing_variable")}


def insert_dispatch(tx: Connection, run: Import, **values: Any) -> Dispatch:
    """Store a dispatch and freeze the audience that was found for it.

    Args:
        values: id, channel, name, template_name, template_body, created_by.
    """
    bound = {**values, "import_id": run.id, "recipients_per_batch": RECIPIENTS_PER_BATCH}
    dispatch = Dispatch(**tx.execute(text(INSERT), bound).mappings().one())
    tx.execute(text(RECIPIENTS), bound)
    return dispatch


def get_dispatch(tx: Connection, dispatch_id: UUID) -> Dispatch:
    """The dispatch with this id. Raises NotFound."""
    statement = f"select {COLUMNS} from dispatch where id = :id"
    row = tx.execute(text(statement), {"id": dispatch_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such dispatch in this organization.", code="dispatch_not_found")
    return Dispatch(**row)


def search_dispatches(tx: Connection, limit: int) -> list[Dispatch]:
    """The organization's dispatches, newest first."""
    statement = f"select {COLUMNS} from dispatch order by created_at desc, id limit :limit"
    return [Dispatch(**row) for row in tx.execute(text(statement), {"limit": limit}).mappings()]


def count_recipients(tx: Connection, dispatch_id: UUID) -> dict[str, int]:
    """Recipients by status: waiting, handed_over, opted_out."""
    statement = "select status, count(*) as rows from dispatch_recipient where dispatch_id = :id group by status"
    counts = {row.status: row.rows for row in tx.execute(text(statement), {"id": dispatch_id})}
    return {status: counts.get(status, 0) for status in ("waiting", "handed_over", "opted_out")}


def lock_dispatch(tx: Connection, dispatch_id: UUID) -> Dispatch | None:
    """The dispatch, if it is being handed over and no other worker is at it."""
    statement = f"""select {COLUMNS} from dispatch where id = :id and status = 'handing_over'
        for update skip locked"""
    row = tx.execute(text(statement), {"id": dispatch_id}).mappings().one_or_none()
    return Dispatch(**row) if row else None


def find_next_batch(tx: Connection, dispatch_id: UUID) -> int | None:
    """The first batch with recipients who wait, or None."""
    statement = """select min(batch_number) from dispatch_recipient
        where dispatch_id = :id and status = 'waiting'"""
    return tx.execute(text(statement), {"id": dispatch_id}).scalar_one()


def search_waiting(tx: Connection, dispatch_id: UUID, batch_number: int) -> list[dict[str, Any]]:
    """The recipients of a batch with the organization's view of each, in a fixed order."""
    statement = """select r.lead_id, r.channel_identifier, s.name, s.email, s.phone, s.external_id, s.attributes,
            s.opted_out_at is not null as is_opted_out
        from dispatch_recipient r
        join lead_organization s on s.organization_id = r.organization_id and s.lead_id = r.lead_id
        where r.dispatch_id = :id and r.batch_number = :batch_number and r.status = 'waiting' order by r.lead_id"""
    values = {"id": dispatch_id, "batch_number": batch_number}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def mark_batch(tx: Connection, dispatch_id: UUID, batch_number: int, handed_over: Sequence[UUID]) -> None:
    """Note who of a batch was handed over; the others had opted out, or are gone."""
    statement = """update dispatch_recipient
        set status = case when lead_id = any(:handed_over) then 'handed_over' else 'opted_out' end
        where dispatch_id = :id and batch_number = :batch_number and status = 'waiting'"""
    values = {"id": dispatch_id, "batch_number": batch_number, "handed_over": list(handed_over)}
    tx.execute(text(statement), values)


def set_status(tx: Connection, dispatch_id: UUID, status: str, error: dict[str, Any] | None = None) -> None:
    """Note where the dispatch stands."""
    statement = text("""update dispatch set status = :status, error = :error,
        finished_at = case when :status = 'handing_over' then null else now() end where id = :id""")
    bound = statement.bindparams(bindparam("error", type_=JSON(none_as_null=True)))
    tx.execute(bound, {"id": dispatch_id, "status": status, "error": error})
