"""The dispatch that follows an import: its audience, and why it is locked while the import is not done."""

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, heading, places, statuses


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
        outcome = imports.describe(tx, run)
    heading.show("Dispatch", f"A message to the people of {heading.name_of(run)}.")
    if not outcome["dispatchable"]:
        return _show_locked(run)
    ledger = outcome["ledger"]
    people = ledger["created"] + ledger["updated"] + ledger["unchanged"]
    with st.container(border=True):
        st.metric("Audience", f"{people:,} people")
        st.caption("All whom this import created, updated or found unchanged. Those who opted out are left out.")
    st.info("No way of sending messages is connected to this installation yet.", icon=":material/link_off:")


def _show_locked(run: Import) -> None:
    is_done = run.status == "imported"
    with st.container(border=True):
        st.markdown("#### :material/lock: Locked")
        st.markdown(
            "No row of this import could be used, so there is nobody to send to."
            if is_done
            else f"A message can be sent to people once they are leads. This import {statuses.SENTENCES[run.status]}."
        )
        if st.button("Open the report" if is_done else "Go on with the import", type="primary"):
            places.go(places.page_of(run), run.id)


show()
