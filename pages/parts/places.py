"""The place of the wizard, kept in the URL (?import=...): which import a page is about, and the way to others."""

from typing import NoReturn
from uuid import UUID

import streamlit as st
from sqlalchemy import Connection
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lead_store import imports
from lead_store.errors import NotFound
from lead_store.imports import Import

LIST = "imports/list.py"
UPLOAD = "imports/upload.py"
COLUMNS = "imports/columns.py"
REVIEW = "imports/review.py"
PROGRESS = "imports/progress.py"
REPORT = "imports/report.py"
SEARCH = "leads/search.py"
LEAD = "leads/lead.py"
COMPOSE = "dispatches/compose.py"
HISTORY = "dispatches/history.py"
MEMBERS = "settings/members.py"
API_KEYS = "settings/api_keys.py"
WEBHOOKS = "settings/webhooks.py"
MAPPINGS = "settings/mappings.py"
DATA_PROTECTION = "settings/data_protection.py"

ORGANIZATION = "organization"
_OF_STATUS = {
    "received": COLUMNS,
    "mapped": COLUMNS,
    "preparing": REVIEW,
    "in_review": REVIEW,
    "importing": PROGRESS,
    "paused": PROGRESS,
    "imported": REPORT,
    "undoing": PROGRESS,
    "undone": REPORT,
}


def find_import_id() -> UUID | None:
    """The import named in the URL, if it is an id at all."""
    try:
        return UUID(st.query_params.get("import", ""))
    except ValueError:
        return None


def get_import(tx: Connection) -> Import:
    """The import that the page is about. Raises NotFound."""
    import_id = find_import_id()
    if import_id is None:
        raise NotFound("No import is named in this address. Choose one from the list of imports.")
    return imports.get_import(tx, import_id)


def leave_unread(run: Import) -> None:
    """Leave for the page that says why, where the import's file could not be read at all."""
    if run.inspection is None:
        go(page_of(run), run.id)


def go(page: str, import_id: UUID | None = None, **names: str) -> NoReturn:
    """Leave for another page, about the same or the given import; further names are parts of its URL.

    Until the browser hears of the other page, it goes on asking for what this one shows anew every few seconds. What is
    asked for by then is forgotten, or the other page would give way to an empty one.
    """
    context = get_script_run_ctx()
    if context:
        context.fragment_storage.clear()
    st.switch_page(page, query_params={**query(import_id), **names})


def query(import_id: UUID | None) -> dict[str, str]:
    """The part of the URL that names an import, and the organization where this page's URL does: put there only
    afterwards, it would be one more step for who goes back."""
    names = {"import": str(import_id)} if import_id else {}
    organization = st.query_params.get(ORGANIZATION)
    return {ORGANIZATION: organization, **names} if organization else names


def page_of(run: Import) -> str:
    """The page on which the import goes on."""
    if run.status in ("failed", "cancelled"):
        return PROGRESS if run.started_at else REVIEW
    return _OF_STATUS[run.status]
