"""An import taken back from the command line, with a worker of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lead_store import imports
from lead_store.commands.importing import WHO, wait, working
from lead_store.errors import Invalid
from lead_store.storage.database import transaction


def undo_import(import_id: str, show: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Undo an import and wait for the end; the import object with `undo`: what was removed, restored and kept.

    Args:
        show: told the step, the rows done and all rows; step "end" at the end.

    Raises:
        LeadStoreError: with the sentence to show.
    """
    run_id = _as_uuid(import_id)
    with transaction() as tx:
        organization_id = imports.get_organization_id(tx, run_id)
    try:
        with working(run_id) as job_ended:
            with transaction(organization_id) as tx:
                imports.undo(tx, run_id, WHO)
            wait(organization_id, run_id, ("undone",), "Undoing", show, job_ended)
    finally:
        show("end", 0, 0)
    with transaction(organization_id) as tx:
        run = imports.get_import(tx, run_id)
        return {**imports.describe(tx, run), "undo": imports.describe_undo(tx, run_id)}


def as_text(outcome: dict[str, Any]) -> str:
    """The outcome for a person at a terminal."""
    undo = outcome["undo"]
    lines = [f"Import {outcome['importId']}: {outcome['status']}"]
    lines += [f"  {what:<10}{undo[what]:>12,} leads" for what in ("removed", "restored", "kept")]
    lines += [f"  kept {lead['name'] or lead['leadId']}: {_why(lead)}" for lead in undo["keptLeads"][:20]]
    return "\n".join(lines)


def _why(lead: dict[str, Any]) -> str:
    return f"{', '.join(lead['fields'])} {lead['detail']}" if lead["fields"] else lead["detail"]


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as cause:
        raise Invalid(f"{text!r} is not the id of an import.", code="import_id_invalid") from cause
