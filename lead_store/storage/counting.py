"""What the review counts over all rows: a sum of differences, and no second reading of any row.

`facts` notes the counts of each range in `import_difference`; from then on a trigger on `import_row` notes what each
change of rows takes from them and adds, so that a decision about a few of a million rows costs what the few cost.
Rows with the same facts count together: some dozen combinations stand for a million rows, and the ledger under any
rules is a sum over them.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from lead_store.storage.import_queries import Import

FACTS = ("blocking", "decision", "outcome", "is_folded", "is_linked", "fills", "changes")

PATTERN_SAMPLES = """
select p ->> 'pattern' as pattern, (array_agg(distinct p ->> 'value'))[1:3] as samples
from import_row, jsonb_array_elements(problems) p
where import_id = :import_id and blocking = 'phone_ambiguous' and p ? 'pattern' group by 1
"""
DIFFERENCES = """
with noted as (delete from import_difference where import_id = :import_id returning subject, key, rows)
select subject, key, sum(rows)::integer as rows from noted group by subject, key having sum(rows) <> 0
"""
SHARED_IDENTIFIERS = """
select count(*) as groups, coalesce(sum(other_people), 0)::int + count(*)::int as rows
from import_group where import_id = :import_id and other_people > 0
"""
SHARED_ADDRESSES = """
select count(*) as groups, coalesce(sum(rows), 0)::int as rows from import_address
where import_id = :import_id and rows > 1
"""


def count_all(tx: Connection, run: Import) -> dict[str, Any]:
    """The counts of the review, once all ranges noted theirs: tally of facts, problems, repairs, phone patterns, shared
    addresses."""
    review = count_differences(tx, run, {})
    samples = {}
    if review["phone_patterns"]:
        samples = {row.pattern: row.samples for row in tx.execute(text(PATTERN_SAMPLES), {"import_id": run.id})}
    patterns = [{**each, "samples": samples.get(each["pattern"], [])} for each in review["phone_patterns"]]
    return {**review, "phone_patterns": patterns}


def count_differences(tx: Connection, run: Import, review: Mapping[str, Any]) -> dict[str, Any]:
    """The same counts from those of a review, and what changed since."""
    differences: dict[str, list[tuple[Any, int]]] = {}
    for row in tx.execute(text(DIFFERENCES), {"import_id": run.id}):
        differences.setdefault(row.subject, []).append((row.key, row.rows))
    return {
        "tally": _add_facts(review.get("tally", []), differences.get("facts", [])),
        "problems": _add(review.get("problems", {}), differences.get("problem", [])),
        "repaired": _add(review.get("repaired", {}), differences.get("repair", [])),
        "phone_patterns": _add_patterns(review.get("phone_patterns", []), differences.get("phone_pattern", [])),
        "shared": count_shared(tx, run),
    }


def count_shared(tx: Connection, run: Import) -> dict[str, dict[str, int]]:
    """Addresses that several people of the file have in common: groups and their rows."""
    identifier_field = "email" if run.channel == "email" else "phone"
    return {
        field: dict(tx.execute(text(query), {"import_id": run.id}).mappings().one())
        for field in ("email", "phone")
        for query in (SHARED_IDENTIFIERS if field == identifier_field else SHARED_ADDRESSES,)
    }


def _add_facts(tally: list[dict[str, Any]], differences: list[tuple[Any, int]]) -> list[dict[str, Any]]:
    counts: Counter[tuple] = Counter({tuple(facts[name] for name in FACTS): facts["rows"] for facts in tally})
    for key, rows in differences:
        counts[tuple(key[name] for name in FACTS)] += rows
    return [{**dict(zip(FACTS, key, strict=True)), "rows": rows} for key, rows in counts.items() if rows]


def _add(counts: dict[str, int], differences: list[tuple[str, int]]) -> dict[str, int]:
    """The most frequent first."""
    summed = Counter(counts)
    for key, rows in differences:
        summed[key] += rows
    return {key: rows for key, rows in summed.most_common() if rows}


def _add_patterns(patterns: list[dict[str, Any]], differences: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Samples stay those of the first count; a pattern that came up with a correction has none."""
    samples = {each["pattern"]: each["samples"] for each in patterns}
    counts = _add({each["pattern"]: each["rows"] for each in patterns}, differences)
    return [{"pattern": key, "rows": rows, "samples": samples.get(key, [])} for key, rows in counts.items()]
