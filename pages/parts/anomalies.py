"""What is odd about the file as a whole, said in sentences; a worker looks for it while the review is open."""

from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices
from pages.parts.plain import plain

REFRESH_SECONDS = 2.0


def show(run: Import) -> None:
    """The sentences that there are; the closer look is asked for when the review is opened first."""
    look = _find_look(run)
    if look is None and choices.may_decide(run):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.ask_for_closer_look(tx, run.id)
        return _wait(run.id)
    for sentence in (look or {}).get("anomalies", []):
        st.warning(plain(sentence), icon=":material/troubleshoot:")


@st.fragment(run_every=REFRESH_SECONDS)
def _wait(import_id: UUID) -> None:
    """The page is shown anew once the look has been taken: its tabs have more to tell then."""
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
    if run.status != "in_review" or _find_look(run) is not None:
        st.rerun()
    st.caption(":material/troubleshoot: Looking for people whom you may know already, and for oddities of the file …")


def _find_look(run: Import) -> dict[str, Any] | None:
    return (run.review or {}).get("closer_look")
