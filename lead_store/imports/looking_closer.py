"""A closer look at a reviewed file, by a worker: anomalies, said in sentences, people whom we may know already,
placeholders that stand alone, and what was noted of cells in rows that are imported all the same.

None of them changes what the import would do, so that the review does not wait for it.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import phonenumbers
from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports.reviewing import get_ledger, refresh_review
from lead_store.storage import addresses, anomalies, hints, import_queries, queue, replanning
from lead_store.storage.import_queries import Import

# Shares from which on something is worth a sentence; below, every base has it.
FOREIGN_SHARE = 0.5
SEQUENTIAL_SHARE = 0.2
NAME_SHARE = 0.003
NAME_ROWS = 50
MANY_NAME_ROWS = 5_000
UPDATED_SHARE = 0.2
UPDATED_TIMES = 3
FEWEST_ROWS = 20
CHOICES = ("link", "leave")
ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def ask_for_closer_look(tx: Connection, import_id: UUID) -> Import:
    """Call for the closer look, once per review, and for the cells that its pages show."""
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status != "in_review" or run.review is None or "closer_look" in run.review:
        return run
    for task in ("keep_cells", "look_closer"):
        queue.defer(tx, task, run.id, run.organization_id)
    return import_queries.update_import(tx, run.id, review={**run.review, "closer_look": None})


def look_closer(tx: Connection, import_id: UUID) -> None:
    """Find hints, placeholders, anomalies and notes, and keep the latter two with the review; safe to repeat."""
    run = import_queries.get_import(tx, import_id)
    if run.status != "in_review":
        return
    sentences = list(_anomalies(tx, run))
    count = hints.find_hints(tx, run)
    placeholders = addresses.find_placeholders(tx, run)
    noted = anomalies.count_noted(tx, import_id)
    run = import_queries.get_import(tx, import_id, lock=True)
    look = {"anomalies": sentences, "hints": count, "placeholders": placeholders, "noted": noted}
    import_queries.update_import(tx, run.id, review={**(run.review or {}), "closer_look": look})


def decide_hints(
    tx: Connection, import_id: UUID, choice: str, who: str, *, row_numbers: Sequence[int] | None = None
) -> Import:
    """Link new people to the leads that they probably are, or leave them; all, or those of some rows.

    A linked row gives its number or address to the lead, and its values by the same rules as any other update.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such choice.
    """
    if choice not in CHOICES:
        raise Invalid(f"{choice!r} is none of {', '.join(CHOICES)}.", code="choice_invalid", choice=choice)
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status != "in_review":
        raise Conflict("This import is not in review, so nothing can be decided now.", code="status_conflict")
    rows = hints.decide(tx, run, row_numbers, choice)
    import_queries.add_history(tx, import_id, who, "decided", subject="hint", choice=choice, count=len(rows))
    replanning.collect(tx, run, rows)
    replanning.plan_again(tx, run)
    return refresh_review(tx, run)


def _anomalies(tx: Connection, run: Import) -> Iterator[str]:
    if run.channel != "email":
        yield from _about_numbers(tx, run)
    yield from _about_names(tx, run)
    yield from filter(None, [(run.inspection or {}).get("left_out")])
    yield from _about_updates(tx, run)
    yield from _about_columns(tx, run)


def _about_numbers(tx: Connection, run: Import) -> Iterator[str]:
    code = str(phonenumbers.country_code_for_region(run.region)) if run.region else ""
    numbers, foreign = anomalies.count_foreign(tx, run.id, code) if code else (0, 0)
    if numbers >= FEWEST_ROWS and foreign > FOREIGN_SHARE * numbers:
        yield (
            f"{_percent(foreign, numbers)} of the numbers are from another country than {run.region}, the default"
            " country of this import. Is the default right?"
        )
    numbers, sequential = anomalies.count_sequential(tx, run.id)
    if numbers >= FEWEST_ROWS and sequential > SEQUENTIAL_SHARE * numbers:
        yield (
            f"{sequential:,} numbers follow one another, each one more than the one before. Real people's numbers"
            " seldom do: a spreadsheet program may have filled the column downwards."
        )


def _about_names(tx: Connection, run: Import) -> Iterator[str]:
    found = anomalies.find_commonest_name(tx, run.id)
    if found and is_name_of_too_many(people=found[1], rows=found[2]):
        yield f"{found[1]:,} people are all called “{found[0]}”. Is this the column of the names?"


def is_name_of_too_many(*, people: int, rows: int) -> bool:
    """Whether as many people of one name are worth a sentence, in a file of as many rows."""
    return people >= min(MANY_NAME_ROWS, max(NAME_ROWS, NAME_SHARE * rows))


def _about_updates(tx: Connection, run: Import) -> Iterator[str]:
    ledger = get_ledger(tx, run)
    share = ledger["updated"] / ledger["read"] if ledger["read"] else 0.0
    before = anomalies.find_highest_update_share(tx, run.id, run.fingerprint or "")
    if before is not None and share > UPDATED_SHARE and share > UPDATED_TIMES * before:
        yield (
            f"{ledger['updated']:,} leads would change, {_percent(ledger['updated'], ledger['read'])} of the rows."
            f" Of earlier files with these columns it was {before:.0%} at most."
        )


def _about_columns(tx: Connection, run: Import) -> Iterator[str]:
    """Columns that feed a field and stood elsewhere in the last file with the same headers in another order."""
    own = _headers((run.inspection or {}).get("columns", []))
    for earlier in anomalies.search_headers_before(tx, run.id, run.fingerprint or ""):
        before = _headers(earlier["columns"] or [])
        if sorted(own) != sorted(before):
            continue
        feeding = {column["header"] for column in earlier["mapping"] or [] if column.get("field")}
        moved = [header for header in own if header in feeding and own.index(header) != before.index(header)]
        for header in moved[:3]:
            yield (
                f"The column “{header}” is the {_ordinal(own.index(header) + 1)} here; in {earlier['file_name']} it"
                f" was the {_ordinal(before.index(header) + 1)}. The columns are matched by their headers."
            )
        return


def _headers(columns: Sequence[dict[str, Any]]) -> list[str]:
    return [column["header"] for column in columns]


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}"


def _ordinal(place: int) -> str:
    return ORDINALS.get(place, f"{place}th")
