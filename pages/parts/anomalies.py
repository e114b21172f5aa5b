"""What is odd about the file as a whole, said in sentences; a worker looks for it while the review is open."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices
from pages.parts.plain import plain


def show(run: Import) -> None:
    """The sentences that there are; the closer look is asked for when the review is opened first."""
    look = (run.review or {}).get("closer_look")
    if look is None and choices.may_decide(run):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.ask_for_closer_look(tx, run.id)
        return
    for sentence in (look or {}).get("anomalies", []):
        st.warning(plain(sentence), icon=":material/troubleshoot:")
