"""What is odd about the file as a whole, said in sentences; a worker looks for it while the review is open."""

from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices, closer_look, review_rows
from pages.parts.counted import counted
from pages.parts.plain import plain

LOOKING = "Still looking for people whom you may know already, and for oddities of the file."


def show(run: Import) -> None:
    """The sentences that there are; the closer look is asked for when the review is opened first, and shown by itself
    once it is there."""
    look = (run.review or {}).get("closer_look")
    if look is None and choices.may_decide(run):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.ask_for_closer_look(tx, run.id)
        _watch(run.id, run.reviewed_at)
    else:
        _show_sentences(look or {})


@st.fragment(run_every=closer_look.REFRESH_SECONDS)
def _watch(import_id: UUID, reviewed_at: datetime) -> None:
    """Only this part of the page is drawn again: the whole of it would close a dialog that is open meanwhile."""
    look = closer_look.find(import_id, reviewed_at)
    if look is None:
        st.caption(LOOKING)
        return
    _show_sentences(look)
    if look["hints"]:
        people = counted(look["hints"], "new person is probably a lead", "new people are probably leads")
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{people}** whom you have under another number.", width="content")
            if st.button("Look at them"):
                review_rows.set_view("hints")
                st.rerun()


def _show_sentences(look: dict[str, Any]) -> None:
    for sentence in look.get("anomalies", []):
        st.warning(plain(sentence), icon=":material/troubleshoot:")
