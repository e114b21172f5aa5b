"""What the review shows: the tally behind the tiles, rows by bucket, groups, shared addresses; all rows, in SQL."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from lead_store.storage import matching
from lead_store.storage.import_queries import Import
from lead_store.storage.planner import reading_in_order

# From this share of all rows on, a page of them is found among the next few thousand rows.
FREQUENT_SHARE = 0.01

# Rows with the same facts count together: some dozen combinations stand for a million rows, and the ledger
# under any rules is a sum over them.
TALLY = """
select coalesce(jsonb_agg(to_jsonb(facts)), '[]') from (
    select blocking, decision, outcome, reason, is_folded, is_linked, fills, changes, count(*) as rows
    from import_row where import_id = :import_id group by 1, 2, 3, 4, 5, 6, 7, 8) facts
"""
LEDGER = f"""
select bucket, sum(rows)::int as rows from (
    select {matching.BUCKET} as bucket, r.rows
    from jsonb_to_recordset(:tally) as r(blocking text, decision text, outcome text, reason text,
        is_folded boolean, is_linked boolean, fills smallint, changes smallint, rows bigint)) counted
group by bucket
"""
PROBLEMS = """
select p ->> 'code' as code, count(*) as rows from import_row, jsonb_array_elements(problems) p
where import_id = :import_id and problems is not null group by 1 order by 2 desc
"""
REPAIRS = """
select repair, count(*) as rows from import_row where import_id = :import_id and repair is not null
group by 1 order by 2 desc
"""
PHONE_PATTERNS = """
select p ->> 'pattern' as pattern, count(*) as rows, (array_agg(distinct p ->> 'value'))[1:3] as samples
from import_row, jsonb_array_elements(problems) p
where import_id = :import_id and blocking = 'phone_ambiguous' and p ? 'pattern' group by 1 order by 2 desc, 1
"""
REPAIRED_ROWS = """
select row_number, raw, phone from import_row
where import_id = :import_id and repair = :repair and raw is not null order by row_number limit :limit
"""
SHARED_IDENTIFIERS = """
select count(*) as groups, coalesce(sum(other_people), 0)::int + count(*)::int as rows
from import_group where import_id = :import_id and other_people > 0
"""
SHARED_ADDRESSES = """
select count(*) as groups, coalesce(sum(rows), 0)::int as rows from import_address where import_id = :import_id
"""


def get_tally(tx: Connection, import_id: UUID) -> list[dict[str, Any]]:
    """The facts of all rows, counted by combination."""
    return tx.execute(text(TALLY), {"import_id": import_id}).scalar_one()


def get_ledger(tx: Connection, run: Import, tally: list[dict[str, Any]]) -> dict[str, int]:
    """Rows per bucket under the import's rules, as they would be or, once imported, are."""
    statement = text(LEDGER).bindparams(bindparam("tally", type_=JSONB))
    rows = tx.execute(statement, {"tally": tally, "on_existing": run.on_existing, **run.masks})
    counts = dict.fromkeys(matching.BUCKETS, 0) | {row.bucket: row.rows for row in rows}
    return {"read": sum(counts.values()), **counts}


def count_problems(tx: Connection, import_id: UUID) -> dict[str, int]:
    """Rows per problem code, most frequent first; a row with two problems counts in both."""
    return {row.code: row.rows for row in tx.execute(text(PROBLEMS), {"import_id": import_id})}


def count_phone_patterns(tx: Connection, import_id: UUID) -> list[dict[str, Any]]:
    """Patterns of phones that can be read in two ways: rows and a few cells of each, the most frequent first."""
    return [dict(row) for row in tx.execute(text(PHONE_PATTERNS), {"import_id": import_id}).mappings()]


def search_repaired_rows(tx: Connection, import_id: UUID, repair: str, *, limit: int = 3) -> list[dict[str, Any]]:
    """The first rows whose phone was repaired in this way: the cells as they stand in the file, and the phone."""
    values = {"import_id": import_id, "repair": repair, "limit": limit}
    return [dict(row) for row in tx.execute(text(REPAIRED_ROWS), values).mappings()]


