"""The end of an import: its ledger, a chart of it, the rejected rows, and the way to the dispatch."""

import io
from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import access, imports
from lead_store.access import Member
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
    ledger = outcome["ledger"]
    clicked = ledger_tiles.show(ledger)
    if clicked:
        st.switch_page(places.REVIEW, query_params={**places.query(run.id), "show": clicked})
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
    member = acting.get()
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{outcome['ledger']['rejected']:,} rows were not imported**")
            st.caption(" · ".join(reasons))
            st.caption("The file has them with their own columns, each with its reason and what to do.")
        st.download_button(
            "Download rejected rows",
            # Made when it is asked for, on a thread without the page's session.
            lambda: _rejected_rows(member, run.id),
            f"rejected-{run.file_name.rsplit('.', 1)[0]}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    corrections.show_files(run)


def _rejected_rows(member: Member, import_id: UUID) -> bytes:
    target = io.BytesIO()
    with access.acting(member) as tx:
        text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
        imports.write_rejected_rows(tx, imports.get_import(tx, import_id), text)
        return target.getvalue()


show()
