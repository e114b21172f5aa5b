"""What is odd about a file as a whole, counted over all of its rows; the sentences are made elsewhere."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

FOREIGN = """
select count(*) as numbers, count(*) filter (where not starts_with(identifier, :code)) as foreign_numbers
from import_row where import_id = :import_id and identifier is not null
"""
# Numbers in the order of the file: each one more than the one before it. People's numbers do not come like that.
SEQUENTIAL = """
select count(*) as numbers, count(*) filter (where digits = before + 1) as sequential from (
    select digits, lag(digits) over (order by row_number) as before from (
        select row_number, substr(identifier, 2)::numeric as digits from import_row
        where import_id = :import_id and identifier ~ '^[+][0-9]+$') numbered) pairs
"""
NAMES = """
select name, count(*) as rows, (select count(*) from import_row where import_id = :import_id) as all_rows
from import_row where import_id = :import_id and name is not null and blocking is null and not is_folded
group by name order by rows desc limit 1
"""
# Of rows that something else keeps out, the page of rejected rows tells.
NOTED = """
select p ->> 'code' as code, count(*) as cells, (array_agg(distinct row_number))[1:3] as rows
from import_row, jsonb_array_elements(problems) p
where import_id = :import_id and problems is not null and blocking is null group by 1 order by cells desc, code
"""
SHARES_BEFORE = """
select max(updated::float8 / rows_read) as updated_share, count(*) as imports from import
where fingerprint = :fingerprint and id <> :import_id and status = 'imported' and rows_read > 0
"""
HEADERS_BEFORE = """
select inspection -> 'columns' as columns, mapping -> 'columns' as mapping, file_name from import
where id <> :import_id and status = 'imported' and fingerprint <> :fingerprint
order by created_at desc limit 20
"""


def count_foreign(tx: Connection, import_id: UUID, country_code: str) -> tuple[int, int]:
    """Numbers, and those of them outside the country with this code."""
    row = tx.execute(text(FOREIGN), {"import_id": import_id, "code": f"+{country_code}"}).one()
    return row.numbers, row.foreign_numbers


def count_sequential(tx: Connection, import_id: UUID) -> tuple[int, int]:
    """Numbers, and those of them that are one more than the number in the row before."""
    row = tx.execute(text(SEQUENTIAL), {"import_id": import_id}).one()
    return row.numbers, row.sequential


def find_commonest_name(tx: Connection, import_id: UUID) -> tuple[str, int, int] | None:
    """The name that most people of the file have, their number, and that of all rows."""
    row = tx.execute(text(NAMES), {"import_id": import_id}).one_or_none()
    return (row.name, row.rows, row.all_rows) if row else None


def count_noted(tx: Connection, import_id: UUID) -> list[dict[str, Any]]:
    """Per code of a problem in rows that nothing keeps out: how many cells have it, and the first rows of these."""
    return [dict(row) for row in tx.execute(text(NOTED), {"import_id": import_id}).mappings()]


def find_highest_update_share(tx: Connection, import_id: UUID, fingerprint: str) -> float | None:
    """The largest share of updates among earlier imports of files with the same columns; None where there are none."""
    row = tx.execute(text(SHARES_BEFORE), {"import_id": import_id, "fingerprint": fingerprint}).one()
    return row.updated_share if row.imports else None


def search_headers_before(tx: Connection, import_id: UUID, fingerprint: str) -> list[dict[str, Any]]:
    """Columns and mappings of the latest imports whose columns were others, or stood elsewhere."""
    values = {"import_id": import_id, "fingerprint": fingerprint}
    return [dict(row) for row in tx.execute(text(HEADERS_BEFORE), values).mappings()]
