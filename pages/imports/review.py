"""What would happen to every row, before anything is written; the import is started here."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, ledger_tiles, places, preparing, review_rows, stepper
from pages.parts.plain import plain, shortened


def show() -> None:
    """The whole page, by the state of the import."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    stepper.show(run, places.REVIEW)
    if run.status in ("received", "mapped"):
        return _show_not_checked(run)
    if run.status == "preparing":
        return preparing.show(run)
    if run.status == "failed" and not run.started_at:
        return preparing.show_failure(run)
    if run.review is None:
        return _show_not_checked(run)
    _show_review(run)


def _show_not_checked(run: Import) -> None:
    st.title("Not checked yet", anchor=False)
    st.markdown(f"The rows of **{plain(shortened(run.file_name))}** are checked once its columns are matched.")
    if run.status != "cancelled" and st.button("Match the columns", type="primary"):
        places.go(places.COLUMNS, run.id)


def _show_review(run: Import) -> None:
    with acting.transaction() as tx:
        ledger = imports.get_ledger(tx, run)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title("Review", anchor=False, width="content")
        if run.status == "in_review":
            _show_start(run, ledger)
    st.markdown(
        f"Every row of **{plain(shortened(run.file_name))}** was checked. Nothing has been written yet: "
        "this is what the import will do."
        if run.status == "in_review"
        else f"What was reviewed of **{plain(shortened(run.file_name))}** before its import."
    )
    clicked = ledger_tiles.show(ledger, selected=review_rows.get_view())
    if clicked:
        review_rows.set_view(clicked)
        st.rerun()
    review_rows.show(run, ledger)


def _show_start(run: Import, ledger: dict[str, int]) -> None:
    writes = ledger["created"] + ledger["updated"]
    label = f"Import {ledger['read'] - ledger['rejected']:,} rows" if writes else "Finish without changes"
    if st.button(label, type="primary", icon=":material/play_arrow:"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.start(tx, run.id, acting.who())
        places.go(places.PROGRESS, run.id)


show()
