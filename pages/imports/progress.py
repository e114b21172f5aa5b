"""The import while it runs: how far, how fast, each batch; pause, resume, cancel. Live without a click."""

import streamlit as st

from lead_store.imports import Import
from pages.parts import acting, batches, places, stepper
from pages.parts.plain import plain, shortened


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    stepper.show(run, places.PROGRESS)
    if not run.started_at:
        return _show_not_started(run)
    st.title("Import", anchor=False)
    st.markdown(f"**{plain(shortened(run.file_name))}**")
    batches.show(run)


def _show_not_started(run: Import) -> None:
    st.title("Not started yet", anchor=False)
    st.markdown("The import is started from its review.")
    if run.status != "cancelled" and st.button("Go on", type="primary"):
        places.go(places.page_of(run), run.id)


show()
