"""The dispatch that follows an import: its audience, and why it is locked while the import is not done."""

import streamlit as st

from lead_store import imports
from pages.parts import acting, places, statuses
from pages.parts.plain import plain, shortened


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
        outcome = imports.describe(tx, run)
    st.title("Dispatch", anchor=False)
    ledger = outcome["ledger"]
    if not outcome["dispatchable"]:
        with st.container(border=True):
            st.markdown(
                f":material/lock: **Locked: the import is not done.** {plain(shortened(run.file_name))} is now: "
                f"{statuses.label(run).lower()}. A dispatch goes to people who are leads, so it opens once the import "
                "has ended."
            )
            if st.button("Back to the import", type="primary"):
                places.go(places.page_of(run), run.id)
        return
    people = ledger["created"] + ledger["updated"] + ledger["unchanged"]
    with st.container(border=True):
        st.markdown(f"**Audience: {people:,} people** of {plain(shortened(run.file_name))}")
        st.caption("Those who opted out are left out when the message is sent.")
    st.info("Messages are not connected in this installation yet.", icon=":material/construction:")


show()
