"""What the review shows: the tally behind the tiles, rows by bucket, groups, shared addresses; all rows, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from lead_store.storage import matching
from lead_store.storage.import_queries import Import
from lead_store.storage.matching import FieldBit
from lead_store.storage.planner import paging

LEDGER = f"""
select bucket, sum(rows)::int as rows from (
    select {matching.BUCKET} as bucket, r.rows
    from jsonb_to_recordset(:tally) as r(blocking text, decision text, outcome text,
        is_folded boolean, is_linked boolean, fills smallint, changes smallint, rows bigint)) counted
group by bucket
"""
REPAIRED_ROWS = """
select row_number, raw, phone from import_row
where import_id = :import_id and repair = :repair and raw is not null order by row_number limit :limit
"""

_DECODED = f"""
select facts, {matching.FACTS}, case when facts >> 22 & 1 = 1 then facts >> 23 & 127 end as blocking
from found where facts is not null
"""

# The numbers there are, some dozen among a million rows: each one the next above the one before, by the index. Then a
# page of each that is wanted, by the index again, and of these the first rows. Bounds instead of an equation leave
# PostgreSQL no other index that would give this order: that of row numbers goes through all rows up to the page.
_PAGE = f"""
with recursive found as (
    (select r.facts from import_row r where r.import_id = :import_id order by 1 limit 1)
    union all
    select (select r.facts from import_row r where r.import_id = :import_id and r.facts > found.facts
            order by 1 limit 1)
    from found where found.facts is not null
), wanted as (
    select r.facts from ({_DECODED}) r where wanted_facts
), page as (
    select own.row_number from wanted cross join lateral (
        select r.row_number from import_row r
        where r.import_id = :import_id and (r.facts, r.row_number) > (wanted.facts, :after)
            and r.facts <= wanted.facts and also_rows
        order by r.facts, r.row_number limit :limit) own
    order by own.row_number limit :limit)
"""
ON_PAGE = "r.row_number = any(array(select row_number from page))"


def get_ledger(tx: Connection, run: Import, tally: list[dict[str, Any]]) -> dict[str, int]:
    """Rows per bucket under the import's rules, as they would be or, once imported, are."""
    statement = text(LEDGER).bindparams(bindparam("tally", type_=JSONB))
    rows = tx.execute(statement, {"tally": tally, "on_existing": run.on_existing, **run.masks})
    counts = dict.fromkeys(matching.BUCKETS, 0) | {row.bucket: row.rows for row in rows}
    return {"read": sum(counts.values()), **counts}


def search_repaired_rows(tx: Connection, import_id: UUID, repair: str, *, limit: int = 3) -> list[dict[str, Any]]:
    """The first rows whose phone was repaired in this way: the cells as they stand in the file, and the phone."""
    values = {"import_id": import_id, "repair": repair, "limit": limit}
    return [dict(row) for row in tx.execute(text(REPAIRED_ROWS), values).mappings()]


