"""The end of an import: its ledger, a chart of it, the rejected rows, and the way to the dispatch."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from lead_store.intake.problems import WORDING, Code
from pages.parts import (
    acting,
    corrections,
    drift,
    heading,
    history,
    ledger_chart,
    ledger_tiles,
    places,
    statuses,
    stepper,
    taking_back,
)
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import duration, moment

ENDED = ("imported", "undoing", "undone", "cancelled")


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
        outcome = imports.describe(tx, run)
    stepper.show(run, places.REPORT)
    if run.status not in ENDED or not run.started_at:
        return _show_not_done(run)
    actions = heading.show("Report", _summary(run, outcome))
    with actions:
        statuses.show(run)
        taking_back.show_button(run, outcome["ledger"])
        if outcome["dispatchable"] and st.button("Start a dispatch", type="primary", icon=":material/send:"):
            places.go(places.COMPOSE, run.id)
    if "leftOut" in outcome:
        st.warning(plain(outcome["leftOut"]), icon=":material/table:")
    ledger = outcome["ledger"]
    clicked = ledger_tiles.show(ledger)
    if clicked:
        places.go(places.REVIEW, run.id, show=clicked)
    taking_back.show_effect(run)
    ledger_chart.show(ledger)
    if ledger["rejected"]:
        _show_rejected(run, outcome)
    drift.show(run)
    history.show(run)


def _summary(run: Import, outcome: dict[str, Any]) -> str:
    if not run.finished_at:
        return heading.name_of(run)
    seconds = outcome["seconds"]["total"]
    return f"{heading.name_of(run)}, done on {moment(run.finished_at)} after {duration(seconds)} of work."


def _show_not_done(run: Import) -> None:
    heading.show("No report yet", f"It is here once the import of {heading.name_of(run)} has ended.")
    if st.button("Go on", type="primary"):
        places.go(places.page_of(run), run.id)


def _show_rejected(run: Import, outcome: dict[str, Any]) -> None:
    reasons = [
        f"{rows:,} × {WORDING[Code(code)].label.lower()}"
        for code, rows in outcome["problems"].items()
        if WORDING[Code(code)].is_blocking
    ]
    with st.container(border=True, gap="small"):
        with st.container(gap=None):
            st.markdown(f"**{counted(outcome['ledger']['rejected'], 'row was', 'rows were')} not imported**")
            st.caption(" · ".join(reasons))
        if corrections.may_correct(run):
            st.markdown("Download them with their reasons, correct them in a spreadsheet, and upload them again.")
        corrections.show_files(run)


show()