def count_repairs(tx: Connection, import_id: UUID) -> dict[str, int]:
    """Phones per kind of repair, most frequent first."""
    return {row.repair: row.rows for row in tx.execute(text(REPAIRS), {"import_id": import_id})}


def count_shared(tx: Connection, run: Import) -> dict[str, dict[str, int]]:
    """Addresses that several people of the file have in common: groups and their rows."""
    identifier_field = "email" if run.channel == "email" else "phone"
    return {
        field: dict(tx.execute(text(query), {"import_id": run.id}).mappings().one())
        for field in ("email", "phone")
        for query in (SHARED_IDENTIFIERS if field == identifier_field else SHARED_ADDRESSES,)
    }


def search_rows(
    tx: Connection,
    run: Import,
    *,
    bucket: str | None,
    code: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """A page of rows in the file's order, from behind row number `after`; of one bucket, with one problem."""
    share = _share_of(tx, run, bucket)
    if run.status == "in_review" and share == 0:
        return []
    conditions = ["r.import_id = :import_id", "r.row_number > :after"]
    if bucket:
        conditions.append(f"{matching.BUCKET} = :bucket")
    if bucket == "rejected":
        # Implied by the bucket before a decision was made; lets the partial index find the few.
        conditions.append("(r.blocking is not null or r.decision = 'reject' or r.outcome is not null)")
    if code:
        conditions.append("r.problems @> cast(:code as jsonb)")
    statement = f"""
        select r.row_number, r.identifier, r.name, r.email, r.phone, r.external_id, r.tags, r.attributes,
            r.opted_out, r.raw, r.problems, r.blocking, r.repair, r.group_number, {matching.BUCKET} as bucket,
            r.reason, r.lead_id, r.fills, r.changes, {matching.WRITES} as writes
        from import_row r where {" and ".join(conditions)} order by r.row_number limit :limit"""
    values = {
        "import_id": run.id,
        "after": after,
        "bucket": bucket,
        "code": f'[{{"code": "{code}"}}]',
        "limit": limit,
        "on_existing": run.on_existing,
        **run.masks,
    }
    with reading_in_order(tx, holds=not code and share > FREQUENT_SHARE):
        return [dict(row) for row in tx.execute(text(statement), values).mappings()]


def _share_of(tx: Connection, run: Import, bucket: str | None) -> float:
    """Which part of the rows the review counted in the bucket."""
    if bucket is None:
        return 1.0
    ledger = get_ledger(tx, run, (run.review or {}).get("tally", []))
    return ledger[bucket] / max(ledger["read"], 1)


def search_updates(tx: Connection, run: Import, *, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Rows that would change a lead, with what is stored beside what the file says (rows of groups as folded)."""
    found = search_rows(tx, run, bucket="updated", after=after, limit=limit)
    page = """(r.row_number = any(cast(:rows as integer[])) and r.group_number is null
        or r.group_number = any(cast(:groups as integer[])))"""
    statement = f"""
        select r.row_number, r.identifier, r.name, r.email, r.phone, r.external_id, r.tags, r.attributes,
            r.opted_out, r.lead_id, {matching.WRITES} as writes, to_jsonb(s) as stored
        from ({matching.fold(page)}) r
        join lead_organization s on s.organization_id = current_organization() and s.lead_id = r.lead_id
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


def search_shared_emails(tx: Connection, import_id: UUID, *, offset: int = 0, limit: int = 20) -> list[dict[str, Any]]:
    """E-mail addresses that several people of the file have, the most shared first, with some names."""
    statement = """
        select address as email, rows, names, some_names, some_rows, is_placeholder, decision
        from import_address where import_id = :import_id and field = 'email'
        order by rows desc, address limit :limit offset :offset"""
    values = {"import_id": import_id, "limit": limit, "offset": offset}
    return [dict(row) for row in tx.execute(text(statement), values).mappings()]
