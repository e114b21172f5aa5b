"""The check of all rows while it runs, and where it stopped."""

from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, heading, places
from pages.parts.plain import plain

REFRESH_SECONDS = 0.7
# Reading is the longer part; finding duplicates and leads follows, and has no count of its own.
READING_SHARE = 0.7


def show(run: Import) -> None:
    """How far the check is, by itself, until the review is there."""
    heading.show(
        "Checking every row",
        f"All rows of {heading.name_of(run)} are read, and compared with each other and with your leads. "
        "Nothing is written to your leads.",
    )
    _watch(run.id)


@st.fragment(run_every=REFRESH_SECONDS)
def _watch(import_id: UUID) -> None:
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
    if run.status != "preparing":
        st.rerun()
    total = (run.inspection or {}).get("rows", 0)
    read = min(run.rows_read or 0, total)
    words = f"{read:,} of {total:,} rows read" if read < total else "All rows read, looking for duplicates and leads"
    st.progress(READING_SHARE * read / max(total, 1), text=words)
    st.caption("You can close this page. The check goes on, and this address brings you back.")


def show_failure(run: Import) -> None:
    """Why the check stopped, or could not begin, and the ways on."""
    is_read = run.inspection is not None
    title = "The check has stopped" if is_read else "The file could not be read"
    heading.show(title, f"Nothing of {heading.name_of(run)} was written.")
    st.error(plain((run.error or {}).get("detail", "")), icon=":material/error:")
    if not is_read:
        if st.button("New import", type="primary"):
            places.go(places.UPLOAD)
        return
    with st.container(horizontal=True):
        if st.button("Check again", type="primary", icon=":material/refresh:"):
            with acting.transaction(Role.IMPORTER) as tx:
                imports.prepare(tx, run.id, acting.who())
            st.rerun()
        if st.button("Read the file differently"):
            places.go(places.UPLOAD, run.id)
        if st.button("Change the columns"):
            places.go(places.COLUMNS, run.id)