def search_problems(tx: Connection, import_id: UUID, row_numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The problems of some rows: lists of code, column and value, the cell as it stands in the file."""
    statement = """select row_number, problems from import_row
        where import_id = :import_id and row_number = any(:row_numbers) order by row_number"""
    values = {"import_id": import_id, "row_numbers": list(row_numbers)}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def search_rows(
    tx: Connection,
    run: Import,
    *,
    bucket: str | None,
    code: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """A page of rows in the file's order, from behind row number `after`.

    Args:
        bucket: only rows of this bucket.
        code: with a bucket, only rows that this problem keeps out.
    """
    values = {
        "import_id": run.id,
        "after": after,
        "limit": limit,
        "bucket": bucket,
        "code": code,
        "on_existing": run.on_existing,
        **run.masks,
    }
    condition = ON_PAGE if bucket else "r.row_number > :after"
    statement = f"""
        {_page(f"{matching.BUCKET} = :bucket", code) if bucket else ""}
        select r.row_number, r.identifier, r.name, r.email, r.phone, r.external_id, r.tags, r.attributes,
            r.opted_out, r.raw, r.problems, r.blocking, r.repair, r.group_number, {matching.BUCKET} as bucket,
            r.reason, r.lead_id, r.fills, r.changes, {matching.WRITES} as writes
        from import_row r where r.import_id = :import_id and {condition} order by r.row_number limit :limit"""
    with paging(tx):
        return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def search_rejected_without_cells(tx: Connection, run: Import) -> list[int]:
    """The numbers of rejected rows that were staged without their cells."""
    statement = f"""select r.row_number from import_row r
        where r.import_id = :import_id and r.raw is null and {matching.BUCKET} = 'rejected'"""
    values = {"import_id": run.id, "on_existing": run.on_existing, **run.masks}
    return list(tx.execute(text(statement), values).scalars())


def _page(wanted: str, code: str | None = None) -> str:
    """The common table `page` of row numbers: of rows whose facts `r` are wanted, and which one problem keeps out."""
    if code is None:
        return _PAGE.replace("wanted_facts", wanted).replace("also_rows", "true")
    wanted = f"{wanted} and r.blocking = hashtext(:code) & 127"
    return _PAGE.replace("wanted_facts", wanted).replace("also_rows", "r.blocking = :code")


def search_people(tx: Connection, run: Import, *, bucket: str, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """`search_rows` of a bucket, with what the rows that stand for a person come to with those merged into them."""
    found = search_rows(tx, run, bucket=bucket, after=after, limit=limit)
    groups = [row for row in found if row["group_number"] is not None]
    folded = {row["row_number"]: row for row in _fold(tx, run, groups)} if groups else {}
    return [{**row, **folded.get(row["row_number"], {})} for row in found]


def search_updates(tx: Connection, run: Import, *, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Rows that would change a lead, with what is stored beside what the file says (rows of groups as folded)."""
    return _with_stored(tx, run, search_rows(tx, run, bucket="updated", after=after, limit=limit))


# Whatever the rules say: these rows stand for leads of the organization in whom the field is blank or different.
DIFFERS = """
r.is_linked and not r.is_folded and r.blocking is null and r.decision is null and r.outcome is null
and (r.fills | r.changes) & :field <> 0 and r.changes & :field = :changed
"""
DIFFERING = f"""
{_page(DIFFERS)}
select r.row_number, r.group_number from import_row r
where r.import_id = :import_id and {ON_PAGE} order by r.row_number
"""


def search_differing(tx: Connection, run: Import, field: FieldBit, *, limit: int = 3) -> list[dict[str, Any]]:
    """The first rows that differ from what is stored in one field, with what is stored; else those that fill it."""
    values = {"import_id": run.id, "field": int(field), "after": 0, "limit": limit}
    for changed in (int(field), 0):
        with paging(tx):
            found = tx.execute(text(DIFFERING), {**values, "changed": changed}).mappings().all()
        if found:
            return _with_stored(tx, run, [dict(row) for row in found])
    return []


def _with_stored(tx: Connection, run: Import, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in _fold(tx, run, found) if row["stored"]]


def _fold(tx: Connection, run: Import, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the rows come to with those merged into them, and the organization's link with the lead, if any."""
    page = """(r.row_number = any(cast(:rows as integer[])) and r.group_number is null
        or r.group_number = any(cast(:groups as integer[])))"""
    statement = f"""
        select r.row_number, r.identifier, r.name, r.email, r.phone, r.external_id, r.tags, r.attributes,
            r.opted_out, r.lead_id, {matching.WRITES} as writes, to_jsonb(s) as stored
        from ({matching.fold(page)}) r
        left join lead_organization s on s.organization_id = current_organization() and s.lead_id = r.lead_id
        order by r.row_number"""
    values = {
        "import_id": run.id,
        "rows": [row["row_number"] for row in found],
        "groups": [row["group_number"] for row in found if row["group_number"] is not None],
        "on_existing": run.on_existing,
        **run.masks,
    }
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def search_groups(
    tx: Connection, import_id: UUID, *, with_other_people: bool, after: int = 0, limit: int = 20
) -> list[dict[str, Any]]:
    """Groups of rows with the same identifier: those of one person, or those with plainly different names."""
    statement = f"""
        select group_number, match_key as identifier, rows, first_row, first_name, other_people, decision
        from import_group where import_id = :import_id and group_number > :after
          and other_people {">" if with_other_people else "="} 0
        order by group_number limit :limit"""
    values = {"import_id": import_id, "after": after, "limit": limit}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def count_groups(tx: Connection, import_id: UUID, *, with_other_people: bool) -> int:
    """How many such groups there are."""
    statement = f"""select count(*) from import_group where import_id = :import_id
        and other_people {">" if with_other_people else "="} 0"""
    return tx.execute(text(statement), {"import_id": import_id}).scalar_one()


def search_group_rows(tx: Connection, run: Import, group_numbers: list[int]) -> list[dict[str, Any]]:
    """All rows of some groups, in the file's order within each."""
    statement = f"""
        select r.group_number, r.row_number, r.identifier, r.name, r.email, r.external_id, r.tags, r.attributes,
            r.is_other_person, r.is_folded, {matching.BUCKET} as bucket
        from import_row r where r.import_id = :import_id and r.group_number = any(:groups)
        order by r.group_number, r.row_number"""
    values = {
        "import_id": run.id, "groups": group_numbers, "on_existing": run.on_existing, **run.masks
    }  # fmt: skip
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]
