"""Drift: rows whose lead changed between review and import, decided again by a person or left as they are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports.reviewing import refresh_review
from lead_store.imports.running import go_on_after_end
from lead_store.storage import drifting, import_queries, replanning
from lead_store.storage.import_queries import Import

CHOICES = ("again", "leave")


def decide_drift(
    tx: Connection, import_id: UUID, choice: str, who: str, *, row_numbers: Sequence[int] | None = None
) -> int:
    """Decide about drifted rows, all or some: `again` plans them against what is stored now and imports them,
    `leave` settles them as they are; how many.

    Raises:
        Conflict: the import is not at its end.
        Invalid: no such choice.
    """
    if choice not in CHOICES:
        raise Invalid(f"{choice!r} is none of {', '.join(CHOICES)}.", code="choice_invalid", choice=choice)
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status != "imported":
        raise Conflict("The import is not at its end yet.", code="status_conflict", status=run.status)
    drifted = set(drifting.get_drifted(tx, run))
    rows = sorted(drifted if row_numbers is None else drifted.intersection(row_numbers))
    if not rows:
        return 0
    import_queries.add_history(tx, import_id, who, "decided about drift", choice=choice, rows=len(rows))
    return _again(tx, run, rows) if choice == "again" else drifting.leave(tx, run, rows)


def _again(tx: Connection, run: Import, rows: Sequence[int]) -> int:
    replanning.collect(tx, run, rows)
    usable = replanning.plan_again(tx, run)
    run = refresh_review(tx, run)
    if usable:
        go_on_after_end(tx, run)
    return len(rows)
