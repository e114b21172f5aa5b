"""The check of all rows while it runs, and where it stopped."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, places
from pages.parts.plain import plain

REFRESH_SECONDS = 0.7


def show(run: Import) -> None:
    """How far the reading is, by itself, until the review is there."""
    st.title("Checking every row", anchor=False)
    st.markdown("All rows are read, compared with each other and with your leads. Nothing is written to your leads.")
    _watch(run.id)


@st.fragment(run_every=REFRESH_SECONDS)
def _watch(import_id) -> None:
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
    if run.status != "preparing":
        st.rerun()
    total = (run.inspection or {}).get("rows", 0)
    read = min(run.rows_read or 0, total)
    words = f"{read:,} of {total:,} rows read" if read < total else "All rows read. Looking for duplicates and leads …"
    st.progress(0.8 * read / max(total, 1), text=words)
    st.caption("You can close this page: the check goes on, and this address brings you back.")


def show_failure(run: Import) -> None:
    """Why the check stopped, and the ways on."""
    st.title("The check has stopped", anchor=False)
    st.error(plain((run.error or {}).get("detail", "")), icon=":material/error:")
    with st.container(horizontal=True):
        if st.button("Check again", type="primary", icon=":material/refresh:"):
            with acting.transaction(Role.IMPORTER) as tx:
                imports.prepare(tx, run.id, acting.who())
            st.rerun()
        if st.button("Read the file differently"):
            places.go(places.UPLOAD, run.id)
