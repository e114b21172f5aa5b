"""The end of an import: its ledger, a chart of it, the rejected rows, and the way to the dispatch."""

import io
from uuid import UUID

import streamlit as st

from lead_store import access, imports
from lead_store.access import Member
from lead_store.imports import Import
from pages.parts import acting, ledger_chart, ledger_tiles, places, statuses, stepper
from pages.parts.plain import plain, shortened
from pages.parts.times import duration, moment


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
        outcome = imports.describe(tx, run)
    stepper.show(run, places.REPORT)
    if run.status not in ("imported", "undoing", "undone", "cancelled"):
        return _show_not_done(run)
    ledger = outcome["ledger"]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title("Report", anchor=False, width="content")
        if outcome["dispatchable"] and st.button("Start a dispatch", type="primary", icon=":material/send:"):
            places.go(places.COMPOSE, run.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        statuses.show(run)
        st.markdown(f"**{plain(shortened(run.file_name))}**", width="content")
        if run.finished_at:
            st.caption(f"{moment(run.finished_at)}, after {duration(outcome['seconds']['total'])}", width="content")
    clicked = ledger_tiles.show(ledger)
    if clicked:
        st.switch_page(places.REVIEW, query_params={**places.query(run.id), "show": clicked})
    ledger_chart.show(ledger)
    _show_rejected(run, ledger["rejected"])


def _show_not_done(run: Import) -> None:
    st.title("No report yet", anchor=False)
    st.markdown("The report is here once the import is done.")
    if st.button("Go on", type="primary"):
        places.go(places.page_of(run), run.id)


def _show_rejected(run: Import, rejected: int) -> None:
    if not rejected:
        return
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"**{rejected:,} rows were not imported.** The file has them as you sent them, each with its reason.",
            width="content",
        )
        member = acting.get()
        st.download_button(
            "Download rejected rows",
            # Made when it is asked for, on a thread without the page's session.
            lambda: _rejected_rows(member, run.id),
            f"rejected-{run.file_name.rsplit('.', 1)[0]}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _rejected_rows(member: Member, import_id: UUID) -> bytes:
    target = io.BytesIO()
    with access.acting(member) as tx:
        text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
        imports.write_rejected_rows(tx, imports.get_import(tx, import_id), text)
        return target.getvalue()


show()
