"""What is odd about the file as a whole, said in sentences; a worker looks for it while the review is open."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices
from pages.parts.plain import plain

LOOKING = (
    "Still looking for people whom you may know already, and for oddities of the file. What is found is shown here as "
    "soon as you open another tab."
)


def show(run: Import) -> None:
    """The sentences that there are; the closer look is asked for when the review is opened first."""
    look = (run.review or {}).get("closer_look")
    if look is None and choices.may_decide(run):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.ask_for_closer_look(tx, run.id)
        # The page does not refresh by itself: that would close a dialog, or move the row that is being corrected.
        st.caption(LOOKING)
        return
    for sentence in (look or {}).get("anomalies", []):
        st.warning(plain(sentence), icon=":material/troubleshoot:")
