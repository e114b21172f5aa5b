"""The import while it runs: how far, how fast, each batch; pause, resume, cancel. Live without a click."""

import streamlit as st

from lead_store.imports import Import
from pages.parts import acting, batches, heading, places, stepper


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    stepper.show(run, places.PROGRESS)
    if not run.started_at:
        return _show_not_started(run)
    batches.show(run)


def _show_not_started(run: Import) -> None:
    is_over = run.status == "cancelled"
    heading.show(
        "Not started",
        f"The import of {heading.name_of(run)} was cancelled before it started."
        if is_over
        else f"The import of {heading.name_of(run)} is started from its review.",
    )
    if st.button("New import" if is_over else "Go on", type="primary"):
        places.go(places.UPLOAD) if is_over else places.go(places.page_of(run), run.id)


show()
