"""People's data: how long files and staged rows are kept, what is stored of one person, and how it is erased.

Each act is recorded, without saying whose data it was. Who may ask for it is left to `access` and the edges.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid, NotFound
from lead_store.storage import (
    database,
    erasing,
    idempotency_queries,
    import_queries,
    lead_queries,
    organization_queries,
    retaining,
)
from lead_store.storage.files import get_files
from lead_store.storage.import_queries import Import
from lead_store.storage.organization_queries import Organization

DEFAULT_RETENTION_DAYS = 30
MAXIMUM_RETENTION_DAYS = 730
SETTING = "retention_days"
# Longer than any program repeats a call of which it does not know whether it arrived.
CALL_DAYS = 30

# Each transaction of the scheduled job removes a few imports, so that none holds its locks for long.
IMPORTS_PER_TRANSACTION = 10
WHO = "retention"


def get_retention_days(organization: Organization) -> int:
    """How many days the organization keeps files and staged rows after the last change to their import."""
    return int(organization.settings.get(SETTING, DEFAULT_RETENTION_DAYS))


def set_retention_days(tx: Connection, days: int) -> Organization:
    """Decide how long files and staged rows are kept. Raises Invalid outside of 1 to 730 days."""
    if not 1 <= days <= MAXIMUM_RETENTION_DAYS:
        raise Invalid(f"Files can be kept for 1 to {MAXIMUM_RETENTION_DAYS} days.", code="retention_invalid")
    return organization_queries.update_setting(tx, SETTING, days)


def remove_expired(tx: Connection, organization: Organization) -> int:
    """Remove files and staged rows of some imports that are old enough; how many imports, 0 when all is done.

    An import that still waits for somebody after all that time is cancelled. Ledger and history stay. An import
    without rows cannot be undone any more.
    """
    days = get_retention_days(organization)
    expired = retaining.find_expired(tx, days, limit=IMPORTS_PER_TRANSACTION)
    for run in expired:
        _remove(tx, run, days)
    return len(expired)


def forget_calls(tx: Connection) -> int:
    """Forget the Idempotency-Keys of calls made more than 30 days ago; how many. Such a key may then be used anew."""
    return idempotency_queries.forget_older(tx, CALL_DAYS)


def export_person(tx: Connection, lead_id: UUID, who: str) -> dict[str, Any]:
    """All that the organization stored of one person, in a form that JSON can hold. Raises NotFound."""
    lead = lead_queries.get_lead(tx, lead_id)
    identities = lead_queries.search_identities(tx, lead_id)
    stored = erasing.collect(tx, lead_id, [each["channel_identifier"] for each in identities])
    erasing.insert_record(tx, who, "exported", lead_id, {name: len(rows) for name, rows in stored.items()})
    return {
        "exportedAt": datetime.now(UTC).isoformat(),
        "profile": _plain(vars(lead)),
        "identities": _plain(identities),
        **{name: _plain(rows) for name, rows in stored.items()},
    }


def erase_person(tx: Connection, lead_id: UUID, who: str) -> dict[str, int]:
    """Erase one person from all that the organization stored, and from the platform where nobody else has them.

    The uploaded files in which the person stands are removed as a whole. Nothing in the answer tells whether
    another organization has the person.

    Returns:
        How many rows, events, links and files there were.

    Raises:
        NotFound: the organization has no such lead.
        Conflict: `import_not_finished`; an import under way would bring the person back.
    """
    lead_queries.get_lead(tx, lead_id)
    return _erase(tx, lead_id, who)


def find_people(tx: Connection, identifier: str) -> list[UUID]:
    """The leads with this identifier (E.164, or an e-mail address), whoever has them; for the operator alone.

    Raises NotFound.
    """
    found = erasing.find_leads(tx, identifier.strip().lower())
    if not found:
        raise NotFound(f"Nobody has the identifier {identifier!r}.", code="lead_not_found")
    return found


def export_everywhere(tx: Connection, lead_id: UUID, who: str) -> dict[str, Any]:
    """All that all organizations stored of one person; for the operator of the platform alone."""
    exports = {}
    for organization_id in erasing.find_holders(tx, lead_id):
        database.set_organization(tx, organization_id)
        exports[str(organization_id)] = export_person(tx, lead_id, who)
    return {"leadId": str(lead_id), "organizations": exports}


def erase_everywhere(tx: Connection, lead_id: UUID, who: str) -> dict[str, int]:
    """Erase one person from all organizations, in one transaction; for the operator of the platform alone.

    Raises:
        Conflict: `import_not_finished`, in whichever organization.
    """
    total: dict[str, int] = {}
    for organization_id in erasing.find_holders(tx, lead_id):
        database.set_organization(tx, organization_id)
        for name, count in _erase(tx, lead_id, who).items():
            total[name] = total.get(name, 0) + count
    erasing.remove_unheld(tx, lead_id)
    return total


def search_records(tx: Connection, *, limit: int = 50) -> list[dict[str, Any]]:
    """What was done about people's data, newest first: happened_at, who, what, reference, counts."""
    return erasing.search_records(tx, limit=limit)


def _remove(tx: Connection, run: Import, days: int) -> None:
    if run.status in retaining.WAITING:
        import_queries.move(tx, run.id, retaining.WAITING, "cancelled")
    # The file goes first: should the transaction fail, all of this is done again.
    for key in filter(None, (run.object_key, run.rejected_key)):
        get_files().delete(key)
    rows = retaining.forget_rows(tx, run.id)
    import_queries.add_history(tx, run.id, WHO, "removed file and rows", days=days, rows=rows)
    erasing.insert_record(tx, WHO, "removed by retention", run.id, {"rows": rows, "files": 1})


def _erase(tx: Connection, lead_id: UUID, who: str) -> dict[str, int]:
    identifiers = erasing.lock_identifiers(tx, lead_id)
    unfinished = erasing.find_unfinished(tx, lead_id, identifiers)
    if unfinished is not None:
        raise Conflict(
            f"This person stands in {unfinished!r}, an import that is not at its end and would bring them back."
            " Finish it or cancel it first.",
            code="import_not_finished",
        )
    counts, import_ids = erasing.erase(tx, lead_id, identifiers)
    keys = erasing.forget_files(tx, import_ids)
    for key in keys:
        get_files().delete(key)
    counts["files"] = len(keys)
    erasing.insert_record(tx, who, "erased", lead_id, counts)
    return counts


def _plain(value: Any) -> Any:
    """Ids and times as text."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
